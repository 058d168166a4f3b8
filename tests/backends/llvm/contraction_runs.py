"""Running a contraction as planned, and what NumPy says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from dark_jit.backends.llvm.target import machine
from dark_jit.lowering.contraction import plan
from dark_jit.lowering.contraction_spec import ContractionSpec
from dark_jit.lowering.kernel import Access, Accumulator, Body, Load, Store

from .kernel_runs import Array, arguments_of, dense, evaluate, np, run


def plain(dtype: str, argument: int, *axes: int) -> Body:
    """Store the sums in C order."""
    return Body((Accumulator(dtype),), (Store(0, argument, dense(*axes)),))


def check(
    isa: str,
    axes: tuple[int, ...],
    reduced: tuple[int, ...],
    left: Access,
    right: Access,
    arrays: Sequence[Array],
    epilogue: Body | None = None,
    written: Sequence[int] = (2,),
) -> ContractionSpec:
    """Contract arrays 0 and 1 (array 2 is the output) and compare all buffers with NumPy's, exactly."""
    body = epilogue or plain(arrays[0].dtype.name, 2, *axes)
    spec, got = contract(isa, axes, reduced, left, right, arrays, body, written)
    expected = [array.reshape(-1).copy() for array in arrays]
    evaluate(body, axes, expected, sums(axes, reduced, left, right, arrays))
    for one, other in zip(got, expected, strict=True):
        np.testing.assert_array_equal(one, other)
    return spec


def contract(
    isa: str,
    axes: tuple[int, ...],
    reduced: tuple[int, ...],
    left: Access,
    right: Access,
    arrays: Sequence[Array],
    body: Body,
    written: Sequence[int] = (2,),
) -> tuple[ContractionSpec, list[Array]]:
    """Plan and run a contraction: the main kernel, and what the buffers hold afterwards."""
    dtype = arrays[0].dtype.name
    arguments = arguments_of(arrays, set(written))
    target = replace(machine(isa), l1_bytes=32 << 10, l2_bytes=1 << 20)  # the same plans on every machine
    planned = plan(axes, reduced, Load(dtype, 0, left), Load(dtype, 1, right), body, arguments, target)
    assert planned.reason
    main = planned.main
    scratch = [np.full(argument.elements, np.nan, argument.dtype) for argument in main.arguments[len(arrays) :]]
    if planned.pack is not None:
        scratch[0] = run(planned.pack, [arrays[1], scratch[0]], isa)[1]
    return main, run(main, [*arrays, *scratch], isa)[: len(arrays)]


def sums(
    axes: tuple[int, ...], reduced: tuple[int, ...], left: Access, right: Access, arrays: Sequence[Array]
) -> Array:
    """The sums of products, element by element."""
    operands = [
        np.lib.stride_tricks.as_strided(
            array.reshape(-1)[access.offset :], axes + reduced, [stride * array.itemsize for stride in access.strides]
        )
        for array, access in zip(arrays, (left, right), strict=False)
    ]
    letters = "abcdefghij"[: len(axes) + len(reduced)]
    return np.einsum(f"{letters},{letters}->{letters[: len(axes)]}", *operands)
