"""PyTorch's training step and inference. Nothing here imports dark_jit, so that a process can have PyTorch alone."""

from __future__ import annotations

from typing import Any

from models import LEARNING_RATE, Case
from peers import optional
from timing import Candidate

torch = optional("torch")


def torch_step(case: Case, model: Any, fused: bool) -> Candidate:
    """PyTorch's step, called with tensors. Adam's fused form is its fastest on a CPU."""
    inputs, labels = (torch.from_numpy(array) for array in case.batch())
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=fused)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def step() -> object:
        loss = cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return step


def torch_inference(case: Case, model: Any) -> Candidate:
    """PyTorch's model in its inference mode."""
    inputs = torch.from_numpy(case.batch()[0])
    model.eval()

    def run() -> object:
        with torch.inference_mode():
            return model(inputs)

    return run
