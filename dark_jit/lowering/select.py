"""From a nest to kernel specs: which template, with which parameters, and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from dark_jit.lowering import (
    contraction,
    copying,
    depthwise,
    extrema,
    gathering,
    grid,
    pooling,
    reduction,
    scanning,
    scattering,
    sorting,
    tiles,
    winograd,
    winograd_gradient,
)
from dark_jit.lowering.axes import collapse, reorder
from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.lowering.kernel import ElementwiseSpec, KernelSpec, Load
from dark_jit.lowering.lanes import fitting, lanes
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.target import Gpu, Machine, Target

GATHERED = 16  # lanes at most, where elements are gathered one by one: more vectors would not be more at once


@dataclass(frozen=True)
class Choice:
    """A kernel, its arguments (numbers: of the nest's nodes; names: scratch buffers, or 'status'), and the reason."""

    spec: KernelSpec
    arguments: tuple[int | str, ...]
    reason: str


def select(nest: Nest, target: Machine) -> list[Choice]:
    """The kernels that compute a nest, in order."""
    return _FAMILIES[type(target)][nest.lead.op.kind](nest, target)


def _given(nest: Nest) -> tuple[int | str, ...]:
    return tuple(range(len(nest.nodes)))


def _elementwise(nest: Nest, target: Machine) -> list[Choice]:
    merged = collapse((nest.axes,), (nest.epilogue,))
    (axes,) = merged.groups
    body = merged.body(nest.epilogue)
    count = fitting(lanes(nest.arguments, [body], target.lanes), axes[-1])
    if any(isinstance(step, Load) and abs(step.access.strides[-1]) > 1 for step in body.steps):
        count = min(count, GATHERED)
    spec = ElementwiseSpec(axes, nest.arguments, body, count)
    transposed = copying.transposition(spec, target.vectors)
    if transposed is not None:
        return [Choice(transposed, _given(nest), "loads and stores are contiguous along different axes")]
    return [Choice(spec, _given(nest), "one expression at every index")]


def _lanes(nest: Nest, target: Machine) -> int:
    return fitting(lanes(nest.arguments, [nest.epilogue], target.lanes), nest.axes[-1])


_MONOIDS: dict[str, reduction.Monoid] = {"sum": "sum", "prod": "prod", "max": "max", "min": "min"}


def _reduction(nest: Nest, target: Machine) -> list[Choice]:
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
    return _folding(plan, _given(nest), "chunks")


def _folding(plan: reduction.Plan, given: tuple[int | str, ...], scratch: str) -> list[Choice]:
    """One kernel, or one for the chunks and one for their results together."""
    if plan.second is None:
        return [Choice(plan.first, given, plan.reason)]
    return [
        Choice(plan.first, (*given, scratch), plan.reason),
        Choice(plan.second, (scratch, *given), "the chunks' results together"),
    ]


def _extremum(nest: Nest, target: Machine) -> list[Choice]:
    spec, reason = extrema.plan(
        (nest.axes, nest.reduced),
        (nest.prologue, nest.epilogue),
        nest.values[0],
        "max" if nest.lead.op.name == "argmax" else "min",
        nest.arguments,
        target,
    )
    return [Choice(spec, _given(nest), reason)]


def _scan(nest: Nest, target: Machine) -> list[Choice]:
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


def _sort(nest: Nest, target: Machine) -> list[Choice]:
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
    if nest.lead.op.name == "conv2d":
        image, kernels = nest.loads
        if depthwise.suits(nest.axes, image, kernels):
            return _depthwise(nest, target)
        side, reason = winograd.choose(nest.axes, nest.reduced, image, kernels, target)
        if side != winograd.DIRECT:
            return _winograd(nest, side, reason, target)
        layer = winograd_gradient.find(nest.axes, nest.reduced, image, kernels)
        if layer is not None:
            suits, reason = winograd_gradient.suits(layer, image.dtype, target)
            if suits:
                return _winograd_gradient(nest, layer, reason, target)
    nest = _lanes_along_right(nest)
    reduced, (left, right) = _walking_forward(nest)
    plan = contraction.plan(nest.axes, reduced, left, right, nest.epilogue, nest.arguments, target)
    scratch = tuple(f"scratch{number}" for number in range(len(plan.main.arguments) - len(nest.nodes)))
    choices = [Choice(plan.main, (*_given(nest), *scratch), plan.reason)]
    if plan.pack is not None:
        choices.insert(0, Choice(plan.pack, (right.argument, scratch[0]), plan.reason))
    return choices


def _depthwise(nest: Nest, target: Target) -> list[Choice]:
    image, kernels = nest.loads
    plan = depthwise.plan(nest.axes, nest.reduced, image, kernels, nest.epilogue, nest.arguments, target)
    if plan.taps is None:
        return _folding(plan.sums, _given(nest), "chunks")
    taps = Choice(plan.taps, (kernels.argument, "taps"), "a vector of channels for each tap")
    return [taps, *_folding(plan.sums, (*_given(nest), "taps"), "chunks")]


def _winograd(nest: Nest, side: int, reason: str, target: Target) -> list[Choice]:
    left, right = nest.loads
    plan = winograd.plan(nest.axes, nest.reduced[-1], side, left, right, nest.epilogue, nest.arguments, target)
    return [
        Choice(plan.weights, (right.argument, "points"), f"weights for it: {reason}"),
        Choice(plan.main, (*_given(nest), "points", "blocks"), reason),
    ]


def _winograd_gradient(nest: Nest, layer: winograd_gradient.Layer, reason: str, target: Target) -> list[Choice]:
    left, right = nest.loads
    plan = winograd_gradient.plan(nest.axes, layer, left, right, nest.epilogue, nest.arguments, target)
    steps = [Choice(step.spec, (step.source, step.made), f"tiles for it: {reason}") for step in plan.steps]
    return [*steps, Choice(plan.main, (*_given(nest), *plan.scratch), reason)]


def _grid_contraction(nest: Nest, target: Gpu) -> list[Choice]:
    plan = grid.plan(_as_grid(nest), target)
    names = [f"packed{number}" for number in range(len(plan.packs))]
    packs = [
        Choice(pack.spec, (pack.source, name), "neighbours in memory, for the contraction")
        for pack, name in zip(plan.packs, names, strict=True)
    ]
    given = (*_given(nest), *names)
    if plan.second is None:
        return [*packs, Choice(plan.main, given, plan.reason)]
    main = Choice(plan.main, (*given, "slices"), plan.reason)
    return [*packs, main, *_folding(plan.second, ("slices", *_given(nest)), "chunks")]


def _as_grid(nest: Nest) -> grid.Problem:
    """The contraction as grid.plan has it."""
    nest = _lanes_along_right(nest)
    reduced, (left, right) = _walking_forward(nest)
    return grid.Problem(nest.axes, reduced, left, right, nest.epilogue, nest.arguments)


def _lanes_along_right(nest: Nest) -> Nest:
    """The columns of the result in the order of the right operand's memory, if they then are neighbours; what does not
    change along them is the left operand.

    Columns come split, and out of order, where the operand is a flattened image that is stored channels last.
    """
    count = len(nest.axes)
    image, kernels = (load.access.strides[count - 1] for load in nest.loads)
    if image and not kernels:
        nest = replace(nest, loads=nest.loads[::-1])  # planes of images
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


def _window(nest: Nest, target: Machine, tiles: bool = True) -> list[Choice]:
    """`tiles`: whether the machine has a kernel of its own for windows that tile the image."""
    lead = nest.lead
    image, cells = lead.inputs[-1].shape, lead.shape
    if lead.op.name == "max_pool2d_scatter":
        image, cells = lead.shape, lead.inputs[0].shape
    windows = pooling.Windows(
        (image[2], image[3]), (cells[2], cells[3]), lead["window"], lead["stride"], lead["padding"]
    )
    common = (nest.axes, nest.arguments, nest.epilogue, _lanes(nest, target), windows, nest.loads[-1])
    if lead.op.name != "max_pool2d_scatter":
        spec: KernelSpec = pooling.PoolSpec(*common, nest.loads[0] if len(nest.loads) > 1 else None)
    elif tiles:
        spec = pooling.scatter(*common, nest.loads[0])
    else:
        spec = pooling.PoolScatterSpec(*common, nest.loads[0])
    return [Choice(spec, _given(nest), "vectors run along the channels")]


def _grid_window(nest: Nest, target: Gpu) -> list[Choice]:
    return _window(nest, target, tiles=False)


def _gather(nest: Nest, target: Machine) -> list[Choice]:
    merged = collapse((nest.axes, nest.reduced), (nest.epilogue,), [load.access for load in nest.loads])
    axes, (extent,) = merged.groups
    data, index = (replace(load, access=merged.access(load.access)) for load in nest.loads)
    body = merged.body(nest.epilogue)
    values = [argument for number, argument in enumerate(nest.arguments) if number != index.argument]
    count = fitting(lanes(values, [body], target.lanes), axes[-1])
    common = axes, (*nest.arguments, gathering.STATUS), body
    if target.vectors and index.access.strides[-1]:
        spec: KernelSpec = gathering.GatherSpec(*common, min(count, GATHERED), index, extent, 0, data)
        return [Choice(spec, (*_given(nest), "status"), "each lane has an index, known only when it runs")]
    spec = gathering.TakeSpec(*common, count, index, extent, 0, data)
    return [Choice(spec, (*_given(nest), "status"), "indices are known only when it runs")]


def _scatter(nest: Nest, target: Machine) -> list[Choice]:
    (store,), (count,) = nest.epilogue.stores, nest.reduced
    out = Load(nest.arguments[store.argument].dtype, store.argument, store.access)
    index, values, base = (*nest.loads, None, None)[:3]
    assert index is not None
    spec = scattering.plan(nest.axes, count, nest.arguments, out, index, values, base, target)
    return [Choice(spec, (*_given(nest), "status"), "each element of the result has one owner")]


_COMMON = {
    "elementwise": _elementwise,
    "movement": _elementwise,
    "constant": _elementwise,
    "reduction": _reduction,
    "scan": _scan,
    "sort": _sort,
    "gather": _gather,
    "scatter": _scatter,
}
_FAMILIES: Mapping[type, Mapping[str, Callable[..., list[Choice]]]] = {
    Target: {**_COMMON, "contraction": _contraction, "window": _window},
    Gpu: {**_COMMON, "contraction": _grid_contraction, "window": _grid_window},
}


def methods(nest: Nest, target: Target) -> list[Target]:
    """Where a convolution can be computed by Winograd's method and by the direct sum: targets that take each."""
    if nest.lead.op.name != "conv2d" or depthwise.suits(nest.axes, *nest.loads):
        return []
    layer = winograd_gradient.find(nest.axes, nest.reduced, *nest.loads)
    question = layer or winograd.question(nest.axes, nest.reduced)
    answers = (True, False) if layer else (*winograd.SIDES, winograd.DIRECT)
    targets = [target.answering(question, answer) for answer in answers]
    first, *others = ([choice.spec for choice in select(nest, each)] for each in targets)
    return targets if any(other != first for other in others) else []


def tilings(nest: Nest, target: Target, most: int) -> list[Target]:
    """Targets that cut a contraction into other tiles: those of the least cost by the model, `most` of them."""
    specs = [choice.spec for choice in select(nest, target)]
    spaces = [contraction.space_of(spec) for spec in specs if isinstance(spec, ContractionSpec)]
    return [target.answering(space, tile) for space in spaces for tile in tiles.best(space, target, most)]


def grid_tilings(nest: Nest, target: Gpu, most: int) -> list[Gpu]:
    """As `tilings`, for a GPU."""
    return grid.cuts(_as_grid(nest), target, most)
