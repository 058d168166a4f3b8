"""The one family of errors. Each names what was given (shapes, dtypes), what was wanted, and a way out.

Errors of use also derive from the built-in exception that NumPy would raise, so that `except ValueError` keeps working.
"""

from __future__ import annotations


class DarkError(Exception):
    """Base of every error that dark_jit raises on purpose."""


class ShapeError(DarkError, ValueError):
    """Shapes or axes do not fit."""


class DTypeError(DarkError, TypeError):
    """A dtype is unknown, unsupported, or does not fit the operation."""


class OutOfRangeError(DTypeError, OverflowError):
    """A number lies outside of the range of the dtype that it would take."""


class ArgumentError(DarkError, ValueError):
    """A parameter (stride, padding, axis, ...) is out of its range."""


class DeviceError(DarkError, ValueError):
    """Values that are bound to different devices meet."""


class AxisError(ArgumentError, IndexError):
    """An array has no such axis."""


class IndexOutOfRangeError(DarkError, IndexError):
    """An index lies outside the axis that it indexes; raised after the program stopped, at the line of the
    operation."""


class IntegerDivisionError(DarkError, ZeroDivisionError):
    """Integers that have no quotient: division by 0, or of the least integer by -1; raised after the program
    stopped."""


class TraceError(DarkError, RuntimeError):
    """A traced value was used where only a number will do, or outside its trace."""


class DonatedError(DarkError, RuntimeError):
    """A Tensor was used after it had been donated to a compiled function."""


class GradientError(DarkError, RuntimeError):
    """A gradient was asked for that does not exist."""


class MismatchError(DarkError, AssertionError):
    """A kernel computes something else than the NumPy interpreter (`dark.compile(check=True)`)."""


class NaNError(DarkError, FloatingPointError):
    """A result has a NaN (`dark.compile(nan="raise")`)."""


class OverrideError(DarkError, ValueError):
    """An edited kernel is refused: it does not compile, does not end well, or computes something else."""


class InternalError(DarkError, RuntimeError):
    """dark_jit generated something that its own checks refuse: a bug of ours, never the user's."""


class BackendError(DarkError, RuntimeError):
    """A backend cannot run here: something that it needs is not installed, or the machine has no such device."""
