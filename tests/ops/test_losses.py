"""Losses: their formulas, extremes, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.errors import ArgumentError, DTypeError, IndexOutOfRangeError, ShapeError

from .meaning import means, node, refused, value

A = np.array([[1.0, -2, 3], [0, 5, -1]])
B = np.array([[1, 0, 2], [4, 4, 4]])


def test_mse() -> None:
    means(value(ops.mse, A, B), ((A - B) ** 2).mean())
    means(value(lambda x, y: ops.mse(x, y, "sum"), A, B), ((A - B) ** 2).sum())
    means(value(lambda x, y: ops.mse(x, y, "none"), A, B), (A - B) ** 2)
    means(value(ops.mse, B, B), np.float32(0))


def test_bce_with_logits() -> None:
    target = np.array([[1.0, 0, 0.5], [1, 0, 0.25]])
    p = 1 / (1 + np.exp(-A))
    wanted = -(target * np.log(p) + (1 - target) * np.log(1 - p))
    means(value(lambda x, y: ops.bce_with_logits(x, y, "none"), A, target), wanted)
    means(value(ops.bce_with_logits, A, target > 0.3), value(ops.bce_with_logits, A, (target > 0.3).astype(float)))


def test_bce_with_logits_of_extremes() -> None:
    logits = np.array([1000.0, 1000, -1000, -1000, 30], np.float32)
    target = np.array([1.0, 0, 1, 0, 1], np.float32)
    found = value(lambda x, y: ops.bce_with_logits(x, y, "none"), logits, target)
    # What is left of a confident and right prediction is small, but not 0.
    np.testing.assert_allclose(found, [0, 1000, 1000, 0, np.exp(-30)], rtol=1e-6)


def test_cross_entropy() -> None:
    logits = np.array([[1000.0, -1000], [0, 0], [-1000, 1000]])
    means(value(ops.cross_entropy, logits, np.array([0, 1, 1])), np.float64(np.log(2) / 3))
    means(value(ops.cross_entropy, logits, np.array([1, 1, 1])), np.float64((2000 + np.log(2)) / 3))
    means(value(ops.cross_entropy, logits, np.full((3, 2), 0.5)), np.float64((1000 + np.log(2) + 1000) / 3))
    means(value(lambda x, y: ops.cross_entropy(x, y, "sum"), logits, np.array([0, 1, 1], np.int32)), np.log(2))
    assert np.isnan(value(ops.cross_entropy, np.zeros((0, 2)), np.zeros(0, np.int64)))


def test_classes_may_be_the_second_of_many_axes_or_the_only_one() -> None:
    logits, labels = np.random.default_rng(0).normal(size=(2, 3, 4, 5)), np.arange(40).reshape(2, 4, 5) % 3
    scores = logits - np.log(np.exp(logits).sum(1, keepdims=True))
    wanted = -np.take_along_axis(scores, labels[:, None], 1)[:, 0]
    means(value(lambda x, y: ops.cross_entropy(x, y, "none"), logits, labels), wanted)
    one_hot = np.moveaxis(np.eye(3, dtype=np.int64)[labels], -1, 1)
    means(value(ops.cross_entropy, logits, one_hot), wanted.mean())
    means(value(ops.cross_entropy, logits[0, :, 0, 0], labels[0, 0, 0]), wanted[0, 0, 0])


def test_a_class_that_is_ruled_out_does_not_spoil_the_others() -> None:
    logits = np.array([[0.0, -np.inf, 0]])
    means(value(ops.cross_entropy, logits, np.array([2])), np.log(2))
    assert value(ops.cross_entropy, logits, np.array([1])) == np.inf


@pytest.mark.parametrize("label", [3, 17, -1, -3, 2**62, -(2**62)])
@pytest.mark.parametrize("dtype", ["int32", "int64"])
def test_labels_out_of_range(label: int, dtype: str) -> None:
    if abs(label) > 2**31 and dtype == "int32":
        label = 2**31 - 1
    with pytest.raises(IndexOutOfRangeError, match=f"label {label} is out of range for 3 classes"):
        value(ops.cross_entropy, A, np.array([1, label], dtype))


X = node(2, 3, 4)


def test_what_is_refused() -> None:
    labels = node(4, dtype="int64", index=1)
    refused(lambda: ops.cross_entropy(X, labels), ShapeError, "(4,)", "class indices (2, 4)", "(2, 3, 4)")
    refused(lambda: ops.cross_entropy(node(5, 3), labels), ShapeError, "(4,)", "(5, 3)")
    refused(lambda: ops.cross_entropy(node(), labels), ShapeError, "(N, classes, ...)")
    refused(lambda: ops.cross_entropy(node(4, 0), labels), ShapeError, "no classes")
    refused(lambda: ops.cross_entropy(node(4, 3), node(4, index=1)), DTypeError, "float32", "integers")
    refused(lambda: ops.cross_entropy(node(4, 3, dtype="int64"), labels), DTypeError, "int64")
    refused(lambda: ops.cross_entropy(node(4, 3), labels, "max"), ArgumentError, "'mean', 'sum' or 'none'", "'max'")
    refused(lambda: ops.mse(node(2, 1), node(2)), ShapeError, "(2, 1)", "(2,)", "reshape")
    refused(lambda: ops.mse(X, X, "max"), ArgumentError, "'max'")
    refused(lambda: ops.bce_with_logits(node(2), node(3)), ShapeError, "bce_with_logits", "(2,)", "(3,)")
    refused(lambda: ops.bce_with_logits(labels, labels), DTypeError, "int64")
