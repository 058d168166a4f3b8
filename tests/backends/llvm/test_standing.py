"""What depends on Tensors that stay as they are is computed once, and again when one of them has another value."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import nn, optim
from dark_jit.backends.llvm import standing as standing_module
from dark_jit.lowering import standing as lowering
from dark_jit.lowering.schedule import Place

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
    """The kernels of its program that run once; None if there are none."""
    return compiled.inspect(*args)._program._standing


@pytest.fixture(autouse=True)
def keeping(monkeypatch):
    """Results of small kernels are kept as well, in a table of the test's own."""
    monkeypatch.setattr(lowering, "LEAST_WORK", 1 << 14)
    monkeypatch.setattr(standing_module, "table", standing_module._Table())
    return standing_module.table


def test_weights_are_transformed_once(layer, monkeypatch):
    before = layer(IMAGE)
    runs = []
    executable = standing(layer, IMAGE)._executable
    monkeypatch.setattr(executable, "run", lambda *_: runs.append(1))
    assert layer(IMAGE).numpy().tobytes() == before.numpy().tobytes()
    assert not runs


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


def test_memory_that_others_may_write_is_looked_at_each_time(keeping):
    array = normal(32, 16, 3, 3)
    weights = dark.asarray(array, copy=False)
    layer = dark.compile(lambda x: dark.conv2d(x, weights, padding=1))
    layer(IMAGE)
    array[3] = 0.0
    assert not layer(IMAGE).numpy()[:, 3].any()
    assert not keeping.nbytes


def test_what_is_kept_dies_with_the_weights(layer, weights, keeping):
    layer(IMAGE)
    assert keeping.nbytes
    weights.data = dark.asarray(normal(*weights.shape))
    weights.numpy()
    gc.collect()
    assert not keeping.nbytes


def test_no_more_is_kept_than_there_is_room_for(layer, keeping, monkeypatch):
    layer(IMAGE)
    for height in (13, 14, 15):
        layer(normal(2, 16, height, 12))
    several = keeping.nbytes
    monkeypatch.setattr(standing_module, "MOST_BYTES", several // 2)
    layer(normal(2, 16, 16, 12))
    assert 0 < keeping.nbytes <= several // 2
    before = layer(IMAGE).numpy()
    assert layer(IMAGE).numpy().tobytes() == before.tobytes()


def test_two_models_of_one_form_do_not_displace_each_other(monkeypatch):
    values = [dark.asarray(normal(32, 16, 3, 3)) for _ in range(2)]

    def made(weights):
        return dark.compile(lambda x: dark.conv2d(x, weights, padding=1))

    layers = [made(weights) for weights in values]
    before = [layer(IMAGE).numpy() for layer in layers]
    assert standing(layers[0], IMAGE) is standing(layers[1], IMAGE)
    monkeypatch.setattr(standing(layers[0], IMAGE)._executable, "run", None)
    for layer, wanted in zip(layers, before, strict=True):
        assert layer(IMAGE).numpy().tobytes() == wanted.tobytes()


def test_the_memory_plan_says_how_much_is_kept(layer):
    report = layer.inspect(IMAGE)
    assert report.memory.kept == sum(report._program.schedule.kept) > 0


PROCESS = """
import numpy as np
import dark_jit as dark
from dark_jit import execution
from dark_jit.lowering import standing
standing.LEAST_WORK = 0
weights = dark.asarray(np.linspace(-1, 1, 32 * 16 * 9, dtype=np.float32).reshape(32, 16, 3, 3))
image = np.linspace(0, 1, 2 * 16 * 144, dtype=np.float32).reshape(2, 16, 12, 12)
layer = dark.compile(lambda x: dark.conv2d(x, weights, padding=1))
before = layer(image).numpy()
weights[3] = 0.0
after = layer(image).numpy()
assert not after[:, 3].any()
print(before.tobytes().hex()[:64], float(np.abs(before).sum()))
print([program._planned is None for program in execution._programs._found.values() if program._standing])
"""


def test_a_program_from_disk_keeps_results_too(tmp_path):
    environment = os.environ | {"DARK_JIT_CACHE_DIR": str(tmp_path)}
    runs = [
        subprocess.run([sys.executable, "-c", PROCESS], env=environment, capture_output=True, text=True, check=True)
        for _ in range(2)
    ]
    values, from_disk = zip(*(run.stdout.splitlines() for run in runs), strict=True)
    assert values[0] == values[1]
    assert from_disk == ("[False]", "[True]")


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
    run = dark.compile(lambda x: x @ dark.tanh(small))
    assert standing(run, normal(4, 4)) is None


def test_an_edit_of_such_a_kernel_is_run(layer, keeping):
    before = layer(IMAGE).numpy()
    kept = keeping.nbytes
    report = layer.inspect(IMAGE)
    number = next(n for n, kernel in enumerate(report.kernels) if kernel.template == "winograd_weights")
    report.kernels[number].override(report.kernels[number].text + "; the same\n")
    assert layer(IMAGE).numpy().tobytes() == before.tobytes()
    assert keeping.nbytes == 2 * kept  # what the new kernel has made
    report.kernels[number].restore()
    assert layer(IMAGE).numpy().tobytes() == before.tobytes()


def test_kernels_that_run_once_are_checked_like_others(weights):
    checked = dark.compile(lambda x: dark.conv2d(x, weights, padding=1), check=True)
    np.testing.assert_allclose(checked(IMAGE).numpy(), direct(IMAGE, weights), rtol=1e-4, atol=1e-4)
    report = dark.compile(lambda x: dark.conv2d(x, weights, padding=1)).inspect(IMAGE)
    assert max(error.relative for error in report.bisect()) < 1e-5
    assert report.profile.program > 0
