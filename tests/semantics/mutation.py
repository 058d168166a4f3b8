"""Scripts that make views, write and read, drawn by hypothesis; they run on NumPy arrays and on Tensors alike."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st

import dark_jit as dark

Instruction = tuple[Any, ...]
UPDATES = (operator.iadd, operator.isub, operator.imul)


class Machine:
    """Variables (arrays or Tensors; None where one was dropped) and what was computed of them, changed by a script."""

    def __init__(self, variables: list[Any], results: list[Any] | None = None) -> None:
        self.variables = variables
        self.results = [] if results is None else results

    def run(self, script: list[Instruction]) -> Machine:
        for name, *arguments in script:
            getattr(self, name)(*arguments)
        return self

    def view(self, i: int, make: Callable[[Any], Any]) -> None:
        self.variables.append(make(self.variables[i]))

    def assign(self, i: int, key: Any, value: Callable[[Machine], Any]) -> None:
        self.variables[i][key] = value(self)

    def update(self, i: int, how: Callable[[Any, Any], Any], value: Callable[[Machine], Any]) -> None:
        assert how(self.variables[i], value(self)) is self.variables[i]

    def update_part(self, i: int, key: Any, how: Callable[[Any, Any], Any], value: Callable[[Machine], Any]) -> None:
        self.variables[i][key] = how(self.variables[i][key], value(self))

    def mask(self, i: int, bound: float, value: Callable[[Machine], Any]) -> None:
        self.variables[i][self.variables[i] > bound] = value(self)

    def read(self, i: int) -> None:
        self.results.append(self.variables[i] * 2.0 + 1.0)

    def force(self, i: int) -> None:
        if isinstance(self.variables[i], dark.Tensor) and "traced" not in repr(self.variables[i]):
            self.variables[i].numpy()

    def drop(self, i: int) -> None:
        self.variables[i] = None

    def rebind(self, i: int, value: float) -> None:
        if isinstance(self.variables[i], dark.Tensor):
            self.variables[i].data = value
        else:
            self.variables[i] = np.full_like(self.variables[i], value)


class Slot:
    """The value of an instruction: a variable, maybe a part of it."""

    def __init__(self, i: int, key: Any = ...) -> None:
        self.i, self.key = i, key

    def __call__(self, machine: Machine) -> Any:
        return machine.variables[self.i][self.key]

    def __repr__(self) -> str:
        return f"v{self.i}[{self.key}]"


class Number:
    """The value of an instruction: a number."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __call__(self, machine: Machine) -> Any:
        return self.value

    def __repr__(self) -> str:
        return repr(self.value)


class Movement:
    """A function that makes a view, with a readable text."""

    def __init__(self, name: str, *arguments: Any) -> None:
        self.name, self.arguments = name, arguments

    def __call__(self, x: Any) -> Any:
        return getattr(self, self.name)(x, *self.arguments)

    def __repr__(self) -> str:
        return f"{self.name}{self.arguments}"

    item = staticmethod(lambda x, key: x[key])
    transpose = staticmethod(lambda x, axes: x.transpose(axes))
    reversed_axes = staticmethod(lambda x: x.T)
    reshape = staticmethod(lambda x, shape: x.reshape(shape))
    ravel = staticmethod(lambda x: x.ravel())
    detach = staticmethod(lambda x: x.detach() if isinstance(x, dark.Tensor) else x[...])
    data = staticmethod(lambda x: x.data if isinstance(x, dark.Tensor) else x[...])
    flip = staticmethod(np.flip)
    squeeze = staticmethod(np.squeeze)
    expand = staticmethod(np.expand_dims)
    swap = staticmethod(np.moveaxis)
    halves = staticmethod(lambda x: np.split(x, [1], 0)[1])


@st.composite
def keys(draw: Any, shape: tuple[int, ...], arrays: bool = False) -> Any:
    """An index of an array of this shape; with Ellipsis somewhere, so that it is a view in NumPy too."""
    items: list[Any] = []
    count = draw(st.integers(0, 3))
    for extent in shape[: draw(st.integers(0, len(shape)))]:
        kind = draw(st.sampled_from(["slice", "slice", "integer", "new", "array" if arrays else "slice"]))
        if kind == "integer" and extent:
            items.append(draw(st.integers(-extent, extent - 1)))
        elif kind == "array" and extent:
            items.append(draw(st.lists(st.integers(-extent, extent - 1), min_size=count, max_size=count)))
        else:
            items.append(draw(st.slices(extent)))
        if kind == "new":
            items.append(None)
    return (*items, ...)


@st.composite
def movements(draw: Any, x: np.ndarray[Any, Any]) -> Movement:
    """A function that makes a view of x (or, for some reshapes, a copy)."""
    kinds = ["item", "item", "item", "transpose", "reversed_axes", "reshape", "ravel", "detach", "data"]
    kinds += ["squeeze", "expand"] + (["swap", "halves", "flip"] if x.ndim else [])
    kind = draw(st.sampled_from(kinds))
    if kind == "item":
        return Movement("item", draw(keys(x.shape)))
    if kind == "transpose":
        return Movement("transpose", tuple(draw(st.permutations(range(x.ndim)))))
    if kind == "reshape":
        fitting = [
            s for s in [(x.size,), (1, x.size), (x.size, 1), (2, -1), (-1, 2), (3, -1), (-1, 3, 2)] if fits(x, s)
        ]
        return Movement("reshape", draw(st.sampled_from(fitting)))
    if kind == "expand":
        return Movement("expand", draw(st.integers(0, x.ndim)))
    if kind == "swap":
        return Movement("swap", draw(st.integers(-x.ndim, x.ndim - 1)), draw(st.integers(-x.ndim, x.ndim - 1)))
    return Movement(kind)


def fits(x: np.ndarray[Any, Any], shape: tuple[int, ...]) -> bool:
    try:
        x.reshape(shape)
    except ValueError:
        return False
    return True


@st.composite
def values(draw: Any, variables: list[Any], shape: tuple[int, ...]) -> Any:
    """Something that can be put into an array of this shape: a number, or (a part of) a variable."""
    fitting = [
        Slot(i, key)
        for i, x in enumerate(variables)
        if x is not None
        for key in ([...] if x.ndim == 0 else [..., (0, ...), (slice(None, None, -1), ...)])
        if (key is ... or len(x)) and puts(x[key].shape, shape)
    ]
    numbers = st.integers(-3, 3).map(float).map(Number)
    return draw(st.one_of(numbers, st.sampled_from(fitting))) if fitting else draw(numbers)


def puts(own: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    try:
        return np.broadcast_shapes(own, shape) == shape
    except ValueError:
        return False


@st.composite
def instructions(draw: Any, variables: list[Any], traced: bool) -> Instruction:
    """One instruction for these variables."""
    living = [i for i, x in enumerate(variables) if x is not None]
    i = draw(st.sampled_from(living))
    x = variables[i]
    kinds = ["view", "view", "view", "assign", "assign", "arrays", "update", "update", "part", "mask", "read"]
    kinds += [] if traced else ["force", "drop", "rebind"]
    kind = draw(st.sampled_from(kinds))
    if kind == "view":
        return ("view", i, draw(movements(x)))
    if kind in ("assign", "arrays"):
        key = draw(keys(x.shape, arrays=kind == "arrays"))
        return ("assign", i, key, draw(values(variables, x[key].shape)))
    if kind == "update":
        return ("update", i, draw(st.sampled_from(UPDATES)), draw(values(variables, x.shape)))
    if kind == "part":
        key = draw(keys(x.shape))
        return ("update_part", i, key, draw(st.sampled_from(UPDATES)), draw(values(variables, x[key].shape)))
    if kind == "mask":
        return ("mask", i, draw(st.integers(-2, 5)) + 0.5, Number(draw(st.integers(-3, 3)) * 1.0))
    if kind == "rebind":
        return ("rebind", i, float(draw(st.integers(-3, 3))))
    if kind == "drop" and len(living) == 1:
        return ("read", i)
    return (kind, i)


@st.composite
def scripts(draw: Any, machine: Machine, traced: bool = False, least: int = 1, most: int = 10) -> list[Instruction]:
    """A script. It is run on `machine`, of NumPy arrays, while it is drawn."""
    script = []
    for _ in range(draw(st.integers(least, most))):
        script.append(draw(instructions(machine.variables, traced)))
        machine.run(script[-1:])
    return script
