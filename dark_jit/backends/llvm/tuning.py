"""How the CPU's kernels are timed, and what is asked: how contractions are cut, and how convolutions are computed."""

from __future__ import annotations

import time
from collections.abc import Hashable, Sequence
from typing import Any

from dark_jit import config
from dark_jit.backends.disk import key_of
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.target import llvm_cpu_and_features
from dark_jit.backends.sources import sources
from dark_jit.backends.tuning import ROUND, Question, Trial
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.select import Choice, methods, tilings
from dark_jit.lowering.target import Target
from dark_jit.lowering.tiles import Tile

TILINGS = 4  # that are tried: the best by the model


def _tilings(nest: Nest, target: Target) -> list[Target]:
    return tilings(nest, target, TILINGS)


class CpuBench:
    """This machine's CPU, with as many workers as programs have."""

    questions: Sequence[Question[Target]] = (methods, _tilings)

    def key(self, question: Hashable, target: Target) -> str:
        """The kernels, the machine, and its workers."""
        return key_of("measured", question, target.modelled, _workers(), llvm_cpu_and_features(target.isa), sources())

    def dumped(self, answer: bool | int | Tile) -> Any:
        """Yes or no, or the side of Winograd's tiles, or rows and vectors."""
        return [answer.rows, answer.vectors] if isinstance(answer, Tile) else answer

    def loaded(self, kept: Any) -> bool | int | Tile:
        """As before."""
        return Tile(tuple(kept[0]), kept[1]) if isinstance(kept, list) else kept

    def trial(self, choices: Sequence[Choice], target: Target) -> Trial:
        """On memory full of zeros."""
        return _Trial(choices, target)


def _workers() -> int:
    return config.exactly.threads or config.threads()


class _Trial:
    """The kernels of a nest as a program of their own, over zeros."""

    def __init__(self, choices: Sequence[Choice], target: Target) -> None:
        sizes: dict[int | str, int] = {}
        for choice in choices:
            for key, argument in zip(choice.arguments, choice.spec.arguments, strict=True):
                sizes[key] = max(sizes.get(key, 1), argument.bytes)
        self._memory = {key: _zeros(size) for key, size in sizes.items()}
        places = {key: number for number, key in enumerate(sizes)}
        calls = []
        for choice in choices:
            address = compile_module(render(choice.spec, target.modelled).text, target.isa).address("kernel")
            slots = tuple(runtime.External(places[key]) for key in choice.arguments)
            calls.append(runtime.KernelCall(address, slots, choice.spec.most_workers, barrier=True))
        self._executable = runtime.Executable(calls, 0, len(sizes))
        self._pointers = [memory.address for memory in self._memory.values()]
        self.seconds()  # memory is touched, and the code is there

    def seconds(self) -> float:
        """Of one run: the mean of as many as a round has."""
        start, runs = time.perf_counter(), 0
        while runs == 0 or time.perf_counter() - start < ROUND:
            self._executable.run(self._pointers, _workers())
            runs += 1
        return (time.perf_counter() - start) / runs


def _zeros(nbytes: int) -> runtime.Memory:
    memory = runtime.allocate(nbytes)
    memory.array("uint8", (nbytes,)).fill(0)
    return memory
