"""How a card's kernels are timed, and what is asked: into which tiles and slices contractions are cut."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from typing import Any

from dark_jit.backends.cuda.card import CardDevice
from dark_jit.backends.cuda.compile import version
from dark_jit.backends.cuda.render import render
from dark_jit.backends.disk import key_of
from dark_jit.backends.sources import sources
from dark_jit.backends.tuning import ROUND, Question, Trial
from dark_jit.lowering.nest import Nest
from dark_jit.lowering.select import Choice, grid_tilings
from dark_jit.lowering.target import Gpu

CUTS = 6  # that are tried: the best by the model


def _cuts(nest: Nest, target: Gpu) -> list[Gpu]:
    return grid_tilings(nest, target, CUTS)


class CardBench:
    """A card."""

    questions: Sequence[Question[Gpu]] = (_cuts,)

    def __init__(self, device: CardDevice) -> None:
        self._device = device

    def key(self, question: Hashable, target: Gpu) -> str:
        """The kernels, and the card."""
        return key_of("measured", question, target.modelled, self._device.model(), version(), sources())

    def dumped(self, answer: Sequence[Any]) -> Any:
        """As it is."""
        return list(answer)

    def loaded(self, kept: Any) -> Any:
        """As before."""
        return tuple(kept)

    def trial(self, choices: Sequence[Choice], target: Gpu) -> Trial:
        """On memory full of zeros."""
        return _Trial(choices, target, self._device)


class _Trial:
    """The kernels of a nest as a program of their own, recorded so that launches cost nothing."""

    def __init__(self, choices: Sequence[Choice], target: Gpu, device: CardDevice) -> None:
        sizes: dict[int | str, int] = {}
        for choice in choices:
            for key, argument in zip(choice.arguments, choice.spec.arguments, strict=True):
                sizes[key] = max(sizes.get(key, 1), argument.bytes)
        self._device = device
        self._memory = {key: device.allocate(size, zero=True) for key, size in sizes.items()}
        kernels = device.load([render(choice.spec, target.modelled) for choice in choices])
        calls = [
            (kernel, [self._memory[key].address for key in choice.arguments])
            for kernel, choice in zip(kernels, choices, strict=True)
        ]
        for kernel, pointers in calls:
            kernel.start(pointers)
        self._launch = device.record(calls)
        self._runs = max(1, math.ceil(ROUND / device.seconds(self._launch, 3)))

    def seconds(self) -> float:
        """Of one run: the mean of as many as a round has."""
        return self._device.seconds(self._launch, self._runs)
