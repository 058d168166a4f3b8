"""Training steps (forward, cross-entropy, backward, Adam) and inference, beside PyTorch with the same weights."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import dark_jit as dark
import jax_peer
import onnx_peer
from dark_jit import nn, optim
from jax_peer import jax
from models import CASES, IN_JAX, LEARNING_RATE, Case
from peers import optional
from timing import OURS, Candidate, Result, Timing, measure
from torch_peer import compiled, torch_inference, torch_step

torch = optional("torch")


def results(threads: int) -> Iterator[Result]:
    """How long the first call takes, trace and compilation included; then the step itself."""
    for case in CASES:
        start = time.perf_counter()
        our_step(case, case.build(nn))()
        yield Result("first call", case.name, {OURS: Timing.of([time.perf_counter() - start])})

        model = case.build(nn)
        candidates = {OURS: our_step(case, model)}
        if torch:
            candidates["torch"] = torch_step(case, torch_copy(case, model), fused=False)
            candidates["torch, fused Adam"] = torch_step(case, torch_copy(case, model), fused=True)
        if torch and jax and case in IN_JAX:
            candidates["jax.jit"] = jax_step(case, torch_copy(case, model))
        yield measure("training step", case.name, candidates, tolerance=2e-3)


def results_torch_compile(threads: int) -> Iterator[Result]:
    """Each step beside torch.compile's, which takes a C++ compiler and up to a minute to make."""
    for case in CASES:
        model = case.build(nn)
        peer = torch_step(case, compiled(torch_copy(case, model)), fused=True)
        candidates = {OURS: our_step(case, model), "torch.compile": peer}
        yield measure("training step", case.name, candidates, tolerance=2e-3)


def inference_results(threads: int) -> Iterator[Result]:
    """The model's output in eval mode, without gradients."""
    for case in CASES:
        model = case.build(nn)
        candidates = {OURS: our_inference(case, model)}
        if torch:
            candidates["torch"] = torch_inference(case, torch_copy(case, model))
        if onnx_peer.available:
            inputs = torch.from_numpy(case.batch()[0])
            candidates["ONNX Runtime"] = onnx_peer.exported(torch_copy(case, model), (inputs,), threads)
        yield measure("inference", case.name, candidates, tolerance=1e-3)


def torch_copy(case: Case, model: Any) -> Any:
    """PyTorch's model with the weights that ours has now."""
    copy = case.build(torch.nn)
    ours = dict(model.named_parameters())
    with torch.no_grad():
        for name, theirs in copy.named_parameters():
            found = ours[our_name(name)].numpy()
            theirs.copy_(torch.from_numpy(found.reshape(theirs.shape).copy()))
    return copy


def our_name(name: str) -> str:
    """PyTorch's name of a parameter in ours."""
    head, _, last = name.rpartition(".")
    last = {"weight": "weights", "in_proj_weight": "in_proj.weights", "in_proj_bias": "in_proj.bias"}.get(last, last)
    return f"{head}.{last}" if head else last


def our_step(case: Case, model: Any, seed: int = 0, device: str | None = None, **options: Any) -> Candidate:
    """The compiled step: called with NumPy arrays as a training loop would, or with the batch on a device."""
    batch: Sequence[Any] = case.batch(seed)
    if device:
        model, batch = model.to(device), [dark.asarray(array, device=device) for array in batch]
    optimizer = optim.Adam(model.parameters(), lr=LEARNING_RATE)
    cross_entropy = nn.CrossEntropyLoss()

    def step(inputs: dark.Tensor, labels: dark.Tensor) -> dark.Tensor:
        loss = cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    fast = dark.compile(step, **options)
    return lambda: fast(*batch)


def jax_step(case: Case, theirs: Any) -> Candidate:
    """JAX's step, with the parameters of a model of PyTorch's."""
    model = case.build(jax_peer)
    model.load([jax.numpy.asarray(each.detach().numpy()) for each in theirs.parameters()])
    return jax_peer.training_step(model, case.batch(), LEARNING_RATE)


def our_inference(case: Case, model: Any) -> Candidate:
    """The compiled model."""
    inputs, _ = case.batch()
    model.eval()

    @dark.compile
    def run(inputs: dark.Tensor) -> Any:
        with dark.no_grad():
            return model(inputs)

    return lambda: run(inputs)
