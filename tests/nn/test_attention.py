"""Attention against PyTorch's: values, weights, gradients, masks."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn
from dark_jit.nn import functional as F

torch = pytest.importorskip("torch")

rng = np.random.default_rng(0)
Q, K, V = rng.standard_normal((2, 3, 8)), rng.standard_normal((2, 5, 8)), rng.standard_normal((2, 5, 8))
CAUSAL = np.triu(np.ones((3, 5), bool), 2)
PADDING = np.array([[False] * 5, [False, False, False, True, True]])


@pytest.mark.parametrize("mask", [None, ~CAUSAL, np.where(CAUSAL, -1.5, 0.25)], ids=["none", "bool", "numbers"])
@pytest.mark.parametrize("scale", [None, 0.3])
def test_scaled_dot_product(mask: Any, scale: float | None) -> None:
    leaves, theirs = [dark.Parameter(x) for x in (Q, K, V)], [torch.tensor(x, requires_grad=True) for x in (Q, K, V)]
    found = F.scaled_dot_product_attention(*leaves, mask, scale=scale)
    mask = None if mask is None else torch.tensor(mask)
    wanted = torch.nn.functional.scaled_dot_product_attention(*theirs, mask, scale=scale)
    (found * found).sum().backward()
    (wanted * wanted).sum().backward()
    np.testing.assert_allclose(found.numpy(), wanted.detach().numpy(), rtol=1e-10, atol=1e-13)
    for mine, other in zip(leaves, theirs, strict=True):
        assert mine.grad is not None
        np.testing.assert_allclose(mine.grad.numpy(), other.grad.numpy(), rtol=1e-9, atol=1e-12)


def layers(batch_first: bool) -> tuple[nn.MultiheadAttention, Any]:
    dark.set_default_dtype("float64")
    try:
        ours = nn.MultiheadAttention(8, 2, batch_first=batch_first)
    finally:
        dark.set_default_dtype("float32")
    theirs = torch.nn.MultiheadAttention(8, 2, batch_first=batch_first).double()
    for parameter in theirs.parameters():
        torch.nn.init.uniform_(parameter, -1, 1)
    ours.load_state_dict(theirs.state_dict())
    return ours, theirs


@pytest.mark.parametrize("compiled", [False, True], ids=["lazy", "compiled"])
@pytest.mark.parametrize("batch_first", [False, True])
def test_multihead(batch_first: bool, compiled: bool) -> None:
    ours, theirs = layers(batch_first)
    arrays = [x if batch_first else x.transpose(1, 0, 2) for x in (Q, K, V)]
    leaves = [torch.tensor(x, requires_grad=True) for x in arrays]
    wanted, wanted_weights = theirs(*leaves, key_padding_mask=torch.tensor(PADDING), attn_mask=torch.tensor(CAUSAL))
    (wanted.sum() + (wanted_weights**2).sum()).backward()
    parameters = [dark.Parameter(x) for x in arrays]

    def step() -> Any:
        y, weights = ours(*parameters, key_padding_mask=PADDING, attn_mask=CAUSAL)
        (y.sum() + (weights**2).sum()).backward()
        return y, weights

    y, weights = (dark.compile(step) if compiled else step)()
    np.testing.assert_allclose(y.numpy(), wanted.detach().numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(weights.numpy(), wanted_weights.detach().numpy(), rtol=1e-10, atol=1e-12)
    gradients = [leaf.grad for leaf in leaves] + [p.grad for p in theirs.parameters()]
    for mine, other in zip([*parameters, *ours.parameters()], gradients, strict=True):
        assert mine.grad is not None
        np.testing.assert_allclose(mine.grad.numpy().reshape(other.shape), other.numpy(), rtol=1e-8, atol=1e-11)


def test_one_sequence_and_masks_for_each_head() -> None:
    ours, theirs = layers(False)
    found, weights = ours(Q[0], K[0], V[0], need_weights=False)
    assert weights is None
    wanted, _ = theirs(*(torch.tensor(x[0]) for x in (Q, K, V)))
    np.testing.assert_allclose(found.numpy(), wanted.detach().numpy(), rtol=1e-10, atol=1e-12)
    _, weights = ours(Q[0], K[0], V[0])
    assert weights is not None
    assert weights.shape == (3, 5)
    ours, theirs = layers(True)
    mask = rng.standard_normal((4, 3, 5))
    found, _ = ours(Q, K, V, attn_mask=mask)
    wanted, _ = theirs(*(torch.tensor(x) for x in (Q, K, V)), attn_mask=torch.tensor(mask))
    np.testing.assert_allclose(found.numpy(), wanted.detach().numpy(), rtol=1e-10, atol=1e-12)


def test_what_it_holds() -> None:
    layer = nn.MultiheadAttention(8, 2)
    shapes = {name: parameter.shape for name, parameter in layer.named_parameters()}
    assert shapes == {
        "in_proj.weights": (24, 8),
        "in_proj.bias": (1, 24),
        "out_proj.weights": (8, 8),
        "out_proj.bias": (1, 8),
    }
    assert repr(layer).startswith("MultiheadAttention(8, num_heads=2, batch_first=False  # 288 parameters\n")
    assert len(list(nn.MultiheadAttention(8, 2, bias=False).parameters())) == 2


def test_shapes_that_do_not_fit() -> None:
    layer = nn.MultiheadAttention(8, 2)
    with pytest.raises(dark.ShapeError, match=r"query \(length, N, 8\).*got shape \(2, 3, 7\)"):
        layer(Q[..., 1:], K, V)
    with pytest.raises(dark.ShapeError, match=r"needs key .*got shape \(5, 8\)"):
        layer(Q, K[0], V)
