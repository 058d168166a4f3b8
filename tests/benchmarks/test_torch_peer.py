"""PyTorch's forms of the work."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from models import Case

torch = pytest.importorskip("torch", reason="torch is one of the peers")
torch_peer = pytest.importorskip("torch_peer")


def linear(nn: Any) -> Any:
    """The smallest model."""
    return nn.Sequential(nn.Flatten(), nn.Linear(6, 3))


TINY = Case("tiny", linear, (4, 2, 3), (4,), 3)


def test_what_is_compiled_knows_its_shapes_whatever_its_code_has_seen_before() -> None:
    shapes = []

    def backend(module: Any, inputs: list[Any]) -> Any:
        shapes.extend(tuple(each.shape) for each in inputs)
        return module.forward

    def double(x: Any) -> Any:
        return x * 2

    for size in (3, 5, 7):
        x = torch.ones(size)
        assert torch_peer.compiled(double, backend=backend)(x).tolist() == [2.0] * size
    assert shapes == [(3,), (5,), (7,)]
    assert all(type(size) is int for (size,) in shapes)  # not one that stands for any


def test_a_compiler_that_does_not_work_says_why() -> None:
    def broken(module: Any, inputs: list[Any]) -> Any:
        raise OSError("no C compiler")

    assert torch_peer.compiler_failure("cpu", backend="eager") == ""
    assert "no C compiler" in torch_peer.compiler_failure("cpu", backend=broken)


def test_the_loss_in_float64_is_that_of_the_first_step() -> None:
    torch.manual_seed(0)
    model = TINY.build(torch.nn)
    first = torch_peer.torch_step(TINY, model, fused=True, seed=1)().item()
    torch.manual_seed(0)
    again = TINY.build(torch.nn)
    want = torch_peer.loss_in_float64(TINY, again, seed=1)
    assert want.dtype == torch.float64
    assert abs(first - want.item()) < 1e-6
    assert first != torch_peer.torch_step(TINY, TINY.build(torch.nn), fused=True, seed=2)().item()


def test_steps_are_undone_where_their_values_lie() -> None:
    """A recorded step begins where it was recorded."""
    model = TINY.build(torch.nn)
    optimizer = torch.optim.Adam(model.parameters())
    before = {name: value.clone() for name, value in model.state_dict().items()}
    address = next(model.parameters()).data_ptr()

    def losses() -> list[float]:
        found = []
        for _ in range(3):
            inputs, labels = (torch.from_numpy(array) for array in TINY.batch())
            loss = torch.nn.functional.cross_entropy(model(inputs), labels)
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            found.append(loss.item())
        return found

    first = losses()
    torch_peer.restore(model, before, optimizer)
    assert losses() == first
    assert next(model.parameters()).data_ptr() == address


@pytest.mark.parametrize("stride", [1, 2])
def test_gradients_of_convolutions_are_autograds(stride: int) -> None:
    rng = np.random.default_rng(0)
    x = torch.from_numpy(rng.standard_normal((2, 3, 7, 7))).requires_grad_()
    k = torch.from_numpy(rng.standard_normal((4, 3, 3, 3))).requires_grad_()
    y = torch.nn.functional.conv2d(x, k, stride=stride, padding=1)
    dy = torch.ones_like(y)
    want = torch.autograd.grad(y, (x, k), dy)
    both = torch_peer.convolution_gradients(x, k, dy, stride, 1)
    only = torch_peer.convolution_gradients(x, k, dy, stride, 1, (False, True))
    for found, gradient in zip([*both, *only], [*want, want[1]], strict=True):
        assert torch.allclose(found, gradient)
