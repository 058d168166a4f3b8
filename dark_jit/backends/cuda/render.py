"""KernelSpec -> CUDA C++ text. The same spec and target always give the same text.

A template sees the spec, how many threads there are, and a few functions: `params()` lists the kernel's parameters,
`load(...)` and `place(...)` reach into a buffer at an index, `prologue(...)` and `epilogue(...)` write the fused scalar
expression, `call(...)` names a helper function and notes that it is needed, `intrinsic(...)` an instruction, and
`functions()` prints those that were noted. A template captures its body first and prints the functions and the
signature around it.
"""

from __future__ import annotations

import functools
import math
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import jinja2

from dark_jit.backends.cuda.emit import Emitter, Index, is_aligned
from dark_jit.backends.cuda.launch import Extents, launch_of
from dark_jit.backends.cuda.types import Scalar
from dark_jit.backends.templates import template_environment
from dark_jit.errors import BackendError
from dark_jit.lowering import kernel as k
from dark_jit.lowering.gathering import IndexedSpec
from dark_jit.lowering.grid import GridContractionSpec
from dark_jit.lowering.target import Gpu

NARROW = 1 << 30  # indices below are int, and a few may be added up


@dataclass(frozen=True)
class Rendered:
    """A kernel's text, the name of its entry point, how many threads run it, and its buffers.

    `updated` are those which are written but hold something before: the status.
    """

    text: str
    symbol: str
    grid: Extents
    block: Extents
    arguments: tuple[k.Argument, ...]
    updated: tuple[int, ...] = ()


def render(spec: k.KernelSpec, target: Gpu) -> Rendered:
    """Render a kernel. Raises BackendError for a family that has no CUDA template yet."""
    renderer = Renderer(spec, target)
    updated = (len(spec.arguments) - 1,) if isinstance(spec, IndexedSpec) else ()
    return Rendered(renderer.text(), spec.template, renderer.grid, renderer.block, spec.arguments, updated)


@functools.cache
def _environment() -> jinja2.Environment:
    environment = template_environment()
    environment.filters["product"] = math.prod
    environment.filters["shifted"] = _shifted
    return environment


def _shifted(text: str, spaces: int) -> str:
    """Text as part of a block that is indented so much more (or less); preprocessor lines stay at the margin."""
    lines = str(text).strip("\n").splitlines()
    if spaces < 0:
        return "\n".join(line if line.startswith("#") else line[-spaces:] for line in lines)
    return "\n".join(line if line.startswith("#") else " " * spaces + line for line in lines)


class Renderer:
    """The rendering of one kernel: what its template may call, and what the calls have noted."""

    def __init__(self, spec: k.KernelSpec, target: Gpu) -> None:
        self.spec = spec
        self.target = target
        self.names = [f"i{axis}" for axis in range(len(spec.axes))]
        self.reduced_names = [f"r{axis}" for axis in range(len(getattr(spec, "reduced", ())))]
        self.extents = (*spec.axes, *getattr(spec, "reduced", ()))
        self.width = self._width()
        self.grid, self.block = launch_of(spec, self.width, target)
        self.index = self._index()
        self._functions: dict[tuple[str, ...], str] = {}
        self._libraries: dict[str, Any] = {}

    def text(self) -> str:
        """The rendered source."""
        try:
            template = _environment().get_template(f"cuda/{self.spec.template}.cu.j2")
        except jinja2.TemplateNotFound:
            raise _missing(f"kernel {self.spec.template!r}") from None
        lines = template.render(self.context()).splitlines()
        return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"

    def context(self) -> dict[str, Any]:
        """The variables and functions of every template."""
        return {
            "spec": self.spec,
            "block": self.block,
            "threads": math.prod(self.block),
            "width": self.width,
            "index_type": self.index,
            "axis_names": self.names,
            "reduced_names": self.reduced_names,
            "Scalar": Scalar,
            "params": self.params,
            "call": self.call,
            "intrinsic": self.intrinsic,
            "functions": self.functions,
            "unravel": self.unravel,
            "prologue": self.prologue,
            "prologues": self.prologues,
            "epilogue": self.epilogue,
            "load": self.load,
            "place": self.place,
            "libraries": self._libraries,
        }

    # What templates call

    def params(self) -> str:
        """The parameters: one pointer for each buffer, none of which overlaps another."""
        return ", ".join(
            f"{'' if argument.written else 'const '}{Scalar(argument.dtype).name}* __restrict__ a{position}"
            for position, argument in enumerate(self.spec.arguments)
        )

    def call(self, name: str, *types: Scalar) -> str:
        """The name of a helper function of lib/functions.cu.j2, for these types; `functions` prints its definition."""
        return self._noted("functions", name, types)

    def intrinsic(self, name: str) -> str:
        """As `call`, for an instruction of lib/intrinsics.cu.j2."""
        return self._noted("intrinsics", name, ())

    def _noted(self, library: str, name: str, types: Sequence[Scalar]) -> str:
        key = (name, *(t.dtype for t in types))
        if key not in self._functions:
            definition = str(getattr(self.library(library), name)(*types)).strip("\n")
            self._functions[key] = definition
        return name

    def functions(self) -> str:
        """The definitions of all helper functions so far, each after those that it calls."""
        return "\n".join(self._functions.values())

    def unravel(self, value: str, names: Sequence[str], extents: Sequence[int]) -> str:
        """Statements that take a number apart into indices of these extents, the last one running fastest."""
        lines = []
        for axis, (name, extent) in enumerate(zip(names, extents, strict=True)):
            inner = math.prod(extents[axis + 1 :])
            expression = value if inner == 1 else f"{value} / {inner}"
            if axis and math.prod(extents[:axis]) > 1:
                expression = f"{expression} % {extent}"
            lines.append(f"const {self.index} {name} = {'0' if extent == 1 else expression};")
        return "\n".join(lines)

    def prologue(self, index: Index, prefix: str = "x") -> tuple[str, str]:
        """The statements that compute the prologue at an index (parallel axes, then reduced), and its value."""
        spec: Any = self.spec
        text, (value,) = self.prologues((spec.value,), index, prefix)
        return text, value

    def prologues(self, values: Sequence[int], index: Index, prefix: str = "x") -> tuple[str, list[str]]:
        """As `prologue`, for the values at these positions."""
        spec: Any = self.spec
        emitter = Emitter(self, spec.prologue, index, prefix)
        return emitter.statements(), [emitter.operand(value) for value in values]

    def epilogue(self, accumulator: str, index: Index, width: int = 1, prefix: str = "y") -> str:
        """The epilogue at an index, for `width` neighbours along the last axis; `accumulator` may name `lane` then."""
        return Emitter(self, self.spec.epilogue, index, prefix, accumulator, width).statements()

    def load(self, step: k.Load, index: Index) -> str:
        """The expression of a load at an index."""
        return Emitter(self, k.Body((step,)), index, "").load(step)

    def place(self, access: k.Access, index: Index, offset: bool = True) -> str:
        """The expression of an element's number in its buffer; without the `offset`, from element 0 of the space on."""
        return Emitter(self, k.Body(), index, "").place(access if offset else replace(access, offset=0))

    def macro(self, op: str) -> Any:
        """The macro of an elementwise operation: in lib/scalar.cu.j2, or in a file of its own, cuda/ops/NAME.cu.j2."""
        found = getattr(self.library("scalar"), op, None)
        return getattr(self.library(f"../ops/{op}"), op) if found is None else found

    def library(self, name: str) -> Any:
        """The macros of templates/cuda/lib/NAME.cu.j2."""
        path = posixpath.normpath(f"cuda/lib/{name}.cu.j2")
        if path not in self._libraries:
            try:
                self._libraries[path] = _environment().get_template(path).make_module(self.context())
            except jinja2.TemplateNotFound:
                raise _missing(f"template {path!r}") from None
        return self._libraries[path]

    # How it is computed

    def _width(self) -> int:
        """Elements that a thread handles at once: so many that stores fill an access, if all of them can."""
        width, last = self.spec.lanes, self.spec.axes[-1]
        stores = self.spec.epilogue.stores
        even = bool(stores) and last % width == 0 and all(is_aligned(store.access, width, last) for store in stores)
        return width if even else 1

    def _index(self) -> str:
        """The type of indices: int while everything fits. Results and terms of a contraction are counted apart."""
        spaces: tuple[tuple[int, ...], ...] = (self.extents,)
        if isinstance(self.spec, GridContractionSpec):
            spaces = self.spec.axes, self.spec.reduced
        sizes = [argument.elements for argument in self.spec.arguments]
        return "int" if max(*map(math.prod, spaces), *sizes) < NARROW else "long long"


def _missing(what: str) -> BackendError:
    return BackendError(f"the CUDA backend has no {what} yet; run this on device 'cpu'")
