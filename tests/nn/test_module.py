"""Modules: what they hold, their state, their text."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn
from dark_jit.graph import origins


class Block(nn.Module):
    def __init__(self) -> None:
        self.inner = nn.ModuleList([nn.Linear(2, 3), nn.Linear(3, 2, bias=False)])
        self.shared = self.inner[0]
        self.scale = dark.Parameter(np.ones(1))
        self.register_buffer("count", dark.zeros(1))

    def forward(self, x: Any) -> Any:
        for layer in self.inner:
            x = layer(x)
        return x * self.scale


def test_what_a_module_holds() -> None:
    block = Block()
    names = [name for name, _ in block.named_parameters()]
    assert names == ["scale", "inner.0.weights", "inner.0.bias", "inner.1.weights"]
    assert len(list(block.parameters())) == 4
    assert next(block.parameters()) is block.scale
    assert [name for name, _ in block.named_buffers()] == ["count"]
    assert [type(module).__name__ for module in block.modules()] == ["Block", "ModuleList", "Linear", "Linear"]
    assert list(block.state_dict()) == ["scale", "count", *names[1:]]
    assert list(block.children()) == [block.inner, block.shared]
    assert [name for name, _ in block.named_children()] == ["inner", "shared"]
    every = [name for name, _ in block.named_modules(remove_duplicate=False)]
    assert every == ["", "inner", "inner.0", "inner.1", "shared"]


def test_modes() -> None:
    block = Block()
    assert block.training
    assert block.eval() is block
    assert not any(module.training for module in block.modules())
    block.train()
    assert all(module.training for module in block.modules())


def test_weight_is_weights() -> None:
    layer = nn.Linear(2, 3)
    assert layer.weight is layer.weights
    layer.weight = dark.Parameter(np.zeros((3, 2), np.float32))
    assert layer.weights.numpy().sum() == 0
    assert len(list(layer.parameters())) == 2


def test_text() -> None:
    model = nn.Sequential(nn.Conv2d(1, 2, 3, padding=1), nn.Sequential(nn.Flatten(), nn.Linear(4, 2, bias=False)))
    assert repr(model) == (
        "Sequential(  # 28 parameters\n"
        "  (0): Conv2d(1, 2, kernel_size=3, padding=1)  # 20 parameters\n"
        "  (1): Sequential(  # 8 parameters\n"
        "    (0): Flatten()\n"
        "    (1): Linear(4, 2, bias=False)  # 8 parameters\n"
        "  )\n"
        ")"
    )


TEXTS = [
    (nn.Linear(1000, 1000), "Linear(1000, 1000)  # 1,001,000 parameters"),
    (nn.Conv2d(4, 6, (3, 2), 2, dilation=2, groups=2, bias=False),
     "Conv2d(4, 6, kernel_size=(3, 2), stride=2, dilation=2, groups=2, bias=False)  # 72 parameters"),
    (nn.ConvTranspose2d(1, 1, 1, 2, output_padding=1, bias=False),
     "ConvTranspose2d(1, 1, kernel_size=1, stride=2, output_padding=1, bias=False)  # 1 parameter"),
    (nn.MaxPool2d(2), "MaxPool2d(2, stride=2, padding=0)"),
    (nn.AvgPool2d(3, 1, 1), "AvgPool2d(3, stride=1, padding=1)"),
    (nn.BatchNorm2d(3), "BatchNorm2d(3, eps=1e-05, momentum=0.1)  # 6 parameters"),
    (nn.BatchNorm2d(3, affine=False, track_running_stats=False),
     "BatchNorm2d(3, eps=1e-05, momentum=0.1, affine=False, track_running_stats=False)"),
    (nn.LayerNorm((2, 3)), "LayerNorm((2, 3), eps=1e-05)  # 12 parameters"),
    (nn.Upsample2d(2, "bilinear"), "Upsample2d(scale_factor=2, mode='bilinear')"),
    (nn.Embedding(5, 3), "Embedding(5, 3)  # 15 parameters"),
    (nn.Flatten(2), "Flatten(start_dim=2, end_dim=-1)"),
    (nn.LeakyReLU(0.2), "LeakyReLU(negative_slope=0.2)"),
    (nn.GELU("tanh"), "GELU(approximate='tanh')"),
    (nn.Softmax(1), "Softmax(dim=1)"),
    (nn.MSELoss(), "MSELoss()"),
    (nn.CrossEntropyLoss("sum"), "CrossEntropyLoss(reduction='sum')"),
]  # fmt: skip


@pytest.mark.parametrize(("layer", "text"), TEXTS, ids=[text for _, text in TEXTS])
def test_texts_of_layers(layer: nn.Module, text: str) -> None:
    assert repr(layer) == text


def test_apply_visits_the_inner_ones_first() -> None:
    model = nn.Sequential(nn.ReLU(), nn.Sequential(nn.Tanh(), nn.Sigmoid()), nn.Flatten())
    order: list[str] = []
    assert model.apply(lambda module: order.append(type(module).__name__)) is model
    assert order == ["ReLU", "Tanh", "Sigmoid", "Sequential", "Flatten", "Sequential"]


def test_a_module_that_holds_itself() -> None:
    loop = nn.Sequential(nn.Linear(1, 1))
    loop.again = loop
    assert list(loop.children()) == [loop[0], loop]
    assert len(list(loop.modules())) == 2
    assert len(list(loop.named_modules(remove_duplicate=False))) == 2


def test_buffers() -> None:
    module = nn.Module()
    module.register_buffer("seen", dark.zeros(2))
    module.register_buffer("nothing", None)
    assert [name for name, _ in module.named_buffers()] == ["seen"]
    assert list(module.parameters()) == []
    module.nothing = dark.ones(1)
    module.seen = dark.ones(2)
    assert [buffer.numpy().sum() for buffer in module.buffers()] == [2, 1]
    with pytest.raises(dark.DTypeError, match=r"register_buffer\('p'\) needs a Tensor that is not a Parameter"):
        module.register_buffer("p", dark.Parameter([1.0]))


def test_gradients_are_forgotten() -> None:
    layer = nn.Linear(2, 1)
    layer(np.ones((3, 2), np.float32)).sum().backward()
    assert all(parameter.grad is not None for parameter in layer.parameters())
    layer.zero_grad()
    assert all(parameter.grad is None for parameter in layer.parameters())


def test_lists() -> None:
    layers = nn.ModuleList([nn.ReLU()]).append(nn.Tanh()).extend([nn.Sigmoid()])
    assert (len(layers), type(layers[-1]), len(layers[:2])) == (3, nn.Sigmoid, 2)
    assert len(nn.Sequential([nn.ReLU(), nn.Tanh()])) == 2


def test_mistakes() -> None:
    with pytest.raises(NotImplementedError, match="forward"):
        nn.Module()(1)
    for make, error, message in (
        (lambda: nn.Conv2d(3, 4, 3, groups=2), dark.ArgumentError, "groups=2 must divide in_channels=3"),
        (lambda: nn.Conv2d(3, 4, (3, 3, 3)), dark.ArgumentError, "kernel_size must be a positive int or a pair"),
        (lambda: nn.ConvTranspose2d(3, 4, 0), dark.ArgumentError, "kernel_size"),
        (lambda: nn.Conv2d(3, 4, 3, padding_mode="edge"), dark.ArgumentError, "padding_mode must be 'zeros'"),
        (lambda: nn.Linear(3, -1), dark.ShapeError, "must not be negative"),
        (lambda: nn.MSELoss("max"), dark.ArgumentError, "reduction must be 'mean', 'sum' or 'none', got 'max'"),
        (lambda: nn.BatchNorm2d(3, momentum=None), dark.ArgumentError, "momentum must be a number in 0..1"),
        (lambda: nn.MultiheadAttention(6, 4), dark.ArgumentError, "num_heads=4 must divide embed_dim=6"),
    ):
        with pytest.raises(error, match=message):
            make()


IMAGES = dark.ones((2, 3, 4, 4))
MISFITS: list[tuple[nn.Module, dark.Tensor, str]] = [
    (nn.Linear(3, 4), dark.ones((5, 2)), r"last axis of input \(5, 2\) must be that of the weights.*\(4, 3\)"),
    (nn.Conv2d(2, 4, 3), IMAGES, r"input \(2, 3, 4, 4\) has 3 channels, kernel \(4, 2, 3, 3\)"),
    (nn.Conv2d(3, 4, 5), IMAGES, "larger than the padded image"),
    (nn.ConvTranspose2d(2, 4, 3), IMAGES, r"has 3 channels, kernel \(2, 4, 3, 3\) wants 2"),
    (nn.MaxPool2d(5), IMAGES, r"max_pool2d: window \(5, 5\) is larger"),
    (nn.AvgPool2d(5), IMAGES, r"avg_pool2d: window \(5, 5\) is larger"),
    (nn.BatchNorm2d(2), IMAGES, r"BatchNorm2d\(2\) needs x \(N, 2, H, W\), got shape \(2, 3, 4, 4\)"),
    (nn.BatchNorm2d(3), dark.ones((2, 3)), r"got shape \(2, 3\)"),
    (nn.BatchNorm2d(3), dark.ones((1, 3, 1, 1)), r"more than one value for each channel.*eval\(\)"),
    (nn.LayerNorm(5), IMAGES, r"input \(2, 3, 4, 4\) does not end with the normalized shape \(5,\)"),
    (nn.Upsample2d(), dark.ones((3, 4)), r"needs x \(N, C, H, W\), got shape \(3, 4\)"),
    (nn.Flatten(2), dark.ones((3, 4)), r"start_dim=2, end_dim=-1 do not fit shape \(3, 4\)"),
    (nn.Flatten(), dark.ones(()), r"do not fit shape \(\)"),
    (nn.Embedding(3, 2), dark.ones(2), "integer indices"),
]


@pytest.mark.parametrize(("layer", "x", "message"), MISFITS, ids=[repr(row[0]) + row[2] for row in MISFITS])
def test_what_does_not_fit(layer: nn.Module, x: dark.Tensor, message: str) -> None:
    for call in (layer, dark.compile(layer)):
        with pytest.raises(dark.DarkError, match=message):
            call(x)


def test_losses_of_what_does_not_fit() -> None:
    with pytest.raises(dark.ShapeError, match=r"mse: prediction \(2, 1\) and target \(2,\) differ in shape"):
        nn.MSELoss()(dark.ones((2, 1)), dark.ones(2))
    with pytest.raises(dark.ShapeError, match="bce_with_logits: prediction"):
        nn.BCEWithLogitsLoss()(dark.ones((2, 1)), dark.ones(2))
    with pytest.raises(dark.ShapeError, match=r"target \(3,\) fits neither class indices \(2,\)"):
        nn.CrossEntropyLoss()(dark.ones((2, 4)), np.zeros(3, np.int64))


class Recorder(nn.Module):
    scopes: ClassVar[list[str]] = []

    def forward(self, x: Any) -> Any:
        with dark.named_scope("here"):
            self.scopes.extend(origin.scope for origin in origins.here())
        return x


def test_calls_are_named_as_the_modules_are() -> None:
    Recorder.scopes.clear()

    class Outer(nn.Module):
        def __init__(self) -> None:
            self.layers = nn.Sequential(Recorder(), nn.Sequential(Recorder()))
            self.loose = (Recorder(),)

        def forward(self, x: Any) -> Any:
            return self.loose[0](self.layers(x))

    Outer()(1)
    Recorder()(1)
    assert Recorder.scopes == ["Outer.layers.0.here", "Outer.layers.1.0.here", "Outer.Recorder.here", "Recorder.here"]


def test_a_failed_call_leaves_no_name_behind() -> None:
    with pytest.raises(NotImplementedError):
        nn.Module()(1)
    Recorder.scopes.clear()
    Recorder()(1)
    assert Recorder.scopes == ["Recorder.here"]
