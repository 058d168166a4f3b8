"""Layers, losses and initial values, written with dark_jit's public names only."""

from dark_jit.nn import functional, init
from dark_jit.nn.activations import GELU, LeakyReLU, ReLU, Sigmoid, Softmax, Tanh
from dark_jit.nn.attention import MultiheadAttention
from dark_jit.nn.containers import ModuleList, Sequential
from dark_jit.nn.convolution import Conv2d, ConvTranspose2d
from dark_jit.nn.embedding import Embedding
from dark_jit.nn.linear import Linear
from dark_jit.nn.losses import BCEWithLogitsLoss, CrossEntropyLoss, MSELoss
from dark_jit.nn.module import Module
from dark_jit.nn.normalisation import BatchNorm2d, LayerNorm
from dark_jit.nn.pooling import AvgPool2d, MaxPool2d, Upsample2d
from dark_jit.nn.regularisation import Dropout
from dark_jit.nn.shapes import Flatten

__all__ = [
    "GELU",
    "AvgPool2d",
    "BCEWithLogitsLoss",
    "BatchNorm2d",
    "Conv2d",
    "ConvTranspose2d",
    "CrossEntropyLoss",
    "Dropout",
    "Embedding",
    "Flatten",
    "LayerNorm",
    "LeakyReLU",
    "Linear",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "MultiheadAttention",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "Upsample2d",
    "functional",
    "init",
]
