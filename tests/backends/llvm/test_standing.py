"""What depends on Tensors that stay as they are is computed once, and again when one of them has another value."""

from __future__ import annotations

import gc
import threading

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim
from dark_jit.lowering.schedule import Place
from dark_jit.lowering.standing import LEAST_WORK

rng = np.random.default_rng(0)


def normal(*shape):
    return rng.standard_normal(shape, np.float32)


def direct(x, weights):
    """The convolution, with nothing kept."""
    return dark.compile(lambda x, weights: dark.conv2d(x, weights, padding=1))(x, weights).numpy()


IMAGE = normal(2, 16, 12, 12)


@pytest.fixture
def weights():
    return dark.asarray(normal(32, 16, 3, 3))


@pytest.fixture
def layer(weights):
    return dark.compile(lambda x: dark.conv2d(x, weights, padding=1))


def standing(compiled, *args):
    """What its program keeps."""
    return compiled.inspect(*args)._program._standing


def test_weights_are_transformed_once(layer):
    before = layer(IMAGE)
    kept = standing(layer, IMAGE)._kept
    assert kept.results
    assert layer(IMAGE).numpy().tobytes() == before.numpy().tobytes()
    assert standing(layer, IMAGE)._kept is kept


def test_the_report_says_which_kernels_run_once(layer):
    schedule = layer.inspect(IMAGE)._program.schedule
    assert schedule.prepared
    assert schedule.standing
    first, then = schedule.tasks[: schedule.prepared], schedule.tasks[schedule.prepared :]
    assert all("kept" in task.reason for task in first)
    assert not any(slot.place is Place.OUTPUT for task in first for slot in task.slots)
    assert any(slot.place is Place.KEPT for task in then for slot in task.slots)


def test_a_new_value_is_used(layer, weights):
    for _ in range(3):
        weights.data = dark.asarray(normal(*weights.shape))
        np.testing.assert_allclose(layer(IMAGE).numpy(), direct(IMAGE, weights), rtol=1e-4, atol=1e-4)


def test_a_value_written_in_place_is_used(layer, weights):
    layer(IMAGE)
    weights[3] = 0.0
    assert not layer(IMAGE).numpy()[:, 3].any()


def test_memory_that_others_may_write_is_looked_at_each_time():
    array = normal(32, 16, 3, 3)
    weights = dark.asarray(array, copy=False)
    layer = dark.compile(lambda x: dark.conv2d(x, weights, padding=1))
    layer(IMAGE)
    array[3] = 0.0
    assert not layer(IMAGE).numpy()[:, 3].any()
    assert standing(layer, IMAGE)._kept is None


def test_what_is_kept_dies_with_the_weights(weights):
    layer = dark.compile(lambda x: dark.conv2d(x, weights, padding=1))
    layer(IMAGE)
    kept = standing(layer, IMAGE)
    assert kept._kept is not None
    weights.data = dark.asarray(normal(*weights.shape))
    weights.numpy()
    gc.collect()
    assert kept._kept is None


def test_weights_that_a_step_changes_are_not_waited_for():
    """The first layer stands still, the second is trained."""
    frozen, trained = nn.Conv2d(16, 32, 3, padding=1), nn.Conv2d(32, 32, 3, padding=1)
    for parameter in frozen.parameters():
        parameter.requires_grad = False
    optimizer = optim.SGD(trained.parameters(), lr=0.01)

    def step(x):
        loss = dark.mean(trained(dark.relu(frozen(x))) ** 2)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        return loss

    compiled = dark.compile(step)
    losses = [float(compiled(IMAGE)) for _ in range(4)]
    assert losses == sorted(losses, reverse=True)
    schedule = compiled.inspect(IMAGE)._program.schedule
    read = {schedule.graph.inputs[place].shape for place in schedule.standing}
    assert frozen.weights.shape in read
    assert trained.weights.shape not in read


def test_training_between_calls_is_seen():
    model = nn.Sequential(
        nn.Conv2d(16, 32, 3, padding=1), nn.BatchNorm2d(32), nn.ReLU(), nn.Conv2d(32, 16, 3, padding=1)
    )
    optimizer = optim.SGD(model.parameters(), lr=0.1)
    run = dark.compile(model)
    for _ in range(3):
        model.train()
        dark.mean(model(IMAGE) ** 2).backward()
        optimizer.step()
        optimizer.zero_grad()
        model.eval()
        np.testing.assert_allclose(run(IMAGE).numpy(), model(dark.asarray(IMAGE)).numpy(), rtol=1e-3, atol=1e-4)


def test_threads_that_change_weights_in_turns_get_their_own(weights):
    """Each call's result is that of one of the values that the weights had."""
    values = [dark.asarray(normal(*weights.shape)) for _ in range(2)]
    wanted = [direct(IMAGE, value) for value in values]
    weights.data = values[0]
    layer = dark.compile(lambda x: dark.conv2d(x, weights, padding=1))
    layer(IMAGE)
    wrong = []

    def call():
        for _ in range(40):
            found = layer(IMAGE).numpy()
            if min(np.abs(found - each).max() for each in wanted) > 1e-3:
                wrong.append(found)

    threads = [threading.Thread(target=call) for _ in range(2)]
    for thread in threads:
        thread.start()
    for turn in range(60):
        weights.data = values[turn % 2]
    for thread in threads:
        thread.join()
    assert not wrong


def test_little_work_is_done_each_time():
    small = dark.asarray(normal(4, 4))
    assert LEAST_WORK > 4 * 4 * 4
    run = dark.compile(lambda x: x @ dark.tanh(small))
    assert standing(run, normal(4, 4)) is None


def test_an_edit_of_such_a_kernel_is_run(layer):
    before = layer(IMAGE).numpy()
    report = layer.inspect(IMAGE)
    number = next(n for n, kernel in enumerate(report.kernels) if kernel.template == "winograd_weights")
    report.kernels[number].override(report.kernels[number].text + "; the same\n")
    assert layer(IMAGE).numpy().tobytes() == before.tobytes()
    report.kernels[number].restore()
    assert layer(IMAGE).numpy().tobytes() == before.tobytes()


def test_kernels_that_run_once_are_checked_like_others(weights):
    checked = dark.compile(lambda x: dark.conv2d(x, weights, padding=1), check=True)
    np.testing.assert_allclose(checked(IMAGE).numpy(), direct(IMAGE, weights), rtol=1e-4, atol=1e-4)
    report = dark.compile(lambda x: dark.conv2d(x, weights, padding=1)).inspect(IMAGE)
    assert max(error.relative for error in report.bisect()) < 1e-5
    assert report.profile.program > 0
