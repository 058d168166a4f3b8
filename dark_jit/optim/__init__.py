"""Optimisers, learning-rate schedules and gradient clipping, written with dark_jit's public names only."""

from dark_jit.optim import lr_scheduler
from dark_jit.optim.adam import Adam, AdamW
from dark_jit.optim.clipping import clip_grad_norm_, clip_grad_value_
from dark_jit.optim.groups import ParamGroup
from dark_jit.optim.optimizer import Optimizer
from dark_jit.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer", "ParamGroup", "clip_grad_norm_", "clip_grad_value_", "lr_scheduler"]
