"""Optimisers, written with dark_jit's public names only."""

from dark_jit.optim.adam import Adam, AdamW
from dark_jit.optim.optimizer import Optimizer
from dark_jit.optim.sgd import SGD

__all__ = ["SGD", "Adam", "AdamW", "Optimizer"]
