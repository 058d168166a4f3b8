"""Layers, losses and initial values, written with dark_jit's public names only."""

from dark_jit.nn import init
from dark_jit.nn.containers import ModuleList, Sequential
from dark_jit.nn.functions import (
    GELU,
    BCEWithLogitsLoss,
    CrossEntropyLoss,
    Dropout,
    Flatten,
    LeakyReLU,
    MaxPool2d,
    MSELoss,
    ReLU,
    Sigmoid,
    Softmax,
    Tanh,
)
from dark_jit.nn.layers import Conv2d, Linear
from dark_jit.nn.module import Module

__all__ = [
    "GELU",
    "BCEWithLogitsLoss",
    "Conv2d",
    "CrossEntropyLoss",
    "Dropout",
    "Flatten",
    "LeakyReLU",
    "Linear",
    "MSELoss",
    "MaxPool2d",
    "Module",
    "ModuleList",
    "ReLU",
    "Sequential",
    "Sigmoid",
    "Softmax",
    "Tanh",
    "init",
]
