"""Choices of lowering by the clock in place of the model: time a kernel in several forms, and keep the fastest.

What is asked is data (`Measured`): how a contraction is cut into tiles, or whether a convolution is computed by
Winograd's method, and by which tiles. Lowering stays a pure function of graph and target; this module makes the target.
What it asks, and how a kernel is timed, is a backend's `Bench`.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Hashable, Iterator, Sequence
from typing import Any, Protocol, TypeVar

from dark_jit.backends.disk import disk_cache
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.schedule import Schedule
from dark_jit.lowering.select import Choice, select
from dark_jit.lowering.target import Measured

FASTER = 0.97  # of the time of what was there, a candidate may take at most
ROUNDS = 12  # in which all candidates take turns; half of them decide, and the other half confirms
ROUND = 2e-3  # seconds that a candidate runs in a round, at least once


class Trial(Protocol):
    """Kernels that can be timed."""

    def seconds(self) -> float:
        """Of one run: the mean of as many as a round has."""
        ...


AnyTarget = TypeVar("AnyTarget", bound=Measured)
Question = Callable[[Nest, AnyTarget], list[AnyTarget]]  # targets with different answers, those of a nest


class Bench(Protocol[AnyTarget]):
    """A machine on which kernels are timed."""

    @property
    def questions(self) -> Sequence[Question[AnyTarget]]:
        """What is decided, in order."""
        ...

    def key(self, question: Hashable, target: AnyTarget) -> str:
        """Under which an answer is remembered: all that it depends on."""
        ...

    def dumped(self, answer: Any) -> Any:
        """An answer as JSON has it."""
        ...

    def loaded(self, kept: Any) -> Any:
        """The answer."""
        ...

    def trial(self, choices: Sequence[Choice], target: AnyTarget) -> Trial:
        """The kernels of a nest as a program of their own."""
        ...


def tuned(schedule: Schedule, target: AnyTarget, seconds: float, bench: Bench[AnyTarget]) -> AnyTarget:
    """The target with what was measured of a program's contractions, those with the most work first.

    What is remembered from before is used; what is not is timed, as long as there is time.
    """
    deadline = time.perf_counter() + seconds
    for nest in _contractions(schedule):
        for question in bench.questions:
            alternatives = question(nest, target)
            if alternatives:
                target = _decided(nest, target, alternatives, deadline, bench)
    return target


def _contractions(schedule: Schedule) -> list[Nest]:
    """The contractions of a program, the largest first."""
    work: dict[int, tuple[int, Nest]] = {}
    for task in schedule.tasks:
        if task.nest.lead.op.kind == "contraction":
            before = work[id(task.nest)][0] if id(task.nest) in work else 0
            work[id(task.nest)] = before + task.spec.flops, task.nest
    return [nest for _, nest in sorted(work.values(), key=lambda found: -found[0])]


def _decided(
    nest: Nest, target: AnyTarget, alternatives: Sequence[AnyTarget], deadline: float, bench: Bench[AnyTarget]
) -> AnyTarget:
    """The target with the answer to one question: what is remembered, else what is timed; or as it is, out of time."""
    question = alternatives[0].measured[-1][0]
    if target.answer(question) is not None:
        return target
    key = bench.key(question, target)
    known = disk_cache().get(key)
    if known is not None:
        return target.answering(question, bench.loaded(json.loads(known)))
    forms = _forms(nest, [target, *alternatives])
    if time.perf_counter() + (ROUNDS + 1) * ROUND * len(forms) > deadline:
        return target
    fastest = _fastest([bench.trial(choices, target) for choices in forms.values()], deadline)
    if fastest is None:
        return target
    answers = [each.answer(question) for each in alternatives]
    places = [list(forms).index(next(iter(_forms(nest, [each])))) for each in alternatives]
    answer = next(answer for answer, place in zip(answers, places, strict=True) if place == fastest)
    disk_cache().put(key, json.dumps(bench.dumped(answer)).encode())
    return target.answering(question, answer)


def _specs(choices: Sequence[Choice]) -> Hashable:
    return tuple(choice.spec for choice in choices)


def _forms(nest: Nest, targets: Sequence[Any]) -> dict[Hashable, list[Choice]]:
    """The different kernels by which these targets compute a nest, that of the first one first."""
    forms: dict[Hashable, list[Choice]] = {}
    for target in targets:
        choices = select(nest, target)
        forms.setdefault(_specs(choices), choices)
    return forms


def _fastest(trials: Sequence[Trial], deadline: float) -> int | None:
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
