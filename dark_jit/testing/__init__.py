"""Numeric equivalence: hold a function or a model to the NumPy interpreter, and its gradients to differences.

dark_jit.testing.strategies (hypothesis) and dark_jit.testing.plugin (pytest) are imported where they are used.
"""

from dark_jit.testing.equivalence import assert_equivalent, reference
from dark_jit.testing.gradients import gradcheck, gradgradcheck

__all__ = ["assert_equivalent", "gradcheck", "gradgradcheck", "reference"]
