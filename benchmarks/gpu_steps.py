"""Training steps on a card, beside PyTorch: `python benchmarks/gpu_steps.py`.

Forward, cross-entropy, backward and Adam, with the batch on the card; wall time of a step that is waited for, the
median of many. PyTorch's in float32 without TF32, launched from Python and as a CUDA graph.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

import dark_jit as dark
import dark_jit.tensor as dt
from dark_jit import nn, optim
from models import DIGITS, LEARNING_RATE, Case, resnet9
from peers import optional

WARM_UP, ROUNDS = 10, 50
OPTIONS: Mapping[str, Mapping[str, Any]] = {"dark_jit": {}, "dark_jit, TF32": {"precision": "tf32"}}
CASES = (DIGITS, Case("ResNet-9, batch of 128", resnet9, (128, 3, 32, 32), (128,), 10))

torch = optional("torch")


def our_step(case: Case, options: Mapping[str, Any]) -> Callable[[], object]:
    """The compiled step."""
    model = case.build(nn).to("cuda")
    optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
    inputs, labels = (dark.asarray(array, device="cuda") for array in case.batch())

    def step(inputs: dark.Tensor, labels: dark.Tensor) -> dark.Tensor:
        loss = dark.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    compiled = dark.compile(step, **options)
    return lambda: compiled(inputs, labels)


def torch_step(case: Case, as_graph: bool) -> Callable[[], object]:
    """PyTorch's step, launched from Python or recorded."""
    model = case.build(torch.nn).cuda()
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=True, capturable=as_graph)
    inputs, labels = (torch.from_numpy(array).cuda() for array in case.batch())

    def step() -> object:
        loss = torch.nn.functional.cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return _recorded(step) if as_graph else step


def _recorded(step: Callable[[], object]) -> Callable[[], object]:
    """The step as a CUDA graph, as PyTorch's documentation makes it."""
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        step()
    replay: Callable[[], object] = graph.replay
    return replay


def milliseconds(step: Callable[[], object], wait: Callable[[], object]) -> float:
    """Of a step that is waited for."""
    for _ in range(WARM_UP):
        step()
    times = []
    for _ in range(ROUNDS):
        wait()
        start = time.perf_counter()
        step()
        wait()
        times.append(time.perf_counter() - start)
    return 1e3 * statistics.median(times)


def main() -> None:
    """Print the table."""
    if not dt.is_cuda():
        sys.exit("there is no card that can be used; dark-jit doctor says what is missing")
    import cupy  # noqa: PLC0415  (only on a machine with a card)

    wait = cupy.cuda.Device().synchronize
    for case in CASES:
        found = {name: milliseconds(our_step(case, options), wait) for name, options in OPTIONS.items()}
        if torch is not None and torch.cuda.is_available():
            torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
            found["torch"] = milliseconds(torch_step(case, as_graph=False), wait)
            found["torch, CUDA graph"] = milliseconds(torch_step(case, as_graph=True), wait)
        print(case.name, ", ".join(f"{name} {value:.3f} ms" for name, value in found.items()), sep=": ", flush=True)


if __name__ == "__main__":
    main()
