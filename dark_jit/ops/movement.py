"""Movement: the same elements at other places. None of these computes; lowering turns them into index maps."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from dark_jit.dtypes import DType
from dark_jit.errors import ArgumentError, DTypeError, ShapeError
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.checks import axes_of, axis_of, integer, shape_of

Pads = tuple[tuple[int, int], ...]


def _infer_reshape(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return attrs["shape"], inputs[0].dtype


RESHAPE = register(
    Op(
        "reshape",
        "movement",
        _infer_reshape,
        lambda node, x: x.reshape(node["shape"]),
        lambda g, node: [reshape(g, node.inputs[0].shape)],
        "The same elements in C order under another shape.",
    )
)


def reshape(x: Node, shape: Sequence[int]) -> Node:
    """Give `x` another shape of as many elements; one extent may be -1. Raises ShapeError where the counts differ."""
    wanted = reshaped_shape(x.shape, shape)
    return x if wanted == x.shape else make(RESHAPE, (x,), shape=wanted)


def reshaped_shape(old: Shape, shape: Sequence[int]) -> Shape:
    """The shape that a reshape to `shape`, which may have one -1, gives an array of the shape `old`."""
    wanted, size = shape_of(shape, allow_unknown=True), math.prod(old)
    if -1 in wanted:
        known = -math.prod(wanted)
        if wanted.count(-1) > 1 or known == 0 or size % known:
            raise ShapeError(f"cannot reshape {old} ({size} elements) to {wanted}")
        wanted = tuple(size // known if extent == -1 else extent for extent in wanted)
    if math.prod(wanted) != size:
        raise ShapeError(f"cannot reshape {old} ({size} elements) to {wanted} ({math.prod(wanted)} elements)")
    return wanted


def _infer_transpose(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    (x,) = inputs
    return tuple(x.shape[axis] for axis in attrs["axes"]), x.dtype


TRANSPOSE = register(
    Op(
        "transpose",
        "movement",
        _infer_transpose,
        lambda node, x: np.transpose(x, node["axes"]),
        lambda g, node: [transpose(g, tuple(int(i) for i in np.argsort(node["axes"])))],
        "Axes in another order.",
    )
)


def transpose(x: Node, axes: Sequence[int] | None = None) -> Node:
    """Permute the axes, by default reversing them. Raises ArgumentError unless `axes` is a permutation."""
    order = tuple(range(x.ndim))[::-1] if axes is None else tuple(axis_of(axis, x.ndim) for axis in axes)
    if sorted(order) != list(range(x.ndim)):
        raise ArgumentError(f"axes {order} are not a permutation of the {x.ndim} axes of shape {x.shape}")
    return x if order == tuple(range(x.ndim)) else make(TRANSPOSE, (x,), axes=order)


def _infer_broadcast(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    return attrs["shape"], inputs[0].dtype


def _unbroadcast(g: Node, shape: Shape) -> Node:
    from dark_jit.ops.reduction import sum_  # noqa: PLC0415

    added = g.ndim - len(shape)
    stretched = [i for i, extent in enumerate(g.shape) if i < added or (shape[i - added] == 1 and extent != 1)]
    return reshape(sum_(g, tuple(stretched)), shape)


BROADCAST = register(
    Op(
        "broadcast_to",
        "movement",
        _infer_broadcast,
        lambda node, x: np.broadcast_to(x, node["shape"]),
        lambda g, node: [_unbroadcast(g, node.inputs[0].shape)],
        "Extents of 1 repeated, new axes in front.",
    )
)


def broadcast_to(x: Node, shape: Sequence[int]) -> Node:
    """Stretch `x` to `shape` by NumPy's rules. Raises ShapeError where they do not allow it."""
    if shape == x.shape:
        return x
    wanted = shape_of(shape)
    added = len(wanted) - x.ndim
    fits = added >= 0 and all(own in (1, other) for own, other in zip(x.shape, wanted[added:], strict=True))
    if not fits:
        raise ShapeError(f"cannot broadcast shape {x.shape} to {wanted}")
    return x if wanted == x.shape else make(BROADCAST, (x,), shape=wanted)


def broadcast_shapes(*shapes: Shape) -> Shape:
    """The common shape of several, by NumPy's rules. Raises ShapeError naming the shapes."""
    if len(set(shapes)) == 1:
        return shapes[0]
    try:
        return tuple(int(extent) for extent in np.broadcast_shapes(*shapes))
    except ValueError:
        listed = " and ".join(map(str, shapes))
        raise ShapeError(
            f"shapes {listed} do not broadcast; extents must be equal or 1, counted from the last axis"
        ) from None


def _infer_slice(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    ranges: tuple[tuple[int, int, int], ...] = attrs["ranges"]
    return tuple(len(range(*r)) for r in ranges), inputs[0].dtype


def _slice_vjp(g: Node, node: Node) -> list[Node | None]:
    shape = node.inputs[0].shape
    for axis, (_, _, step) in enumerate(node["ranges"]):
        g = spread(g, axis, step)
    pads = []
    for axis, (start, _, _) in enumerate(node["ranges"]):
        pads.append((start, shape[axis] - start - g.shape[axis]))
    return [crop_or_pad(g, tuple(pads))]


def spread(g: Node, axis: int, step: int) -> Node:
    """Put step - 1 zeros between the elements of an axis."""
    if step == 1 or g.shape[axis] == 0:
        return g
    extent = g.shape[axis]
    split = reshape(g, (*g.shape[: axis + 1], 1, *g.shape[axis + 1 :]))
    wide = pad(split, tuple((0, step - 1 if i == axis + 1 else 0) for i in range(split.ndim)))
    flat = reshape(wide, (*g.shape[:axis], extent * step, *g.shape[axis + 1 :]))
    kept = (extent - 1) * step + 1
    return slice_(flat, tuple((0, kept if i == axis else n, 1) for i, n in enumerate(flat.shape)))


SLICE = register(
    Op(
        "slice",
        "movement",
        _infer_slice,
        lambda node, x: x[tuple(slice(*r) for r in node["ranges"])],
        _slice_vjp,
        "Every step-th element from start to stop of each axis; steps are positive.",
    )
)


def slice_(x: Node, ranges: Sequence[tuple[int, int, int]]) -> Node:
    """Take range (start, stop, step), step > 0 and inside the axis, of each axis."""
    if len(ranges) != x.ndim:
        raise ShapeError(f"slice needs one range for each of the {x.ndim} axes of shape {x.shape}, got {len(ranges)}")
    found = tuple((start, max(start, stop), step) for start, stop, step in ranges)
    for axis, (start, stop, step) in enumerate(found):
        if start < 0 or stop > x.shape[axis] or step < 1:
            raise ArgumentError(f"slice {start}:{stop}:{step} is outside axis {axis} of shape {x.shape}")
    whole = all(r == (0, extent, 1) for r, extent in zip(found, x.shape, strict=True))
    return x if whole else make(SLICE, (x,), ranges=found)


def _infer_pad(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    pads: Pads = attrs["pads"]
    (x,) = inputs
    return tuple(low + extent + high for extent, (low, high) in zip(x.shape, pads, strict=True)), x.dtype


PAD = register(
    Op(
        "pad",
        "movement",
        _infer_pad,
        lambda node, x: np.pad(x, node["pads"]),
        lambda g, node: [crop_or_pad(g, tuple((-low, -high) for low, high in node["pads"]))],
        "Zeros before and behind each axis.",
    )
)


def pad(x: Node, pads: Sequence[tuple[int, int]]) -> Node:
    """Put (low, high) zeros around each axis. Raises ArgumentError for negative amounts."""
    found = tuple((integer(low, "padding"), integer(high, "padding")) for low, high in pads)
    if len(found) != x.ndim:
        raise ShapeError(f"pad needs one (low, high) for each of the {x.ndim} axes of shape {x.shape}, got {found}")
    if any(low < 0 or high < 0 for low, high in found):
        raise ArgumentError(f"padding must not be negative, got {found}; slice the array to crop it")
    return make(PAD, (x,), pads=found) if any(map(any, found)) else x


def crop_or_pad(x: Node, pads: Pads) -> Node:
    """Like `pad`, where negative amounts crop."""
    cropped = slice_(
        x, tuple((max(0, -low), n - max(0, -high), 1) for n, (low, high) in zip(x.shape, pads, strict=True))
    )
    return pad(cropped, tuple((max(0, low), max(0, high)) for low, high in pads))


def _infer_same(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, inputs[0].dtype


FLIP = register(
    Op(
        "flip",
        "movement",
        _infer_same,
        lambda node, x: np.flip(x, node["axes"]),
        lambda g, node: [flip(g, node["axes"])],
        "The given axes in reversed order.",
    )
)


def flip(x: Node, axes: Sequence[int] | int | None = None) -> Node:
    """Reverse the order of elements along the given axes, by default all."""
    found = tuple(axis for axis in axes_of(axes, x.ndim) if x.shape[axis] > 1)
    return make(FLIP, (x,), axes=found) if found else x


def _infer_concatenate(inputs: tuple[Node, ...], attrs: Attrs) -> tuple[Shape, DType]:
    axis: int = attrs["axis"]
    first = inputs[0].shape
    return (*first[:axis], sum(x.shape[axis] for x in inputs), *first[axis + 1 :]), inputs[0].dtype


def _concatenate_vjp(g: Node, node: Node) -> list[Node | None]:
    axis, at, parts = node["axis"], 0, []
    for x in node.inputs:
        ranges = [(0, extent, 1) for extent in g.shape]
        ranges[axis] = (at, at + x.shape[axis], 1)
        parts.append(slice_(g, ranges))
        at += x.shape[axis]
    return list(parts)


CONCATENATE = register(
    Op(
        "concatenate",
        "movement",
        _infer_concatenate,
        lambda node, *xs: np.concatenate(xs, node["axis"]),
        _concatenate_vjp,
        "Arrays one behind the other along an axis.",
    )
)


def concatenate(xs: Sequence[Node], axis: int = 0) -> Node:
    """Join arrays along an axis; the other extents and the dtypes must be equal. Raises ShapeError, DTypeError."""
    if not xs:
        raise ShapeError("concatenate needs at least one array")
    at = axis_of(axis, xs[0].ndim)
    rest = {x.shape[:at] + x.shape[at + 1 :] for x in xs}
    if len(rest) > 1 or len({x.ndim for x in xs}) > 1:
        raise ShapeError(f"cannot concatenate shapes {[x.shape for x in xs]} along axis {axis}: other extents differ")
    if len({x.dtype for x in xs}) > 1:
        raise DTypeError(f"cannot concatenate dtypes {[x.dtype.name for x in xs]}; use astype first")
    return xs[0] if len(xs) == 1 else make(CONCATENATE, tuple(xs), axis=at)


def expand_dims(x: Node, axis: int | Sequence[int]) -> Node:
    """Insert axes of extent 1 at the given positions of the result."""
    axes = (axis,) if isinstance(axis, int) else tuple(axis)
    positions = axes_of(axes, x.ndim + len(axes))
    extents = iter(x.shape)
    return reshape(x, [1 if i in positions else next(extents) for i in range(x.ndim + len(axes))])


def squeeze(x: Node, axis: int | Sequence[int] | None = None) -> Node:
    """Drop axes of extent 1, by default all of them."""
    axes = tuple(i for i, n in enumerate(x.shape) if n == 1) if axis is None else axes_of(axis, x.ndim)
    if any(x.shape[a] != 1 for a in axes):
        raise ShapeError(f"cannot squeeze axes {axes} of shape {x.shape}: only extents of 1 can be dropped")
    return reshape(x, [n for i, n in enumerate(x.shape) if i not in axes])


def moveaxis(x: Node, source: int | Sequence[int], destination: int | Sequence[int]) -> Node:
    """Move axes to new positions; the others keep their order."""
    sources = axes_of(source, x.ndim)
    targets = axes_of(destination, x.ndim)
    if len(sources) != len(targets):
        raise ArgumentError(f"moveaxis needs as many sources as destinations, got {sources} and {targets}")
    order = [axis for axis in range(x.ndim) if axis not in sources]
    for target, axis in sorted(zip(targets, sources, strict=True)):
        order.insert(target, axis)
    return transpose(x, order)


def stack(xs: Sequence[Node], axis: int = 0) -> Node:
    """Join arrays of one shape along a new axis."""
    return concatenate([expand_dims(x, axis) for x in xs], axis_of(axis, xs[0].ndim + 1) if xs else 0)
