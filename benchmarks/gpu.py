"""Kernels on a card, beside PyTorch, eager and compiled: `python benchmarks/gpu.py [--json FILE]`.

Each row is one program of dark_jit, all of its kernels, and the same work in PyTorch at the same precision: float32
without TF32 (ours in any way that is as accurate, or on the ordinary units only: "strict"), or TF32. Before anything
is timed all outputs are held to NumPy's in float64: within 1e-4 of the largest value, with TF32 within 2e-3. Times are
those of device events around a run of launches, libraries in turns; arguments take turns between copies that together
do not fit into the second cache. A row is the median over three seeds, each with its own arguments, with the lowest
and the highest. Launches come from Python in all, so small work shows the launches' price, not the kernels'.

torch.compile is given the mode max-autotune-no-cudagraphs: in its default mode products and convolutions are the same
calls of cuBLAS and cuDNN as without it; here Triton's kernels compete with these. CUDA graphs would copy the arguments
to where they were recorded, and what waits for memory would take twice as long.
"""

from __future__ import annotations

import argparse
import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dark_jit as dark
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda import presence
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.card import CardDevice
from dark_jit.backends.cuda.runtime import Device
from dark_jit.errors import BackendError
from gpu_cases import Case, Sizes, cases, problem
from peers import describe_machine, optional
from report import report
from timing import OURS, Array, Candidate, Clock, Problem, Result, measure_seeds
from torch_peer import compiled, compiler_failure

CACHE = 256 << 20  # bytes that copies of the arguments fill together
WARM_UP = 40  # calls: a program's first runs are launched, then recorded
MODE = "max-autotune-no-cudagraphs"

torch = optional("torch")


@dataclass(frozen=True)
class Bench:
    """What runs the work: a device of ours, one of PyTorch's if it has any, and what times both.

    compile_options: torch.compile's; None where it does not work.
    """

    device: Device
    clock: Clock
    torch_device: str = ""
    compile_options: Mapping[str, Any] | None = None

    def results(self, wanted: Iterator[Case], only: Sequence[str] = ()) -> Iterator[Result]:
        """A row for each case and precision, of these groups or of all."""
        for case in wanted:
            for precision, (group, tolerance) in case.groups.items():
                if only and group not in only:
                    continue
                libraries = {OURS: self.ours(case, precision), **self.theirs(case, precision)}
                posed = partial(pose, case, tolerance, libraries)
                yield measure_seeds(group, case.name, posed, self.clock, case.flops, case.moved)

    def described(self) -> dict[str, str]:
        """What the figures have to be read with besides."""
        return {"card": self.device.target.arch, "torch.compile": str(self.compile_options)}

    def ours(self, case: Case, precision: str) -> Callable[[Sequence[Array]], Candidate]:
        """What makes a candidate of arguments: the program, each copy of the arguments with memory of its own."""
        traced = dark.compile(case.ours, backend="reference")
        program = CudaProgram(traced.graph_for(*problem(case, 0)[0]), self.device, precision)

        def copy(arrays: Sequence[Array]) -> Candidate:
            frame = program.frame()
            inputs = [self.on_device(buffer) for buffer in traced.inputs_for(*arrays)]  # in the graph's order
            return lambda: frame.run(inputs, looks=False)[0]

        return partial(rotating, copy)

    def on_device(self, buffer: Buffer) -> Buffer:
        """A copy of the buffer there."""
        memory = self.device.allocate(buffer.array().nbytes)
        self.device.fill(memory, buffer)
        return self.device.buffer(memory, buffer.shape, buffer.dtype)

    def theirs(self, case: Case, precision: str) -> dict[str, Callable[[Sequence[Array]], Candidate]]:
        """The same of PyTorch's function and of that which torch.compile makes of it."""
        if not self.torch_device:
            return {}
        rounded = precision == "tf32"
        torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = rounded
        functions = {"torch": case.theirs}
        if self.compile_options is not None:
            functions["torch.compile"] = compiled(case.theirs, **self.compile_options)

        def copy(function: Callable[..., Any], arrays: Sequence[Array]) -> Candidate:
            return partial(function, *(torch.from_numpy(array).to(self.torch_device, copy=True) for array in arrays))

        return {name: partial(rotating, partial(copy, function)) for name, function in functions.items()}


def pose(
    case: Case, tolerance: float, libraries: Mapping[str, Callable[[Sequence[Array]], Candidate]], seed: int
) -> Problem:
    """The seed's arguments in each library, and what should come of them."""
    arrays, reference = problem(case, seed)
    candidates = {name: made(arrays) for name, made in libraries.items()}
    return Problem(candidates, reference, tolerance)


def rotating(copy: Callable[[Sequence[Array]], Candidate], arrays: Sequence[Array]) -> Candidate:
    """A candidate whose calls take turns between copies of the arguments."""
    copies = max(1, min(8, CACHE // sum(array.nbytes for array in arrays)))
    following = itertools.cycle([copy(arrays) for _ in range(copies)])

    def call() -> object:
        return next(following)()

    return call


def event_clock(cuda: Any) -> Clock:
    """By the events of CuPy's module `cuda`, in the stream in which PyTorch's kernels run too: the default one."""

    def turn(candidate: Candidate, calls: int) -> float:
        for _ in range(WARM_UP):
            candidate()
        start, end = cuda.Event(), cuda.Event()
        start.record()
        for _ in range(calls):
            candidate()
        end.record()
        end.synchronize()
        return float(cuda.get_elapsed_time(start, end)) / 1e3 / calls

    return Clock(turn, seconds=0.01, budget=0.07, rounds=(5, 7))


def card_bench(mode: str) -> Bench:
    """On the first card. Raises BackendError where there is none."""
    device = CardDevice()
    return Bench(device, event_clock(presence.cupy().cuda), *peer_on_card(mode))


def peer_on_card(mode: str) -> tuple[str, Mapping[str, Any] | None]:
    """PyTorch's device, and the options with which torch.compile works there."""
    if torch is None or not torch.cuda.is_available():
        return "", None
    failure = compiler_failure("cuda", mode=mode)
    if failure:
        print(f"torch.compile is left out: {failure}", file=sys.stderr)
    return "cuda", None if failure else {"mode": mode}


def command_line(description: str) -> argparse.ArgumentParser:
    """What gpu_steps.py can be told too."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--mode", default=MODE, help="torch.compile's (%(default)s)")
    parser.add_argument("--json", type=Path, help="a file for the figures")
    return parser


def main() -> int:
    """Returns 1 if a row failed."""
    parser = command_line("Time kernels on a card beside PyTorch's.")
    parser.add_argument("--only", default="", help="groups, ';' between them, such as 'memory;TF32' (all)")
    options = parser.parse_args()
    try:
        bench = card_bench(options.mode)
    except BackendError as error:
        sys.exit(str(error))
    only = [group for group in options.only.split(";") if group]
    return report(bench.results(cases(Sizes()), only), describe_machine() | bench.described(), options.json)


if __name__ == "__main__":
    raise SystemExit(main())
