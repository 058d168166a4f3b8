"""What each suite of run.py times, with tiny shapes: candidates can be made, and compute the same."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

import conv
import footprint
import gemm
import models
import overhead
import peak
import rows
import training
from timing import OURS, Result

torch = pytest.importorskip("torch", reason="the suites are tested against torch, which is one of the peers")

QUICK = models.Case("digits CNN, batch 3", models.digits_cnn, (3, 1, 8, 8), (3,), 10)
SLOW = (
    models.Case("MLP, batch 2", models.mlp, (2, 784), (2,), 10),
    models.Case("ResNet-9, batch 2", models.resnet9, (2, 3, 32, 32), (2,), 10),
    models.Case("UNet, batch 1", models.unet, (1, 3, 8, 8), (1, 8, 8), 3),
    models.Case("transformer, batch 2", models.transformer_block, (2, 4, 128), (2,), 10),
)
CASES = [QUICK, *(pytest.param(case, marks=pytest.mark.slow) for case in SLOW)]


def timed(results: Iterable[Result]) -> list[Result]:
    """The rows, none of which failed, each with ours in it."""
    found = list(results)
    assert found
    for row in found:
        assert not row.failure, (row.name, row.failure)
        assert OURS in row.timings
    return found


@pytest.mark.usefixtures("untimed")
def test_products(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gemm, "SHAPES", [(5, 7, 3)])
    monkeypatch.setattr(gemm, "ODD_SHAPES", [(1, 4, 2)])
    monkeypatch.setattr(gemm, "LINEAR_SHAPES", [(3, 5, 4)])
    found = timed(gemm.results(1))
    assert [row.name for row in found] == ["5 x 7 x 3", "1 x 4 x 2", "3 x 5 x 4"]
    assert [row.flops for row in found] == [210, 16, 120]
    assert all({"torch", "numpy"} <= set(row.timings) for row in found)


@pytest.mark.usefixtures("untimed")
def test_convolutions_and_their_gradients(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conv, "SHAPES", [conv.Shape(2, 3, 9, 4, 3, stride=2, padding=1)])
    found = timed(conv.results(1))
    assert [row.group for row in found] == ["conv2d forward", "conv2d weight gradient", "conv2d input gradient"]
    for row in found:
        assert row.name == "2x3x9x9 -> 4, 3x3 s2"
        assert {"torch NCHW", "torch channels_last"} <= set(row.timings)


@pytest.mark.usefixtures("untimed", "uncompiled")
def test_what_waits_for_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "LARGE", (999,))
    monkeypatch.setattr(rows, "ROWS", (4, 33))
    monkeypatch.setattr(rows, "IMAGES", (2, 3, 4, 4))
    found = timed([*rows.elementwise_results(1), *rows.rows_results(1)])
    assert [row.group for row in found] == ["elementwise"] * 4 + ["rows"] * 3
    assert found[0].bytes == 3 * 4 * 999


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.usefixtures("untimed", "uncompiled")
def test_training_and_inference(case: models.Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "CASES", (case,))
    first, step = timed(training.results(1))
    assert first.group == "first call"
    assert {"torch", "torch, fused Adam"} <= set(step.timings)
    (inference,) = timed(training.inference_results(1))
    assert "torch" in inference.timings
    (compiled,) = timed(training.results_torch_compile(1))
    assert list(compiled.timings) == [OURS, "torch.compile"]


def test_the_slow_suite_covers_every_model() -> None:
    assert training.CASES == models.CASES
    built = [case.build.__name__ for case in models.CASES]
    assert built == [case.build.__name__ for case in (QUICK, *SLOW)]


def test_a_copy_has_the_same_weights() -> None:
    case = QUICK
    ours = case.build(training.nn)
    inputs, _ = case.batch()
    want = training.torch_copy(case, ours)(torch.from_numpy(inputs)).detach().numpy()
    assert abs(ours(inputs).numpy() - want).max() < 1e-5


@pytest.mark.usefixtures("untimed")
def test_calls() -> None:
    (row,) = timed(overhead.call_results(1))
    assert {"torch", "numpy"} <= set(row.timings)


def test_imports(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(overhead, "IMPORT_ROUNDS", 1)
    monkeypatch.setattr(overhead, "installed", lambda name: name != "torch")
    (row,) = timed(overhead.import_results(1))
    assert list(row.timings) == [OURS, "numpy"]


@pytest.mark.usefixtures("untimed")
def test_peaks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peak, "COPIED", 1 << 12)
    monkeypatch.setattr(peak, "ITERATIONS", 10)
    arithmetic, copies = peak.results(2)
    assert (arithmetic.group, copies.group, copies.bytes) == (peak.FMA, peak.COPY, 1 << 13)
    assert arithmetic.flops in {2 * peak.CHAINS * lanes * 10 * 2 for lanes in (4, 8, 16)}


def test_footprints(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []

    def child(what: str, library: str, case: models.Case, **environment: str) -> str:
        asked.append((what, library, *environment))
        return "2.5"

    monkeypatch.setattr(footprint, "child", child)
    monkeypatch.setattr(footprint, "CASES", (QUICK,))
    memory, cold, warm = timed(footprint.results(1))
    assert (memory.unit, list(memory.timings)) == ("bytes", [OURS, "torch"])
    assert (cold.name, warm.name) == ("digits CNN, batch 3, nothing on disk", "digits CNN, batch 3, from disk")
    assert asked[2:] == [("first", OURS, "DARK_JIT_CACHE_DIR")] * 2


@pytest.mark.slow
def test_a_first_step_in_a_process_of_its_own() -> None:
    assert 0 < float(footprint.child("first", OURS, models.DIGITS)) < 600
