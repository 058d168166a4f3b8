"""What a kernel computes, as plain data: an iteration space, how it reads and writes buffers, and a scalar expression.

A KernelSpec is everything that a backend needs to render a kernel, and nothing else: equal specs give equal text. Each
kernel family (elementwise, reduce, gemm, ...) is a subclass; its template has the same name.

The parallel axes of the iteration space (`axes`) are those of the output. Families that reduce or contract have further
axes of their own. An Access says where an element of the space lies in a buffer, for the parallel axes first and then,
where a load depends on them, the reduced axes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from dark_jit import dtypes


@dataclass(frozen=True)
class Access:
    """Element (i0, i1, ...) lies at `offset + sum(i * stride)`, in elements.

    `valid` holds one half-open range (low, high) for each axis, or nothing when every element is there: outside of
    the ranges the value is 0 and memory must not be touched (padding).
    """

    offset: int
    strides: tuple[int, ...]
    valid: tuple[tuple[int, int], ...] = ()


def dense(extents: tuple[int, ...]) -> Access:
    """The access of a C-contiguous array of these extents; along axes of extent 1 it stands still."""
    strides, step = [0] * len(extents), 1
    for axis in reversed(range(len(extents))):
        strides[axis] = step if extents[axis] > 1 else 0
        step *= extents[axis]
    return Access(0, tuple(strides))


@dataclass(frozen=True)
class Argument:
    """A buffer that the kernel is handed: `elements` of `dtype`. Position in the spec's list = position in `args`.

    part: how many of them the kernel has to do with, where it is given a part. streamed: what is written is not read
    before it has left the caches, and may go past them.
    """

    dtype: str
    elements: int
    written: bool = False
    part: int | None = None
    streamed: bool = False

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return dtypes.TABLE[self.dtype].itemsize

    @property
    def bytes(self) -> int:
        """The size of the buffer."""
        return self.elements * self.itemsize

    @property
    def touched(self) -> int:
        """Bytes that the kernel has to do with."""
        return self.bytes if self.part is None else self.part * self.itemsize


@dataclass(frozen=True)
class Load:
    """The value of a buffer at the current index."""

    dtype: str
    argument: int
    access: Access


@dataclass(frozen=True)
class Constant:
    """A number, as `dtypes.number_text` writes it."""

    dtype: str
    value: str


@dataclass(frozen=True)
class Index:
    """Where the access, which has no `valid`, lies at the current index: a number, int64."""

    access: Access
    dtype: str = "int64"


@dataclass(frozen=True)
class Inside:
    """Whether the current index lies in all of the ranges (as in Access.valid); bool."""

    ranges: tuple[tuple[int, int], ...]
    dtype: str = "bool"


@dataclass(frozen=True)
class Accumulator:
    """What the kernel's main computation (reduction, contraction, pooling) produced at the current index."""

    dtype: str


@dataclass(frozen=True)
class Apply:
    """An elementwise operation on earlier values of the body; `operands` are their positions."""

    dtype: str
    op: str
    operands: tuple[int, ...]


Step = Load | Constant | Index | Inside | Accumulator | Apply


@dataclass(frozen=True)
class Store:
    """Write the value at position `value` of the body."""

    value: int
    argument: int
    access: Access


@dataclass(frozen=True)
class Body:
    """A straight-line scalar program: `steps` in order, then `stores`."""

    steps: tuple[Step, ...] = ()
    stores: tuple[Store, ...] = ()


MANY = 1 << 30  # workers: as many as there are


@dataclass(frozen=True)
class KernelSpec:
    """Base of all kernel families. `lanes` indices of the vectorised axis are computed at once."""

    template: ClassVar[str]
    axes: tuple[int, ...]
    arguments: tuple[Argument, ...]
    epilogue: Body
    lanes: int

    @property
    def flops(self) -> int:
        """Floating-point operations of one run, counting each elementwise operation as one."""
        size = 1
        for extent in self.axes:
            size *= extent
        return size * sum(isinstance(step, Apply) for step in self.epilogue.steps)

    @property
    def most_workers(self) -> int:
        """How many workers may share it: where each needs memory of its own, as many as there is memory for."""
        return MANY

    @property
    def bytes(self) -> int:
        """Bytes of all buffers, or parts of them, that the kernel touches, each counted once."""
        return sum(argument.touched for argument in self.arguments)


LINE = 64  # bytes of a cache line
PIECE = 16384  # indices along the last axis that an elementwise kernel takes as one piece of work, at most


@dataclass(frozen=True)
class ElementwiseSpec(KernelSpec):
    """Run the body at every index. `lanes` consecutive indices of the last axis form one vector."""

    template: ClassVar[str] = "elementwise"
