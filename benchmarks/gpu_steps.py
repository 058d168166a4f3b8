"""Training steps on a card, beside PyTorch: `python benchmarks/gpu_steps.py [--json FILE]`.

Forward, cross-entropy, backward and Adam, with the batch on the card; wall time of a step that is waited for. A row is
the median over three seeds, each with its own batch and weights, with the lowest and the highest. The loss of the first
step is held to PyTorch's in float64, within 5e-3. PyTorch's steps are in float32 without TF32: launched from Python,
with the model compiled (the mode is gpu.py's), and as a CUDA graph.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit import nn
from gpu import command_line, peer_on_card
from models import DIGITS, Case, resnet9
from peers import describe_machine, optional
from report import report
from timing import OURS, WALL, Candidate, Clock, Problem, Result, as_arrays, measure_seeds
from torch_peer import compiled, loss_in_float64, torch_step
from training import our_step, torch_copy

TOLERANCE = 5e-3
CASES = (DIGITS, Case("ResNet-9, batch of 128", resnet9, (128, 3, 32, 32), (128,), 10))

torch = optional("torch")


@dataclass(frozen=True)
class Bench:
    """What runs the steps: a device of ours, one of PyTorch's if it has any, and what waits for both."""

    device: str
    wait: Callable[[], object]
    torch_device: str = ""
    compile_options: Mapping[str, Any] | None = None
    has_graphs: bool = True
    clock: Clock = WALL

    def results(self, cases: Sequence[Case]) -> Iterator[Result]:
        """A row for each case."""
        for case in cases:
            yield measure_seeds("training step", case.name, partial(self.problem, case), self.clock)

    def problem(self, case: Case, seed: int) -> Problem:
        """The steps with the seed's batch and weights, and the first one's loss."""
        steps = {**self.ours(case, seed), **self.theirs(case, seed)}
        reference = as_arrays(loss_in_float64(case, torch_copy(case, model_of(case, seed)), seed)) if torch else None
        return Problem({name: self.waited_for(step) for name, step in steps.items()}, reference, TOLERANCE)

    def ours(self, case: Case, seed: int) -> dict[str, Candidate]:
        """As accurate as float32, and with TF32."""
        options: dict[str, dict[str, str]] = {OURS: {}, f"{OURS}, TF32": {"precision": "tf32"}}
        return {name: our_step(case, model_of(case, seed), seed, self.device, **each) for name, each in options.items()}

    def theirs(self, case: Case, seed: int) -> dict[str, Candidate]:
        """With the weights that ours has."""
        if not self.torch_device:
            return {}
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
        ours = model_of(case, seed)

        def step(wrapped: Callable[[Any], Any] = lambda model: model, as_graph: bool = False) -> Candidate:
            model = wrapped(torch_copy(case, ours).to(self.torch_device))
            return torch_step(case, model, True, seed, self.torch_device, as_graph)

        steps = {"torch": step()}
        if self.compile_options is not None:
            steps["torch.compile"] = step(partial(compiled, **self.compile_options))
        if self.has_graphs:
            steps["torch, CUDA graph"] = step(as_graph=True)
        return steps

    def waited_for(self, step: Candidate) -> Candidate:
        """A step whose end is waited for."""

        def run() -> object:
            loss = step()
            self.wait()
            return loss

        return run


def model_of(case: Case, seed: int) -> Any:
    """Ours, with weights that are the seed's."""
    dark.manual_seed(seed)
    return case.build(nn)


def card_bench(mode: str) -> Bench:
    """On the first card."""
    import cupy  # noqa: PLC0415  (only on a machine with a card)

    return Bench("cuda", cupy.cuda.Device().synchronize, *peer_on_card(mode))


def main() -> int:
    """Returns 1 if a row failed."""
    options = command_line("Time training steps on a card beside PyTorch's.").parse_args()
    if not dt.is_cuda():
        sys.exit("there is no card that can be used; dark-jit doctor says what is missing")
    bench = card_bench(options.mode)
    machine = describe_machine() | {"torch.compile": str(bench.compile_options)}
    return report(bench.results(CASES), machine, options.json)


if __name__ == "__main__":
    raise SystemExit(main())
