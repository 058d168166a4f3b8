"""A program as the disk keeps it: which machine code is called in which order on what, by the graph that it computes.

A process that meets a graph which an earlier one has compiled goes from the traced graph to the running program at
once: no pass, no lowering, no text. These are made again, the same, when somebody asks for them. Graphs with a user's
own operations are not kept.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass

import llvmlite.binding as llvm

from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.backends.llvm.runtime import Arena, External, KernelCall, Slot, Status
from dark_jit.backends.llvm.target import llvm_cpu_and_features
from dark_jit.backends.sources import sources
from dark_jit.graph.graph import Graph
from dark_jit.graph.text import print_graph
from dark_jit.lowering.target import Target

_KINDS: dict[str, Callable[..., Slot]] = {kind.__name__: kind for kind in (External, Arena, Status)}


@dataclass(frozen=True)
class Image:
    """What a program runs, without its machine code.

    codes: for each kernel the name of its code (`compile.Module.key`); calls: how it is called, at an address that is
    still 0; outputs: where each output comes from: ("new", 0), ("input", number) or ("output", number); the others: as
    in Schedule.
    """

    codes: tuple[str, ...]
    calls: tuple[KernelCall, ...]
    arena_bytes: int
    outputs: tuple[tuple[str, int], ...]
    workers: int
    brief: bool
    prepared: int
    standing: tuple[int, ...]
    kept: tuple[int, ...]


def kept(graph: Graph, target: Target, still: Sequence[int] = ()) -> Image | None:
    """The image of a graph's program for a machine, if there is one."""
    found = disk_cache().get(_key(graph, target, still)) if _is_known(graph) else None
    if found is None:
        return None
    fields = json.loads(found)
    calls = tuple(
        KernelCall(0, tuple(map(_slot, call.pop("arguments"))), **call) for call in map(dict, fields.pop("calls"))
    )
    codes, standing, sizes = (tuple(fields.pop(name)) for name in ("codes", "standing", "kept"))
    outputs = tuple((kind, number) for kind, number in fields.pop("outputs"))
    return Image(codes, calls, outputs=outputs, standing=standing, kept=sizes, **fields)


def keep(graph: Graph, target: Target, image: Image, still: Sequence[int] = ()) -> None:
    """Write the image of a graph's program, unless what it computes follows from other code than dark_jit's."""
    if not _is_known(graph):
        return
    fields = asdict(image)
    for call, entry in zip(image.calls, fields["calls"], strict=True):
        entry["arguments"] = _written(call.arguments)
        del entry["address"]
    disk_cache().put(_key(graph, target, still), json.dumps(fields).encode())


def _is_known(graph: Graph) -> bool:
    """Whether all operations are dark_jit's; constants are folded by what NumPy makes of an operation."""
    functions = (function for op in {node.op for node in graph.nodes} for function in (op.numpy, op.infer))
    return all(getattr(function, "__module__", "").startswith("dark_jit.") for function in functions)


def _key(graph: Graph, target: Target, still: Sequence[int]) -> str:
    machine = target, llvm_cpu_and_features(target.isa), llvm.llvm_version_info
    return key_of("program", print_graph(graph), tuple(still), machine, sources())


def _written(slots: Sequence[Slot]) -> list[tuple[str, tuple[int, ...]]]:
    """Slots by kind and place."""
    return [(type(slot).__name__, tuple(asdict(slot).values())) for slot in slots]


def _slot(written: tuple[str, Sequence[int]]) -> Slot:
    kind, where = written
    return _KINDS[kind](*where)
