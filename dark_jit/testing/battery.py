"""One declaration of an operation makes its whole battery of tests. Needs the extra `test`.

    from dark_jit.testing.battery import OpCase, battery

    test_ops = battery(OpCase("softsign", softsign, lambda x: x / (1 + abs(x)), [x]))

makes test_ops[softsign-values], [softsign-gradients] and so on: the functions `check_...` below, of which each says
what it looks at. The idea, one decorator for all tests of an operation, is MyGrad's.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import numpy as np
import pytest

from dark_jit import dtypes
from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.target import available_isas
from dark_jit.dtypes import DType, is_float
from dark_jit.errors import DarkError, DTypeError, GradientError
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Target
from dark_jit.tensor import Tensor, broadcast_to
from dark_jit.testing import equivalence
from dark_jit.testing.cases import Array, arrays_of, leaves
from dark_jit.testing.gradients import gradcheck, gradgradcheck
from dark_jit.testing.plugin import Golden
from dark_jit.transforms import passes

Arrays = Sequence[Any]
Check = Callable[["OpCase", Golden], None]

ISAS: tuple[str, ...] = ()  # of the values; by default all that the machine has
# The machine that golden kernels are for, whatever this one is.
_TARGET = Target("avx2", 32, 16, 32 << 10, 1 << 20, 8 << 20)


@dataclass(frozen=True)
class Refusal:
    """Arguments that the operation refuses, the error, and a part of its message (a regular expression)."""

    args: Arrays
    error: type[DarkError]
    message: str


@dataclass(frozen=True)
class OpCase:
    """An operation, and what is known about it.

    name: what its tests and its golden file are called.
    function: of Tensors or arrays.
    numpy: the same with NumPy, of arrays alone. It is given float64 where the result is of floats.
    args: arrays to run it on; float64 for the operands whose dtype may vary, and away from kinks where gradients are
        taken. Without any, integers may vary.
    dtypes: by kind of operand (b, i, u, f) the dtype of the result, or "same"; of several results the dtypes of each.
        Operands of a kind that is missing raise DTypeError.
    shapes: further arguments to run it on: 0-d, without elements, of one, that broadcast.
    refuses: what raises which error.
    differentiable: how often: 0, 1 or 2 times. At 0, asking for a gradient raises GradientError, or it is 0.
    traced: whether it can be compiled; else the shape of its result depends on values, and it is only run lazily.
    kernel: whether the text of its kernels, for AVX2, is held to the golden file NAME.ll.
    rtol, atol: as for assert_equivalent, for operations that amplify rounding.
    """

    name: str
    function: Callable[..., Any]
    numpy: Callable[..., Any]
    args: Arrays
    dtypes: Mapping[str, str] = field(default_factory=lambda: {"f": "same"})
    shapes: Sequence[Arrays] = ()
    refuses: Sequence[Refusal] = ()
    differentiable: int = 2
    traced: bool = True
    kernel: bool = False
    rtol: float | None = None
    atol: float | None = None

    def result(self, kind: str) -> str | None:
        """The dtype of the result for operands of this kind; None where they are refused."""
        return next((result for kinds, result in self.dtypes.items() if kind in kinds), None)

    def results(self, args: Arrays) -> list[str]:
        """The dtypes of the results for these arguments."""
        dtype = next((args[place].dtype for place in self.varying), np.dtype(np.float32))
        result = self.result(dtypes.kind_of(dtype)) or "same"
        return [dtype.name if name == "same" else name for name in result.split()]

    @property
    def varying(self) -> list[int]:
        """The places of the operands whose dtype may vary: floats, or else integers."""
        kinds = [dtypes.kind_of(x.dtype) for x in self.args]
        return [place for place, kind in enumerate(kinds) if kind == "f"] or [
            place for place, kind in enumerate(kinds) if kind in "iu" or set(kinds) == {"b"}
        ]

    def plain(self, args: Arrays) -> Arrays:
        """The arguments in float32; as they are where floats are refused."""
        return self.args_in(np.dtype(np.float32), args) if self.result("f") else args

    def args_in(self, dtype: DType, args: Arrays | None = None) -> list[Array]:
        """The arguments with the varying ones in this dtype; integers are up to four times as large, and never 0."""
        given = self.args if args is None else args
        varying = self.varying
        return [_in(x, dtype) if place in varying else x for place, x in enumerate(given)]

    def meaning(self, *args: Array) -> list[Array]:
        """What NumPy computes, in the dtypes that the results have."""
        results = self.results(args)
        wide = any(dtypes.is_float(np.dtype(name)) for name in results)
        varying = self.varying if wide else []
        given = [np.asarray(x, np.float64) if place in varying else x for place, x in enumerate(args)]
        with np.errstate(all="ignore"):
            found = [np.asarray(value) for value in leaves(self.numpy(*given))]
        names = results * len(found) if len(results) == 1 else results
        return [value.astype(name) for value, name in zip(found, names, strict=True)]


def _in(x: Array, dtype: DType) -> Array:
    if is_float(dtype):
        return x.astype(dtype)
    if dtype.kind == "b":
        return x > 0
    whole = np.rint(4 * x) if is_float(x.dtype) else x
    whole = np.where(whole == 0, 1, whole)
    return np.asarray(np.abs(whole) if dtype.kind == "u" else whole).astype(dtype)


def check_values(case: OpCase, golden: Golden) -> None:
    """float32 as NumPy, lazily and compiled: on each backend and instruction set, with the gradients; by 2 threads."""
    args = case.plain(case.args)
    isas = ISAS or available_isas()
    _assert_held(case, [args], gradients=case.differentiable > 0, isas=isas, threads=(1,))
    _assert_held(case, [args], backends=_compiling(), threads=(2,))


def check_gradients(case: OpCase, golden: Golden) -> None:
    """Gradients as central differences, and gradients of gradients; or that there are none."""
    if case.differentiable:
        gradcheck(case.function, *case.args)
        if case.differentiable > 1:
            gradgradcheck(case.function, *case.args)
        return
    wrt = [Tensor(x, requires_grad=is_float(x.dtype)) for x in case.args]
    for y in leaves(case.function(*wrt)):
        with contextlib.suppress(GradientError):
            y.sum().backward()
    assert not any(x.grad is not None and x.grad.numpy().any() for x in wrt)


def check_dtypes(case: OpCase, golden: Golden) -> None:
    """Of each dtype the values as NumPy, in the right dtype; others raise DTypeError."""
    taken = []
    for dtype in dtypes.supported():
        args = case.args_in(dtype)
        if case.result(dtypes.kind_of(dtype)) is None:
            with pytest.raises(DTypeError):
                case.function(*args)
            continue
        found = [y.dtype.name for y in leaves(case.function(*args))]
        assert set(found) == set(case.results(args)), f"of {dtype}: {found}"
        taken.append(args)
    _assert_held(case, taken, backends=_compiling())


def check_shapes(case: OpCase, golden: Golden) -> None:
    """0-d arrays, arrays without elements, of one, that broadcast, with tails of vectors; what is refused."""
    _assert_held(case, [case.plain(args) for args in case.shapes], backends=_compiling())
    for refusal in case.refuses:
        with pytest.raises(refusal.error, match=refusal.message):
            case.function(*refusal.args)


def check_strides(case: OpCase, golden: Golden) -> None:
    """Operands that are transposed, sliced in steps, reversed and broadcast."""
    args = case.plain(case.args)
    layouts = [[layout(x) for x in args] for layout in _LAYOUTS]

    def viewed(layout: Sequence[_Layout], *bases: Any) -> list[Any]:
        return [view(base) for (_, view), base in zip(layout, bases, strict=True)]

    functions = [partial(viewed, layout) for layout in layouts]
    bases = [[base for base, _ in layout] for layout in layouts]
    _assert_held(case, bases, functions, backends=_compiling())


def check_kernel(case: OpCase, golden: Golden) -> None:
    """The text of the kernels."""
    args = case.plain(case.args)
    graph = equivalence.reference(case.function).graph_for(*args)
    tasks = schedule(passes.run(graph)[-1][1], _TARGET).tasks
    golden("\n".join(render(task.spec, _TARGET).text for task in tasks), f"{case.name}.ll")


CHECKS: Mapping[str, Check] = {
    "values": check_values,
    "gradients": check_gradients,
    "dtypes": check_dtypes,
    "shapes": check_shapes,
    "strides": check_strides,
    "kernel": check_kernel,
}


def battery(*cases: OpCase) -> Callable[..., None]:
    """A test, to be given a name that begins with test_: one for each operation and check that concerns it."""
    chosen = [(case, name) for case in cases for name in CHECKS if _concerns(name, case)]

    @pytest.mark.parametrize(("case", "check"), chosen, ids=[f"{case.name}-{name}" for case, name in chosen])
    def test(case: OpCase, check: str, golden: Golden) -> None:
        CHECKS[check](case, golden)

    return test


def _concerns(check: str, case: OpCase) -> bool:
    asked = {
        "kernel": case.kernel,
        "shapes": bool(case.shapes or case.refuses),
        "gradients": any(is_float(x.dtype) for x in case.args),
    }
    return asked.get(check, True)


def _compiling() -> Sequence[str]:
    """The backends but for the interpreter, whose values are looked at once."""
    return [name for name in equivalence.BACKENDS if name != "reference"] or equivalence.BACKENDS


def _assert_held(case: OpCase, groups: Sequence[Arrays], views: Sequence[Any] = (), **options: Any) -> None:
    """Hold the operation to NumPy on several lists of arguments at once, in one program.

    views: for each list a function that makes the arguments of what is given.
    """
    chosen = views or [lambda *given: given] * len(groups)
    if not case.traced:
        for view, group in zip(chosen, groups, strict=True):
            _assert_lazily(case, view(*group))
        return

    def each(function: Callable[..., Any], *flat: Any) -> Iterator[Any]:
        rest = iter(flat)
        for view, group in zip(chosen, groups, strict=True):
            yield function(*view(*(next(rest) for _ in group)))

    equivalence.assert_equivalent(
        lambda *flat: list(each(case.function, *flat)),
        *(x for group in groups for x in group),
        reference=lambda *flat: list(each(case.meaning, *flat)),
        rtol=case.rtol,
        atol=case.atol,
        **options,
    )


def _assert_lazily(case: OpCase, args: Arrays) -> None:
    """Equal to NumPy on each backend; for what cannot be compiled, which computes nothing that rounds."""
    wanted = case.meaning(*args)
    for backend in equivalence.BACKENDS:
        with equivalence.default_backend(backend):
            for found, other in zip(arrays_of(case.function(*args)), wanted, strict=True):
                np.testing.assert_array_equal(found, other, strict=True)


# An array, and the view of it that is the operand.
_Layout = tuple[Array, Callable[[Any], Any]]


def _transposed(x: Array) -> _Layout:
    return x.T.copy(), lambda base: base.T


def _stepped(x: Array) -> _Layout:
    return (np.repeat(x, 2, -1), lambda base: base[..., ::2]) if x.ndim else (x, lambda base: base)


def _reversed(x: Array) -> _Layout:
    return (x[..., ::-1].copy(), lambda base: base[..., ::-1]) if x.ndim else (x, lambda base: base)


def _broadcast(x: Array) -> _Layout:
    """The first slice in the place of all."""

    def view(base: Any) -> Any:
        return broadcast_to(base, x.shape) if isinstance(base, Tensor) else np.broadcast_to(base, x.shape)

    return x[:1] if x.ndim else x, view


_LAYOUTS: tuple[Callable[[Array], _Layout], ...] = (_transposed, _stepped, _reversed, _broadcast)
