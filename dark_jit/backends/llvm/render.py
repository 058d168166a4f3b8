"""KernelSpec -> LLVM IR text. The same spec and target always give the same text.

A template sees the spec, the vector type, and a few functions: `params()` loads the buffer pointers, `epilogue(...)`
and `prologue(...)` emit the fused scalar expression at an index, `intrinsic(...)` names an LLVM intrinsic and notes
that it must be declared, and `declarations()` prints those notes at the end.
"""

from __future__ import annotations

import functools
import json
import math
import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jinja2
from jinja2.ext import Extension

from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.backends.llvm.types import Vector, vector_of
from dark_jit.backends.sources import sources
from dark_jit.backends.templates import template_environment
from dark_jit.lowering import kernel as k
from dark_jit.lowering.target import Target

AXIS_NAMES = "ijklmnpqrstuwxyz"

Index = Sequence[str]
Beside = tuple[str, int, int]  # prefix, and how far on: lanes along the lane axis, steps along the last one


@dataclass(frozen=True)
class Rendered:
    """The LLVM IR module of a kernel, and where its fused expression stands.

    `steps` maps a line number of the text, from 1, to the step that begins there: (of the epilogue?, position).
    """

    text: str
    steps: dict[int, tuple[bool, int]]


def render(spec: k.KernelSpec, target: Target) -> Rendered:
    """Render a kernel, unless that was done before; its entry point is `kernel(args, worker, workers)`."""
    key = key_of("text", spec, target, sources())
    kept = disk_cache().get(key)
    if kept is not None:
        steps, _, text = kept.decode().partition("\n")
        return Rendered(text, {line: (epilogue, position) for line, epilogue, position in json.loads(steps)})
    rendered = _rendered(spec, target)
    steps = json.dumps([(line, *step) for line, step in rendered.steps.items()])
    disk_cache().put(key, f"{steps}\n{rendered.text}".encode())
    return rendered


def _rendered(spec: k.KernelSpec, target: Target) -> Rendered:
    renderer = Renderer(spec, target)
    text = renderer.text()
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        name = line.split(" = ", 1)[0].strip() if " = " in line else ""
        if name in renderer.defined:
            found[number] = renderer.defined[name]
    return Rendered(text, found)


@functools.cache
def llvm_environment(extensions: tuple[type[Extension], ...] = ()) -> jinja2.Environment:
    """The environment of LLVM's templates."""
    environment = template_environment(extensions)
    environment.filters["sigil"] = lambda name: f"%{name}"
    environment.filters["product"] = math.prod
    return environment


class Renderer:
    """The rendering of one kernel: what its template may call, and what the calls have noted."""

    def __init__(self, spec: k.KernelSpec, target: Target, extensions: tuple[type[Extension], ...] = ()) -> None:
        self.environment = llvm_environment(extensions)
        self.spec = spec
        self.target = target
        self.declared: dict[str, str] = {}
        self.defined: dict[str, tuple[bool, int]] = {}
        self.extents = (*spec.axes, *getattr(spec, "reduced", ()))
        self.names = list(AXIS_NAMES[: len(self.extents)])
        self._libraries: dict[str, Any] = {}
        self._streams = False

    def raw(self) -> str:
        """What the template makes, with all blanks."""
        return self.environment.get_template(f"llvm/{self.spec.template}.ll.j2").render(self.context())

    def text(self) -> str:
        """The rendered module."""
        lines = self.raw().splitlines()
        return "\n".join(line.rstrip() for line in lines if line.strip()) + "\n"

    def context(self) -> dict[str, Any]:
        """The variables and functions of every template."""
        spec = self.spec
        return {
            "spec": spec,
            "isa": self.target.isa,
            "registers": self.target.registers,
            "axis_names": self.names[: len(spec.axes)],
            "reduced_names": self.names[len(spec.axes) :],
            "rows": math.prod(spec.axes[:-1]),
            "piece": k.PIECE,
            "Vector": vector_of,
            "params": self.params,
            "intrinsic": self.intrinsic,
            "declarations": self.declarations,
            "past_caches": self.past_caches,
            "drained": self.drained,
            "epilogue": functools.partial(self.emit, spec.epilogue),
            "prologue": self.prologue,
            "prologues": self.prologues,
            "address": self.address,
            "load_at": self.load_at,
            "library": self.library,
            "libraries": self._libraries,
        }

    # What templates call

    def params(self, only: Sequence[int] | None = None) -> str:
        """Load the buffer pointers into %a0, %a1, ... (`only`: just these)."""
        wanted = range(len(self.spec.arguments)) if only is None else dict.fromkeys(only)
        return "\n".join(self._param(position) for position in wanted)

    def _param(self, position: int) -> str:
        argument = self.spec.arguments[position]
        note = (
            f"{argument.dtype}[{argument.elements}]{', written' * argument.written}{', streamed' * argument.streamed}"
        )
        return (
            f"  %a{position}.at = getelementptr ptr, ptr %args, i64 {position}    ; {note}\n"
            f"  %a{position} = load ptr, ptr %a{position}.at"
        )

    def intrinsic(self, name: str, result: str, *arguments: str) -> str:
        """The name to call; its declaration is printed by `declarations`."""
        self.declared[name] = f"declare {result} @{name}({', '.join(arguments)})"
        return f"@{name}"

    def past_caches(self) -> str:
        """What makes a store go past the caches."""
        self._streams = True
        return "!nontemporal !{i32 1}"

    def drained(self) -> str:
        """What a kernel ends with: a barrier orders stores through the caches only."""
        return "  fence seq_cst    ; the barrier must find in memory what went past the caches" if self._streams else ""

    def declarations(self) -> str:
        """The declarations of all intrinsics used so far, in the order of their names."""
        return "\n".join(self.declared[name] for name in sorted(self.declared))

    def prologue(
        self,
        body: k.Body,
        value: int,
        index: Index,
        lanes: int,
        prefix: str,
        lane_axis: int = -1,
        beside: Beside | None = None,
    ) -> tuple[str, str]:
        """The text that computes the body at an index, and the operand that holds `value` afterwards.

        `index` has one operand for each parallel axis and then each reduced axis; `lane_axis` is the vectorised one.
        """
        text, (operand,) = self.prologues(body, (value,), index, lanes, prefix, lane_axis, beside)
        return text, operand

    def prologues(
        self,
        body: k.Body,
        values: Sequence[int],
        index: Index,
        lanes: int,
        prefix: str,
        lane_axis: int = -1,
        beside: Beside | None = None,
    ) -> tuple[str, list[str]]:
        """As `prologue`, for several values."""
        emitter = Emitter(self, index, lanes, prefix, "", lane_axis, beside)
        text = "".join(emitter.step(body, position) for position in range(len(body.steps)))
        return text, [emitter.operand(body, value) for value in values]

    def emit(
        self,
        body: k.Body,
        accumulator: str,
        index: Index,
        lanes: int,
        prefix: str,
        lane_axis: int = -1,
        beside: Beside | None = None,
    ) -> str:
        """The body at an index: its steps and its stores, for the first `lanes` lanes from there on.

        `index` has one i64 operand for each parallel axis, of lane 0; `accumulator` is the operand that holds the main
        computation's vector ('' where there is none); names that the text defines begin with `%prefix`. `beside`: the
        prefix of the same body in the same block of the text, and how far from there the index is.
        """
        emitter = Emitter(self, index, lanes, prefix, accumulator, lane_axis, beside)
        steps = "".join(emitter.step(body, position) for position in range(len(body.steps)))
        return steps + "".join(emitter.store(body, number) for number in range(len(body.stores)))

    def load_at(self, out: str, step: k.Load, index: Index, lanes: int, lane_axis: int = -1) -> str:
        """Text that defines `out` as the load's vector at an index, along whose axis `lane_axis` the lanes run.

        The index may be one of another space than the kernel's; the load must be there at all of it (no valid ranges).
        """
        return Emitter(self, index, lanes, "", "", lane_axis).load(out, step)

    def address(self, out: str, argument: int, access: k.Access, index: Index) -> str:
        """Text that defines `out` as the pointer to the element at an index."""
        element = vector_of(self.spec.arguments[argument].dtype, 1).memory
        address = self.library("access").address
        return str(address(out, f"%a{argument}", element, _terms(access, index), access.offset))

    def macro(self, op: str) -> Any:
        """The macro of an elementwise operation: in lib/scalar.ll.j2, or in a file of its own, llvm/ops/NAME.ll.j2."""
        found = getattr(self.library("scalar"), op, None)
        return getattr(self.library(f"../ops/{op}"), op) if found is None else found

    def library(self, name: str) -> Any:
        """The macros of templates/llvm/lib/NAME.ll.j2, compiled when they are first asked for: few kernels need all."""
        path = posixpath.normpath(f"llvm/lib/{name}.ll.j2")
        if path not in self._libraries:
            self._libraries[path] = self.environment.get_template(path).make_module(self.context())
        return self._libraries[path]


def _terms(access: k.Access, index: Index) -> list[tuple[str, int]]:
    """The summands of a position, without those that are always 0."""
    return [(at, stride) for at, stride in zip(index, access.strides, strict=True) if stride and at != "0"]


class Emitter:
    """A body at one index: step after step as text."""

    def __init__(
        self,
        renderer: Renderer,
        index: Index,
        lanes: int,
        prefix: str,
        accumulator: str,
        lane_axis: int,
        beside: Beside | None = None,
    ) -> None:
        self.renderer = renderer
        self.index = index
        self.lane_axis = lane_axis % len(index)
        self.lanes = lanes
        self.prefix = prefix
        self.accumulator = accumulator
        self.width = renderer.spec.lanes
        self.beside = beside

    def is_shared(self, body: k.Body, position: int) -> bool:
        """Whether a step is the same as beside, and so need not be computed again."""
        match body.steps[position]:
            case k.Constant():
                return True
            case k.Load() as load:
                return not load.access.valid and self.beside is not None and self.shift(load.access) == 0
            case k.Apply() as apply:
                return self.beside is not None and all(self.is_shared(body, operand) for operand in apply.operands)
        return False

    def shift(self, access: k.Access) -> int:
        """How far from the element beside that of this index lies."""
        assert self.beside is not None
        _, lanes, steps = self.beside
        return lanes * access.strides[self.lane_axis] + (steps * access.strides[-1] if steps else 0)

    def address(self, out: str, argument: int, access: k.Access, beside: str) -> str:
        """As the renderer's; from the address `beside`, if there is one."""
        if self.beside is None:
            return self.renderer.address(out, argument, access, self.index)
        element = vector_of(self.renderer.spec.arguments[argument].dtype, 1).memory
        return f"  {out} = getelementptr {element}, ptr {beside}, i64 {self.shift(access)}\n"

    def operand(self, body: k.Body, position: int) -> str:
        """How later text names the value of a step."""
        step = body.steps[position]
        if isinstance(step, k.Constant):
            return self.type(step.dtype).constant(step.value)
        if isinstance(step, k.Accumulator):
            return self.accumulator
        return f"%{self.beside[0] if self.beside and self.is_shared(body, position) else self.prefix}{position}"

    def type(self, dtype: str) -> Vector:
        return vector_of(dtype, self.width)

    def step(self, body: k.Body, position: int) -> str:
        """The text of one step; nothing for constants and the accumulator, which are operands already."""
        step, out = body.steps[position], f"%{self.prefix}{position}"
        if self.is_shared(body, position):
            return ""
        self.renderer.defined[out] = (body is self.renderer.spec.epilogue, position)
        match step:
            case k.Load():
                return self.load(out, step, f"%{self.beside[0]}{position}.at" if self.beside else "")
            case k.Index():
                return self.ramp(out, step)
            case k.Inside():
                return self.inside(out, step)
            case k.Apply():
                return self.apply(out, body, step)
        return ""

    def apply(self, out: str, body: k.Body, step: k.Apply) -> str:
        operands = [self.operand(body, position) for position in step.operands]
        macro = self.renderer.macro(step.op)
        first = self.type(body.steps[step.operands[1 if step.op == "where" else 0]].dtype)
        if step.op == "cast":
            return str(macro(out, first, self.type(step.dtype), *operands))
        return str(macro(out, first, *operands))

    def load(self, out: str, step: k.Load, beside: str = "") -> str:
        vectors, t = self.renderer.library("vectors"), self.type(step.dtype)
        address = self.address(f"{out}.at", step.argument, step.access, beside)
        stride = step.access.strides[self.lane_axis]
        if stride == 0 and not step.access.valid:
            return address + str(vectors.load_splat(out, t, f"{out}.at"))
        checks, masks = self.checks(f"{out}.in", step.access.valid)
        both, mask = self.all_of(f"{out}.valid", [*masks, *self.tail_mask()])
        if stride == 1 or self.lanes == 1:
            return checks + both + address + str(vectors.load(out, t, f"{out}.at", mask))
        return checks + both + address + str(vectors.gather(out, t, f"{out}.at", stride, mask))

    def store(self, body: k.Body, number: int) -> str:
        store = body.stores[number]
        vectors, t = self.renderer.library("vectors"), self.type(body.steps[store.value].dtype)
        pointer = f"%{self.prefix.rstrip('.')}.out{number}"
        beside = f"%{self.beside[0].rstrip('.')}.out{number}" if self.beside else ""
        text = self.address(pointer, store.argument, store.access, beside)
        value, stride = self.operand(body, store.value), store.access.strides[self.lane_axis]
        if self.lanes == 1:
            return text + str(vectors.store_first(t, value, pointer))
        mask = "".join(self.tail_mask())
        if stride == 1 and not mask and self.streams(store):
            return text + str(vectors.stream(t, value, pointer))
        if stride == 1:
            return text + str(vectors.store(t, value, pointer, mask))
        return text + str(vectors.scatter(t, value, pointer, stride, mask))

    def streams(self, store: k.Store) -> bool:
        """Whether a whole vector goes past the caches; for that it must be aligned, wherever the lanes begin."""
        argument, access = self.renderer.spec.arguments[store.argument], store.access
        steps = [stride for axis, stride in enumerate(access.strides) if axis != self.lane_axis]
        return argument.streamed and not any(step % self.width for step in (access.offset, *steps))

    def ramp(self, out: str, step: k.Index) -> str:
        access, ramp = step.access, self.renderer.library("access").ramp
        return str(ramp(out, self.width, _terms(access, self.index), access.offset, access.strides[self.lane_axis]))

    def tail_mask(self) -> list[str]:
        """The constant mask of the lanes that are there; nothing where all are."""
        if self.lanes == self.width:
            return []
        return [str(self.renderer.library("loops").mask(self.width, self.lanes))]

    def inside(self, out: str, step: k.Inside) -> str:
        checks, masks = self.checks(f"{out}.in", step.ranges)
        always = self.type("bool").constant(True)
        return checks + self.all_of(out, [*masks, always, always][: max(2, len(masks))])[0]

    def checks(self, out: str, ranges: tuple[tuple[int, int], ...]) -> tuple[str, list[str]]:
        """Text that tests the index against those ranges that leave something out, and the masks of the tests."""
        text, masks = "", []
        for axis, (low, high) in enumerate(ranges):
            if low > 0 or high < self.renderer.extents[axis]:
                mask = f"{out}.{self.renderer.names[axis]}"
                macro = self.renderer.library("access").inside
                text += str(macro(mask, self.type("bool"), self.index[axis], low, high, axis == self.lane_axis))
                masks.append(mask)
        return text, masks

    def all_of(self, out: str, masks: list[str]) -> tuple[str, str]:
        """Text and operand of the conjunction of masks; no text for one, '' for none."""
        if len(masks) < 2:
            return "", "".join(masks)
        names = [f"{out}.and{number}" for number in range(1, len(masks) - 1)] + [out]
        firsts = [masks[0], *names]
        mask = self.type("bool").mask
        lines = [f"  {name} = and {mask} {x}, {y}\n" for name, x, y in zip(names, firsts, masks[1:], strict=False)]
        return "".join(lines), out
