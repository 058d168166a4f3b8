"""Kernels on a card, beside PyTorch: `python benchmarks/gpu.py [--json FILE]`.

Each row is one program of dark_jit, all of its kernels, and the same work in PyTorch at the same precision: float32
without TF32 (ours in any way that is as accurate, or on the ordinary units only: "strict"), or TF32. Times are those of
device events around a run of launches, the median of several; arguments take turns between copies that together do not
fit into the second cache. Launches come from Python in both, so small work shows the launches' price, not the kernels'.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

import dark_jit as dark
from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.backend import CudaProgram
from dark_jit.backends.cuda.card import CardDevice
from dark_jit.errors import BackendError
from peers import optional

CACHE = 256 << 20  # bytes that copies of the arguments fill together
RUNS, ROUNDS = 20, 7

torch = optional("torch")
Array = NDArray[Any]


@dataclass(frozen=True)
class Case:
    """Some work: ours, PyTorch's, the shapes of its arguments, and what it moves and computes."""

    name: str
    ours: Callable[..., Any]
    theirs: Callable[..., Any]
    shapes: Sequence[tuple[int, ...]]
    flops: float = 0.0
    moved: float = 0.0  # bytes, each buffer once
    precision: str = "default"


@dataclass(frozen=True)
class Row:
    """Seconds, the median of the rounds; and ours in TFLOP/s or TB/s."""

    name: str
    ours: float
    theirs: float | None
    figure: float
    unit: str


def cases() -> list[Case]:
    """What is measured."""
    n = 1 << 26
    found = [
        Case("copy, 256 MB", lambda x: x + 0.0, lambda x: x.clone(), [(n,)], moved=8.0 * n),
        Case("relu(x * y + x)", lambda x, y: dark.relu(x * y + x), _torch_chain, [(n,), (n,)], moved=12.0 * n),
        Case("sum of all", dark.sum, lambda x: x.sum(), [(n,)], moved=4.0 * n),
        Case("sum of rows", lambda x: dark.sum(x, axis=1), lambda x: x.sum(1), [(16384, 4096)], moved=4.0 * n),
        Case("sum of columns", lambda x: dark.sum(x, axis=0), lambda x: x.sum(0), [(16384, 4096)], moved=4.0 * n),
        Case("transposition", lambda x: x.T + 0.0, lambda x: x.T.contiguous(), [(8192, 8192)], moved=8.0 * n),
    ]
    for m, k, columns in ((1024, 1024, 1024), (4096, 4096, 4096), (8192, 1024, 1024), (4096, 4096, 128)):
        name = f"{m} x {k} @ {k} x {columns}"
        found.append(Case(name, _product, _product, [(m, k), (k, columns)], flops=2.0 * m * k * columns))
    for batch, channels, size, outputs in ((64, 64, 56, 64), (64, 256, 14, 256)):
        shapes = [(batch, channels, size, size), (outputs, channels, 3, 3)]
        flops = 2.0 * batch * size * size * channels * outputs * 9
        found.append(Case(f"conv2d {shapes[0]}, {outputs} of 3 x 3", _conv, _torch_conv, shapes, flops=flops))
        found.append(Case("  its gradients", _conv_gradients, _torch_gradients, shapes, flops=2 * flops))
    products = [case for case in found if case.flops]
    return [*found, *(replace(case, precision=other) for other in ("strict", "tf32") for case in products)]


def _product(x: Any, y: Any) -> Any:
    return x @ y


def _conv(x: Any, w: Any) -> Any:
    return dark.conv2d(x, w, padding=1)


def _conv_gradients(x: Any, w: Any) -> Any:
    result, pullback = dark.vjp(_conv, x, w)
    return pullback(dark.ones(result.shape))


def _torch_chain(x: Any, y: Any) -> Any:
    return torch.relu(x * y + x)


def _torch_conv(x: Any, w: Any) -> Any:
    return torch.nn.functional.conv2d(x, w, padding=1)


def _torch_gradients(x: Any, w: Any) -> Any:
    g = torch.ones((x.shape[0], w.shape[0], *x.shape[2:]), device=x.device)
    return (
        torch.nn.grad.conv2d_input(x.shape, w, g, padding=1),
        torch.nn.grad.conv2d_weight(x, w.shape, g, padding=1),
    )


def measure(case: Case, device: CardDevice) -> Row:
    """One row of the table. Raises AssertionError where the results differ."""
    import cupy  # noqa: PLC0415  (only on a machine with a card)

    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, np.float32) for shape in case.shapes]
    copies = max(1, min(8, CACHE // sum(array.nbytes for array in arrays)))
    compiled = dark.compile(case.ours, backend="reference")
    program = CudaProgram(compiled.graph_for(*arrays), device, case.precision)
    inputs = compiled.inputs_for(*arrays)  # in the order of the graph's
    turns = [(program.frame(), [_on_card(device, buffer) for buffer in inputs]) for _ in range(copies)]

    def launch(number: int) -> None:
        frame, given = turns[number % copies]
        frame.run(given, looks=False)

    ours = _time(launch, cupy.cuda)
    has_peer = torch is not None and torch.cuda.is_available()
    theirs = _time_torch(case, arrays, copies, program.run(inputs)) if has_peer else None
    figure, unit = (case.flops / 1e12, "TFLOP/s") if case.flops else (case.moved / 1e12, "TB/s")
    name = case.name if case.precision == "default" else f"{case.name}, {case.precision}"
    return Row(name, ours, theirs, figure / ours, unit)


def _on_card(device: CardDevice, buffer: Buffer) -> Buffer:
    return device.buffer(device.reach(buffer), buffer.shape, buffer.dtype)


def _time(launch: Callable[[int], object], cuda: Any) -> float:
    rounds = []
    for number in range(2 * RUNS):  # first runs are launched, then recorded
        launch(number)
    for _ in range(ROUNDS):
        start, end = cuda.Event(), cuda.Event()
        start.record()
        for number in range(RUNS):
            launch(number)
        end.record()
        end.synchronize()
        rounds.append(cuda.get_elapsed_time(start, end) / 1e3 / RUNS)
    return float(statistics.median(rounds))


def _time_torch(case: Case, arrays: Sequence[Array], copies: int, found: Sequence[Buffer]) -> float:
    rounded = case.precision == "tf32"
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = rounded
    tensors = [[torch.from_numpy(array).cuda() for array in arrays] for _ in range(copies)]
    with torch.no_grad():
        wanted = case.theirs(*tensors[0])
        for one, other in zip(found, wanted if isinstance(wanted, tuple) else (wanted,), strict=True):
            want = other.cpu().numpy()
            np.testing.assert_allclose(one.array(), want, rtol=1e-3, atol=1e-3 * float(np.abs(want).max()))
        rounds = []
        for _ in range(ROUNDS):
            start, end = torch.cuda.Event(enable_timing=True), torch.cuda.Event(enable_timing=True)
            start.record()
            for number in range(RUNS):
                case.theirs(*tensors[number % copies])
            end.record()
            end.synchronize()
            rounds.append(start.elapsed_time(end) / 1e3 / RUNS)
    return float(statistics.median(rounds))


def main() -> None:
    """Print the table, and write it as JSON on demand."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", help="a file for the rows")
    options = parser.parse_args()
    try:
        device = CardDevice()
    except BackendError as error:
        sys.exit(str(error))
    rows = []
    print(f"{'':42} {'dark_jit':>10} {'PyTorch':>10} {'ratio':>6}")
    for case in cases():
        row = measure(case, device)
        rows.append(row)
        theirs = f"{row.theirs * 1e6:8.1f} us" if row.theirs else "-"
        ratio = f"{row.theirs / row.ours:.2f}" if row.theirs else "-"
        print(f"{row.name:42} {row.ours * 1e6:7.1f} us {theirs:>10} {ratio:>6}   {row.figure:.2f} {row.unit}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"arch": device.target.arch, "rows": [asdict(row) for row in rows]}, file, indent=1)


if __name__ == "__main__":
    main()
