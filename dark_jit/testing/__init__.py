"""Numeric equivalence: compare a function with the NumPy interpreter, and its gradient with differences."""

from dark_jit.testing.equivalence import assert_equivalent, reference
from dark_jit.testing.gradients import gradcheck

__all__ = ["assert_equivalent", "gradcheck", "reference"]
