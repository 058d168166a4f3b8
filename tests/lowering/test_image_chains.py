"""Kernels that go together image by image: which do in a CNN, and that this changes no bit of what they compute."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import config, nn, ops, optim
from dark_jit.backends.llvm import backend as llvm
from dark_jit.backends.llvm.target import machine
from dark_jit.execution import _Programs
from dark_jit.lowering import chains as chaining
from dark_jit.lowering import schedule as scheduling
from dark_jit.lowering.chains import Chain
from dark_jit.lowering.schedule import Task, schedule
from dark_jit.lowering.target import Target
from dark_jit.transforms import passes

from .graphs import F32, graph_of

TARGET = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20, cores=2)


def tasks_of(build: Any, *shapes: tuple[int, ...], target: Target = TARGET) -> list[list[Task]]:
    """A program's kernels, those together that go so."""
    found: list[list[Task]] = []
    for task in schedule(passes.run(graph_of(build, *shapes, dtype=F32))[-1][1], target).tasks:
        found = [*found[:-1], [*found[-1], task]] if task.follows else [*found, [task]]
    return found


def chain_with(template: str, chains: list[list[Task]]) -> list[str]:
    """The templates of the last chain that has a kernel of this one, but for those that write zeros around images."""
    *_, chain = [chain for chain in chains if template in [task.spec.template for task in chain]]
    return [task.spec.template for task in chain if task.title != "placed"]


def layer(x: Any, kernels: Any) -> list[Any]:
    """A convolution, and what it makes with mean 0 and variance 1."""
    y = ops.conv2d(x, kernels, padding=(1, 1))
    return [y, ops.divide(ops.subtract(y, ops.batch_mean(y)), ops.sqrt(ops.add(ops.batch_var(y), 1e-5)))]


def two_layers(x: Any, kernels: Any, next_kernels: Any) -> Any:
    """Such a layer, and a convolution of what it makes."""
    return ops.conv2d(layer(x, kernels)[1], next_kernels, padding=(1, 1))


IMAGES, KERNELS = (32, 64, 32, 32), (64, 64, 3, 3)


@pytest.mark.parametrize(("template", "channels"), [("winograd", 64), ("conv2d", 3)])
def test_statistics_are_taken_of_each_image_that_a_convolution_makes(template: str, channels: int) -> None:
    chain = chain_with(template, tasks_of(layer, (32, channels, 32, 32), (64, channels, 3, 3)))
    assert [each for each in chain if each != "transpose"] == [template, "reduce", "reduce"]


def test_images_are_laid_out_one_by_one_for_a_convolution_and_behind_it() -> None:
    """From channels first, and back."""
    chains = tasks_of(lambda x, k: ops.conv2d(x, k, padding=(1, 1)), IMAGES, KERNELS)
    assert chain_with("winograd", chains) == ["transpose", "winograd", "transpose"]


def test_what_a_convolution_reads_is_normalised_image_by_image() -> None:
    assert chain_with("winograd", tasks_of(two_layers, IMAGES, KERNELS, KERNELS))[:2] == ["elementwise", "winograd"]


def test_kernels_that_do_not_depend_on_a_chain_come_before_it() -> None:
    """As the weights of its convolution, which are transformed between that and what it reads."""

    templates = [[task.spec.template for task in chain] for chain in tasks_of(two_layers, IMAGES, KERNELS, KERNELS)]
    assert templates.count(["winograd_weights"]) == 2
    assert ["elementwise", "elementwise", "elementwise", "winograd", "transpose"] in templates


def test_few_images_leave_no_core_without_any() -> None:
    many = replace(TARGET, cores=8)
    assert len(chain_with("winograd", tasks_of(layer, IMAGES, KERNELS, target=many))) == 4
    odd = tasks_of(layer, (9, 64, 64, 64), KERNELS, target=many)
    assert all(len(chain) == 1 for chain in odd)


@pytest.mark.parametrize("most", [1, 2, 3])
def test_so_many_convolutions_go_together(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """And no more: what a chain makes is in memory all at once."""
    assert chaining.MOST_PRODUCTS == 2
    monkeypatch.setattr(chaining, "MOST_PRODUCTS", most)

    def layers(x: Any, kernels: Any) -> Any:
        for _ in range(5):
            x = ops.conv2d(x, kernels, padding=(1, 1))
        return x

    found = [[task.spec.template for task in chain] for chain in tasks_of(layers, IMAGES, KERNELS)]
    assert max(templates.count("winograd") for templates in found) == most


def test_what_the_caches_hold_is_left_as_it_is() -> None:
    large = replace(TARGET, l3_bytes=1 << 30)
    assert chain_with("winograd", tasks_of(layer, IMAGES, KERNELS, target=large)) == ["winograd"]


class Net(nn.Module):
    """Convolutions of all kinds, normalised, pooled, added and side by side."""

    def __init__(self) -> None:
        self.first, self.norm1 = nn.Conv2d(3, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)
        self.second, self.norm2 = nn.Conv2d(64, 64, 3, padding=1, bias=False), nn.BatchNorm2d(64)
        self.third = nn.Conv2d(128, 20, 3, padding=1, stride=2)
        self.pool, self.wide_pool = nn.MaxPool2d(2), nn.MaxPool2d(3, stride=2)

    def forward(self, x: Any) -> Any:
        x = dark.relu(self.norm1(self.first(x)))
        y = dark.relu(self.norm2(self.second(x)) + x)
        y = self.third(dark.cat([x, y], 1))
        return self.wide_pool(y) + dark.sum(self.pool(y), (2, 3), keepdims=True)


def trained(images: np.ndarray[Any, Any], threads: int) -> list[bytes]:
    """What two steps of training leave behind."""
    dark.manual_seed(0)
    net = Net()
    optimizer = optim.SGD(net.parameters(), lr=0.01)

    @dark.compile
    def step(x: Any) -> Any:
        loss = dark.mean(net(x) ** 2)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    with config.overridden(threads=threads):
        losses = [step(images) for _ in range(2)]
        return [value.numpy().tobytes() for value in [*losses, *net.state_dict().values()]]


@pytest.fixture
def tiny_caches(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that can go together does."""

    def tiny(isa: str | None = None) -> Target:
        return replace(machine(isa), l1_bytes=64, l2_bytes=16 << 10, l3_bytes=4 << 20, cores=2)

    monkeypatch.setattr(llvm, "machine", tiny)
    monkeypatch.setattr("dark_jit.execution._programs", _Programs())


@pytest.mark.usefixtures("tiny_caches")
@pytest.mark.parametrize("shape", [(8, 3, 24, 24), (8, 3, 13, 9), (6, 3, 8, 20), (5, 3, 16, 16)])
def test_no_bit_depends_on_it(shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch) -> None:
    images = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    together = [trained(images, threads) for threads in (1, 2, 3)]
    monkeypatch.setattr(scheduling, "chains", lambda uses, target: [Chain((number,)) for number in range(len(uses))])
    monkeypatch.setattr("dark_jit.execution._programs", _Programs())
    assert together[0] == together[1] == together[2] == trained(images, 2)


@pytest.mark.usefixtures("tiny_caches")
def test_the_training_step_is_made_of_chains() -> None:
    net, images = Net(), dark.Parameter(np.ones((8, 3, 24, 24), np.float32))
    program: Any = dark.compile(dark.grad(lambda x: dark.mean(net(x) ** 2))).program_for(images)
    target = replace(TARGET, l1_bytes=64, l2_bytes=16 << 10, l3_bytes=4 << 20)
    chained = {task.spec.template for task in schedule(program.schedule.graph, target).tasks if task.blocks}
    assert {"winograd", "conv2d", "reduce", "elementwise"} <= chained


@pytest.mark.usefixtures("tiny_caches")
@pytest.mark.parametrize("shape", [(4, 3, 24, 24), (8, 3, 13, 9)])
def test_values(shape: tuple[int, ...]) -> None:
    dark.manual_seed(0)
    images = np.random.default_rng(0).standard_normal(shape).astype(np.float32)
    dark.testing.assert_equivalent(Net(), images, gradients=True, backends=["cpu"], threads=[1, 2])
