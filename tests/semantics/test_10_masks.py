"""Rule 10: reading at a mask computes it at once; writing at a mask is a select."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import dark_jit as dark

BASE = np.arange(12.0).reshape(3, 4)
MASKS = {
    "all axes": BASE % 3 == 1,
    "leading axis": np.array([True, False, True]),
    "nothing": np.zeros((3, 4), bool),
    "everything": np.ones((3, 4), bool),
}
masks = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)


@masks
def test_reading(mask: Any) -> None:
    x = dark.asarray(BASE)
    for m in (mask, dark.asarray(mask), dark.asarray(mask.astype(int)) == 1, mask.tolist()):
        np.testing.assert_array_equal(x[m].numpy(), BASE[mask])
    np.testing.assert_array_equal(x[x > 4.0].numpy(), BASE[BASE > 4])


def test_reading_beside_other_indices() -> None:
    x, columns, rows = dark.asarray(BASE), np.array([True, False, True, True]), np.array([True, False, True])
    for key in ((slice(None), columns), (1, columns), (slice(None, None, -1), columns), (rows, 1), (rows, [0, 3])):
        np.testing.assert_array_equal(x[key].numpy(), BASE[key])
    np.testing.assert_array_equal(x[..., None][rows, :, 0].numpy(), BASE[rows])


def test_gradients_of_a_reading() -> None:
    p = dark.Parameter(BASE)
    (p[p > 4.0] * p[p > 4.0]).sum().backward()
    assert p.grad is not None
    np.testing.assert_array_equal(p.grad.numpy(), np.where(BASE > 4, 2 * BASE, 0))


def test_a_mask_must_fit() -> None:
    x = dark.asarray(BASE)
    for mask in (np.ones(4, bool), np.ones((4, 3), bool), np.ones((3, 4, 1), bool)):
        with pytest.raises(IndexError):
            x[mask]
        with pytest.raises(IndexError):
            x[mask] = 0.0


def test_reading_inside_a_trace_is_an_error() -> None:
    @dark.compile
    def f(x: Any) -> Any:
        return x[x > 0].sum()

    with pytest.raises(dark.TraceError, match=r"dark\.where\(m, x, 0\), for a mean dark\.sum"):
        f(dark.asarray(BASE))


def test_masks_from_outside_are_known_inside_a_trace() -> None:
    mask, tensor = np.array([True, False, True]), dark.asarray(np.array([False, True, True]))

    @dark.compile
    def f(x: Any) -> Any:
        return x[mask] + x[tensor]

    x = dark.asarray(BASE)
    for _ in range(2):
        np.testing.assert_array_equal(f(x).numpy(), BASE[[0, 2]] + BASE[[1, 2]])
    assert f.cache_info().traces == 1
    mask[:2] = mask[1::-1]  # in place: their identity is the same
    tensor.data = np.array([True, True, False])
    np.testing.assert_array_equal(f(x).numpy(), BASE[[1, 2]] + BASE[[0, 1]])
    assert f.cache_info().traces == 2


def written(x: Any, mask: Any, value: Any) -> Any:
    x[mask] = value
    return x


@pytest.mark.parametrize("wrap", [lambda f: f, dark.compile], ids=["lazily", "compiled"])
@masks
def test_writing_what_broadcasts(mask: Any, wrap: Callable[[Any], Any]) -> None:
    values = [7.0, np.array(7.0), np.array([7.0])]
    values += [np.arange(4.0), np.arange(4.0)[None]] if mask.ndim == 1 else []
    for value in values:
        wanted = BASE.copy()
        wanted[mask] = value
        found = wrap(written)(dark.asarray(BASE), dark.asarray(mask), value)
        np.testing.assert_array_equal(found.numpy(), wanted)


def test_writing_beside_other_indices() -> None:
    columns = np.array([True, False, True, True])
    cases = [((slice(None), columns), np.arange(3.0)[:, None]), ((1, columns), 5.0), ((slice(0, 2), columns), 5.0)]
    for key, value in [*cases, ((slice(None), columns), np.arange(9.0).reshape(3, 3))]:
        wanted, found = BASE.copy(), dark.asarray(BASE)
        wanted[key] = value
        found[key] = value
        np.testing.assert_array_equal(found.numpy(), wanted)


@masks
def test_writing_one_value_for_each_place(mask: Any) -> None:
    wanted, x = BASE.copy(), dark.asarray(BASE)
    value = 100 + np.arange(BASE[mask].size, dtype=np.float64).reshape(BASE[mask].shape)
    wanted[mask] = value
    x[dark.asarray(mask)] = value
    np.testing.assert_array_equal(x.numpy(), wanted)
    x[x > 100.0] += 1.0
    np.testing.assert_array_equal(x.numpy(), np.where(wanted > 100, wanted + 1, wanted))


def test_a_wrong_number_of_values_is_an_error() -> None:
    x = dark.asarray(BASE)
    with pytest.raises(dark.ShapeError):
        x[x > 4.0] = np.ones(3)
    np.testing.assert_array_equal(x.numpy(), BASE)


def test_writing_one_value_for_each_place_inside_a_trace_is_an_error() -> None:
    f = dark.compile(lambda x, value: written(x, x > 4.0, value))
    x = dark.asarray(BASE)
    with pytest.raises(dark.TraceError, match="where"):
        f(x, np.ones(7))
    np.testing.assert_array_equal(x.numpy(), BASE)


def test_gradients_of_a_writing() -> None:
    p, value = dark.Parameter(BASE), dark.Parameter([2.0], dtype=np.float64)
    x = p * 3.0
    x[dark.asarray(BASE > 8)] = value
    (x * x).sum().backward()
    assert p.grad is not None
    assert value.grad is not None
    np.testing.assert_array_equal(p.grad.numpy(), np.where(BASE > 8, 0, 18 * BASE))
    assert value.grad.item() == 3 * 2 * 2
