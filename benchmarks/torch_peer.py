"""PyTorch's training step and inference. Nothing here imports dark_jit, so that a process can have PyTorch alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from models import LEARNING_RATE, Case
from peers import optional
from timing import Candidate

torch = optional("torch")


def compiled(function: Any, **options: Any) -> Any:
    """torch.compile of a function or a module, for the shapes that it is given first; what was compiled before is lost.

    Its cache goes by code: what has the code of something seen before with other shapes (two nn.Sequentials have) would
    be compiled for any shape, which is slower, or after some more not at all.
    """
    torch.compiler.reset()
    return torch.compile(function, dynamic=False, **options)


def compiler_failure(device: str, **options: Any) -> str:
    """Why torch.compile does not work there (Triton needs a C compiler); empty if it does."""
    try:
        compiled(lambda x: torch.relu(x + 1), **options)(torch.ones(8, device=device))
    except Exception as error:  # whatever it is, the other libraries can be timed
        return " ".join(str(error).splitlines()[:2])  # which backend, and what it raised
    return ""


def torch_step(
    case: Case, model: Any, fused: bool, seed: int = 0, device: str = "cpu", as_graph: bool = False
) -> Candidate:
    """PyTorch's step, called with tensors, or recorded as a CUDA graph. Adam's fused form is its fastest."""
    model = model.to(device)
    inputs, labels = (torch.from_numpy(array).to(device) for array in case.batch(seed))
    optimizer = torch.optim.Adam(model.parameters(), lr=LEARNING_RATE, fused=fused, capturable=as_graph)
    cross_entropy = torch.nn.CrossEntropyLoss()

    def step() -> Any:
        loss = cross_entropy(model(inputs), labels)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    return recorded(step, model, optimizer) if as_graph else step


def recorded(step: Candidate, model: Any, optimizer: Any) -> Candidate:
    """The step as a CUDA graph, as PyTorch's documentation makes it; the first replay is the first step."""
    before = {name: value.clone() for name, value in model.state_dict().items()}
    stream = torch.cuda.Stream()
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        for _ in range(3):
            step()
    torch.cuda.current_stream().wait_stream(stream)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        loss = step()
    restore(model, before, optimizer)

    def replay() -> object:
        graph.replay()
        return loss

    return replay


def restore(model: Any, before: dict[str, Any], optimizer: Any) -> None:
    """Undo steps where the values lie: a graph knows their addresses."""
    model.load_state_dict(before)
    for state in optimizer.state.values():
        for value in state.values():
            value.zero_()


def loss_in_float64(case: Case, model: Any, seed: int = 0) -> Any:
    """That of the first step, of a copy of the model that is given up."""
    inputs, labels = (torch.from_numpy(array) for array in case.batch(seed))
    with torch.no_grad():
        return torch.nn.functional.cross_entropy(model.double()(inputs.double()), labels)


def torch_inference(case: Case, model: Any) -> Candidate:
    """PyTorch's model in its inference mode."""
    inputs = torch.from_numpy(case.batch()[0])
    model.eval()

    def run() -> object:
        with torch.inference_mode():
            return model(inputs)

    return run


def convolution_gradients(
    x: Any, k: Any, dy: Any, stride: int, padding: int, wanted: Sequence[bool] = (True, True)
) -> list[Any]:
    """PyTorch's own gradient kernels of conv2d, without autograd around them: of the input, of the kernels."""
    backward = torch.ops.aten.convolution_backward
    mask = [*wanted, False]
    found = backward(dy, x, k, None, [stride] * 2, [padding] * 2, [1, 1], False, [0, 0], 1, mask)
    return [gradient for gradient, asked in zip(found, mask, strict=True) if asked]
