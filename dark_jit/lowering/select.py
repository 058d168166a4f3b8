"""From a nest to kernel specs: which template, with which parameters, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dark_jit.lowering import (
    contraction,
    copying,
    extrema,
    gathering,
    pooling,
    reduction,
    scanning,
    scattering,
    sorting,
)
from dark_jit.lowering.axes import collapse, reorder
from dark_jit.lowering.kernel import Argument, ElementwiseSpec, KernelSpec, Load
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.target import Target


@dataclass(frozen=True)
class Choice:
    """A kernel, its arguments (numbers: of the nest's nodes; names: scratch buffers, or 'status'), and the reason."""

    spec: KernelSpec
    arguments: tuple[int | str, ...]
    reason: str


def select(nest: Nest, target: Target) -> list[Choice]:
    """The kernels that compute a nest, in order."""
    return _FAMILIES[nest.lead.op.kind](nest, target)


def _given(nest: Nest) -> tuple[int | str, ...]:
    return tuple(range(len(nest.nodes)))


def _elementwise(nest: Nest, target: Target) -> list[Choice]:
    merged = collapse((nest.axes,), (nest.epilogue,))
    (axes,) = merged.groups
    spec = ElementwiseSpec(axes, nest.arguments, merged.body(nest.epilogue), _lanes(nest.arguments, axes[-1], target))
    transposed = copying.transposition(spec)
    if transposed is not None:
        return [Choice(transposed, _given(nest), "loads and stores are contiguous along different axes")]
    return [Choice(spec, _given(nest), "one expression at every index")]


def _lanes(arguments: Sequence[Argument], extent: int, target: Target) -> int:
    """A vector register full of the widest float or int64; half of it where a row has no more.

    Numbers, which are the same in all lanes, do not count: a key of int64 must not make floats' vectors short.
    """
    arrays = [argument for argument in arguments if argument.elements > 1]
    widest = max((8 if argument.dtype in ("int64", "float64") else 4 for argument in arrays), default=4)
    lanes = target.lanes(widest)
    while lanes > 4 and extent <= lanes // 2:
        lanes //= 2
    return lanes


_MONOIDS: dict[str, reduction.Monoid] = {"sum": "sum", "prod": "prod", "max": "max"}


def _reduction(nest: Nest, target: Target) -> list[Choice]:
    if nest.lead.op.name not in _MONOIDS:
        return _extremum(nest, target)
    plan = reduction.plan(
        nest.axes,
        nest.reduced,
        nest.prologue,
        nest.values[0],
        _MONOIDS[nest.lead.op.name],
        nest.epilogue,
        nest.arguments,
        target,
    )
    if plan.second is None:
        return [Choice(plan.first, _given(nest), plan.reason)]
    return [
        Choice(plan.first, (*_given(nest), "chunks"), plan.reason),
        Choice(plan.second, ("chunks", *_given(nest)), "the chunks' results together"),
    ]


def _extremum(nest: Nest, target: Target) -> list[Choice]:
    spec, reason = extrema.plan(
        (nest.axes, nest.reduced),
        (nest.prologue, nest.epilogue),
        nest.values[0],
        "max" if nest.lead.op.name == "argmax" else "min",
        nest.arguments,
        target,
    )
    return [Choice(spec, _given(nest), reason)]


def _scan(nest: Nest, target: Target) -> list[Choice]:
    spec, reason = scanning.plan(
        (nest.axes[: nest.along], nest.axes[nest.along : nest.along + 1], nest.axes[nest.along + 1 :]),
        (nest.prologue, nest.epilogue),
        nest.values,
        nest.lead.op.name,
        nest.lead["reverse"],
        nest.arguments,
        target,
    )
    return [Choice(spec, _given(nest), reason)]


def _sort(nest: Nest, target: Target) -> list[Choice]:
    order = [axis for axis in range(len(nest.axes)) if axis != nest.along] + [nest.along]
    (load,) = nest.loads
    access = replace(load.access, strides=tuple(load.access.strides[axis] for axis in order))
    axes, epilogue = tuple(nest.axes[axis] for axis in order), reorder(nest.epilogue, order)
    merged = collapse((axes[:-1], axes[-1:]), (epilogue,), (access,))
    spec, reason = sorting.plan(
        tuple(extent for group in merged.groups for extent in group),
        nest.arguments,
        merged.body(epilogue),
        replace(load, access=merged.access(access)),
        nest.lead["descending"],
        target,
    )
    scratch = ("pairs",) if len(spec.arguments) > len(nest.arguments) else ()
    return [Choice(spec, (*_given(nest), *scratch), reason)]


def _contraction(nest: Nest, target: Target) -> list[Choice]:
    nest = _lanes_along_right(nest)
    reduced, (left, right) = _walking_forward(nest)
    plan = contraction.plan(nest.axes, reduced, left, right, nest.epilogue, nest.arguments, target)
    scratch = tuple(f"scratch{number}" for number in range(len(plan.main.arguments) - len(nest.nodes)))
    choices = [Choice(plan.main, (*_given(nest), *scratch), plan.reason)]
    if plan.pack is not None:
        choices.insert(0, Choice(plan.pack, (right.argument, scratch[0]), plan.reason))
    return choices


def _lanes_along_right(nest: Nest) -> Nest:
    """The columns of the result in the order of the right operand's memory, if they then are neighbours.

    Columns come split, and out of order, where the operand is a flattened image that is stored channels last.
    """
    count = len(nest.axes)
    left, right = (load.access.strides for load in nest.loads)
    first = next((axis for axis in reversed(range(count)) if left[axis]), -1) + 1
    columns = sorted(range(first, count), key=lambda axis: -abs(right[axis]))
    if right[count - 1] == 1 or not columns or right[columns[-1]] != 1:
        return nest
    order = (*range(first), *columns, *range(count, len(left)))
    loads = tuple(
        replace(load, access=replace(load.access, strides=tuple(load.access.strides[axis] for axis in order)))
        for load in nest.loads
    )
    axes = tuple(nest.axes[axis] for axis in order[:count])
    return replace(nest, axes=axes, loads=loads, epilogue=reorder(nest.epilogue, order[:count]))


def _walking_forward(nest: Nest) -> tuple[tuple[int, ...], list[Load]]:
    """The reduced axes in the order of the left operand's memory, slowest first, and the loads over them."""
    count = len(nest.axes)
    strides = nest.loads[0].access.strides
    order = sorted(range(count, len(strides)), key=lambda axis: -abs(strides[axis]))
    loads = []
    for load in nest.loads:
        walk = tuple(load.access.strides[axis] for axis in (*range(count), *order))
        loads.append(replace(load, access=replace(load.access, strides=walk)))
    return tuple(nest.reduced[axis - count] for axis in order), loads


def _window(nest: Nest, target: Target) -> list[Choice]:
    lead = nest.lead
    image, grid = (lead.inputs[-1].shape, lead.shape)
    if lead.op.name == "max_pool2d_scatter":
        image, grid = lead.shape, lead.inputs[0].shape
    windows = pooling.Windows((image[2], image[3]), (grid[2], grid[3]), lead["window"], lead["stride"], lead["padding"])
    lanes = _lanes(nest.arguments, nest.axes[-1], target)
    common = (nest.axes, nest.arguments, nest.epilogue, lanes, windows, nest.loads[-1])
    if lead.op.name == "max_pool2d_scatter":
        spec: KernelSpec = pooling.scatter(*common, nest.loads[0])
    else:
        spec = pooling.PoolSpec(*common, nest.loads[0] if len(nest.loads) > 1 else None)
    return [Choice(spec, _given(nest), "vectors run along the channels")]


def _gather(nest: Nest, target: Target) -> list[Choice]:
    data, index = nest.loads
    merged = collapse((nest.axes, nest.reduced), (nest.epilogue,), (data.access, index.access))
    axes, (extent,) = merged.groups
    data, index = (replace(load, access=merged.access(load.access)) for load in nest.loads)
    values = [argument for number, argument in enumerate(nest.arguments) if number != index.argument]
    lanes = _lanes(values, axes[-1], target)
    spec = gathering.gather(axes, nest.arguments, merged.body(nest.epilogue), lanes, index, extent, data)
    which = "one index for all lanes" if type(spec) is gathering.TakeSpec else "an index for each lane"
    return [Choice(spec, (*_given(nest), "status"), f"{which}, known only when it runs")]


def _scatter(nest: Nest, target: Target) -> list[Choice]:
    (store,), (count,) = nest.epilogue.stores, nest.reduced
    out = Load(nest.arguments[store.argument].dtype, store.argument, store.access)
    index, values, base = (*nest.loads, None, None)[:3]
    assert index is not None
    spec = scattering.plan(nest.axes, count, nest.arguments, out, index, values, base, target)
    owned = f"pieces of {spec.strip} neighbours" if spec.strip else "ranges of places"
    return [Choice(spec, (*_given(nest), "status"), f"workers own {owned}")]


_FAMILIES = {
    "elementwise": _elementwise,
    "movement": _elementwise,
    "constant": _elementwise,
    "reduction": _reduction,
    "scan": _scan,
    "sort": _sort,
    "contraction": _contraction,
    "window": _window,
    "gather": _gather,
    "scatter": _scatter,
}
