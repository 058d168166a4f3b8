"""Choices of lowering by the clock in place of the model: time a kernel in several forms, and keep the fastest.

What is asked is data (`Target.measured`): how a contraction is cut into tiles, and whether a convolution is computed by
Winograd's method. Lowering stays a pure function of graph and target; this module makes the target.
"""

from __future__ import annotations

import json
import time
from collections.abc import Hashable, Iterator, Sequence
from typing import Any

from dark_jit import config
from dark_jit.backends.disk import disk_cache, key_of
from dark_jit.backends.llvm import runtime
from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.render import render
from dark_jit.backends.llvm.target import llvm_cpu_and_features
from dark_jit.backends.templates import sources
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.schedule import Schedule
from dark_jit.lowering.select import Choice, methods, select, tilings
from dark_jit.lowering.target import Target
from dark_jit.lowering.tiles import Tile

TILINGS = 4  # that are tried: the best by the model
FASTER = 0.97  # of the time of what was there, a candidate may take at most
ROUNDS = 12  # in which all candidates take turns; half of them decide, and the other half confirms
ROUND = 2e-3  # seconds that a candidate runs in a round, at least once


def tuned(schedule: Schedule, target: Target, seconds: float) -> Target:
    """The target with what was measured of a program's contractions, those with the most work first.

    What is remembered from before is used; what is not is timed, as long as there is time.
    """
    deadline = time.perf_counter() + seconds
    for nest in _contractions(schedule):
        for alternatives in (methods(nest, target), tilings(nest, target, TILINGS)):
            if alternatives:
                target = _decided(nest, target, alternatives, deadline)
    return target


def _contractions(schedule: Schedule) -> list[Nest]:
    """The contractions of a program, the largest first."""
    work: dict[int, tuple[int, Nest]] = {}
    for task in schedule.tasks:
        if task.nest.lead.op.kind == "contraction":
            before = work[id(task.nest)][0] if id(task.nest) in work else 0
            work[id(task.nest)] = before + task.spec.flops, task.nest
    return [nest for _, nest in sorted(work.values(), key=lambda found: -found[0])]


def _decided(nest: Nest, target: Target, alternatives: Sequence[Target], deadline: float) -> Target:
    """The target with the answer to one question: what is remembered, else what is timed; or as it is, out of time."""
    question = alternatives[0].measured[-1][0]
    if target.answer(question) is not None:
        return target
    key = key_of("measured", question, target.modelled, _workers(), llvm_cpu_and_features(target.isa), sources())
    known = disk_cache().get(key)
    if known is not None:
        return target.answering(question, _loaded(known))
    forms = _forms(nest, [target, *alternatives])
    if time.perf_counter() + (ROUNDS + 1) * ROUND * len(forms) > deadline:
        return target
    fastest = _fastest([_Trial(choices, target) for choices in forms.values()], deadline)
    if fastest is None:
        return target
    answers = [each.answer(question) for each in alternatives]
    places = [list(forms).index(_specs(select(nest, each))) for each in alternatives]
    answer = next(answer for answer, place in zip(answers, places, strict=True) if place == fastest)
    disk_cache().put(key, json.dumps(answer if isinstance(answer, bool) else [answer.rows, answer.vectors]).encode())
    return target.answering(question, answer)


def _workers() -> int:
    return config.exactly.threads or config.threads()


def _loaded(kept: bytes) -> bool | Tile:
    found: Any = json.loads(kept)
    return found if isinstance(found, bool) else Tile(tuple(found[0]), found[1])


def _specs(choices: Sequence[Choice]) -> Hashable:
    return tuple(choice.spec for choice in choices)


def _forms(nest: Nest, targets: Sequence[Target]) -> dict[Hashable, list[Choice]]:
    """The different kernels by which these targets compute a nest, that of the first one first."""
    forms: dict[Hashable, list[Choice]] = {}
    for target in targets:
        choices = select(nest, target)
        forms.setdefault(_specs(choices), choices)
    return forms


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
            calls.append(runtime.KernelCall(address, slots, serial=False, barrier=True))
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


def _fastest(trials: Sequence[_Trial], deadline: float) -> int | None:
    """The number of the fastest: the first, unless another is faster in both halves of the rounds. None: no time."""
    rounds = []
    for _ in range(ROUNDS):
        if time.perf_counter() > deadline:
            return None
        rounds.append([trial.seconds() for trial in trials])
    halves = [list(_least(rounds[begin::2])) for begin in (0, 1)]
    winner = min(range(len(trials)), key=lambda number: halves[0][number])
    return winner if all(half[winner] <= FASTER * half[0] for half in halves) else 0


def _least(rounds: Sequence[Sequence[float]]) -> Iterator[float]:
    """The shortest time of each trial."""
    return map(min, zip(*rounds, strict=True))
