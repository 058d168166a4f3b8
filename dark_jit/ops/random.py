"""Random numbers that depend on nothing but a key, the number of the draw, and the place of an element.

The generator is Philox4x32-10 of J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random numbers: as
easy as 1, 2, 3" (SC 2011). It maps a 128-bit counter and a 64-bit key to 128 random bits and has no state. Here the
counter is (place, draw), 64 bits each: the element's index in C order, and which draw from the key this is. So one
element takes one counter, and its value depends neither on how an array is laid out, divided among threads or
vectorised, nor on what it is fused with, nor on when it is computed.

Key and draw are 0-d int64 inputs of a graph, never part of its structure: the next draw is the same program.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from dark_jit.dtypes import DType, float32, float64, int32, int64, is_half
from dark_jit.graph.node import Attrs, Node, Op, Shape, make, register
from dark_jit.ops.bitwise import bitwise_right_shift
from dark_jit.ops.elementwise import abs_, add, cast, constant, cos, iota, log, multiply, sqrt
from dark_jit.ops.movement import broadcast_to, reshape

Words = tuple[Any, ...]  # each an array of uint64 that holds 32-bit words

ROUNDS = 10
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85  # the golden ratio, and the square root of 3 less 1
_WORD = 0xFFFFFFFF


def philox4x32(counter: Words, key: Words) -> Words:
    """The four random words of a counter of four words under a key of two, elementwise: Philox4x32-10."""
    (a, b, c, d), (k, m) = counter, key
    for _ in range(ROUNDS):
        first, second = a * MULTIPLIERS[0], c * MULTIPLIERS[1]
        a, b, c, d = (second >> 32) ^ b ^ k, second & _WORD, (first >> 32) ^ d ^ m, first & _WORD
        k, m = (k + KEY_STEPS[0]) & _WORD, (m + KEY_STEPS[1]) & _WORD
    return a, b, c, d


def _words(x: Any) -> Words:
    """The lower and the upper word of int64s."""
    bits = np.asarray(x).view(np.uint64)
    return bits & _WORD, bits >> 32


def _joined(words: Words) -> Any:
    low, high = words
    return (low | high << 32).view(np.int64)


def _block(place: Any, draw: Any, key: Any) -> Words:
    return philox4x32((*_words(place), *_words(draw)), _words(key))


def _infer_int64(inputs: tuple[Node, ...], _: Attrs) -> tuple[Shape, DType]:
    return inputs[0].shape, int64


PHILOX_LOW = register(
    Op(
        "philox_low",
        "elementwise",
        _infer_int64,
        lambda _, place, draw, key: _joined(_block(place, draw, key)[:2]),
        doc="(place, draw, key): the first 64 of the 128 random bits of Philox4x32-10.",
    )
)
PHILOX_HIGH = register(
    Op(
        "philox_high",
        "elementwise",
        _infer_int64,
        lambda _, place, draw, key: _joined(_block(place, draw, key)[2:]),
        doc="(place, draw, key): the last 64 of the 128 random bits of Philox4x32-10.",
    )
)


def _bits(op: Op, key: Node, draw: Node, shape: Shape) -> Node:
    place = reshape(iota(math.prod(shape)), shape)
    return make(op, (place, broadcast_to(draw, shape), broadcast_to(key, shape)))


def random_bits(key: Node, draw: Node, shape: Shape) -> Node:
    """64 random bits in each element, as int64. key, draw: 0-d int64."""
    return _bits(PHILOX_LOW, key, draw, shape)


def more_random_bits(key: Node, draw: Node, shape: Shape) -> Node:
    """64 further random bits in each element, from the same counters as `random_bits`."""
    return _bits(PHILOX_HIGH, key, draw, shape)


UNIT_FLOAT32 = register(
    Op(
        "unit_float32",
        "elementwise",
        lambda inputs, _: (inputs[0].shape, float32),
        lambda _, bits: (np.asarray(bits).view(np.uint64) >> 40).astype(np.float32) * np.float32(2.0**-24),
        doc="The upper 24 bits of an int64 as a number in [0, 1).",
    )
)
UNIT_FLOAT64 = register(
    Op(
        "unit_float64",
        "elementwise",
        lambda inputs, _: (inputs[0].shape, float64),
        lambda _, bits: (np.asarray(bits).view(np.uint64) >> 11).astype(np.float64) * 2.0**-53,
        doc="The upper 53 bits of an int64 as a number in [0, 1).",
    )
)


def unit_interval(bits: Node, dtype: DType) -> Node:
    """Random bits as numbers in [0, 1): the multiples of 2^-24 (float32) or 2^-53 (float64), all equally likely.

    Nothing is rounded, so they are the same everywhere, bit by bit. The one of float32 is that of float64, cut off.
    """
    return make(UNIT_FLOAT32 if dtype == float32 else UNIT_FLOAT64, (bits,))


def random_uniform(key: Node, draw: Node, shape: Shape, dtype: DType) -> Node:
    """Uniform numbers in [0, 1), as `unit_interval` makes them. Those of 16 bits are of float32, rounded: up to 1."""
    if is_half(dtype):
        return cast(random_uniform(key, draw, shape, float32), dtype)
    return unit_interval(random_bits(key, draw, shape), dtype)


def random_normal(key: Node, draw: Node, shape: Shape, dtype: DType) -> Node:
    """Normal numbers of mean 0 and variance 1, made by `box_muller` of the bits of one counter. Those of 16 bits are of
    float32, rounded."""
    if is_half(dtype):
        return cast(random_normal(key, draw, shape, float32), dtype)
    radius = random_bits(key, draw, shape)
    if dtype == float32:
        radius = cast(bitwise_right_shift(radius, 32), int32)
    return box_muller(radius, unit_interval(more_random_bits(key, draw, shape), dtype))


def box_muller(radius: Node, turn: Node) -> Node:
    """sqrt(-2 log u) cos(2 pi v): normal (Box and Muller 1958). Random bits `radius` give u in (0, 1]; v is `turn`.

    A radius of 32 bits gives results up to 6.66, one of 64 bits up to 9.42. They are as accurate as log and cos are.
    """
    # |n + 1/2| of a signed n: small ones, which make the tail, are exact, and none is 0.
    u = multiply(abs_(add(cast(radius, turn.dtype), 0.5)), 2.0 ** (1 - 8 * radius.dtype.itemsize))
    return multiply(sqrt(multiply(log(u), -2.0)), cos(multiply(turn, 2 * math.pi)))


def random_integers(key: Node, draw: Node, shape: Shape, low: int, count: int) -> Node:
    """The integers low, ..., low + count - 1, as int64 (those beyond its range wrap around).

    A number r of 64 bits becomes low + floor(r count / 2^64) (D. Lemire, "Fast random integer generation in an
    interval", 2019, without rejection): no probability is off by more than 2^-64.
    """
    bits = random_bits(key, draw, shape)
    if count == 2**64:
        return bits  # then every int64 is one of them
    return add(_multiply_high(bits, constant(_wrapped(count), int64, shape)), _wrapped(low))


def _wrapped(value: int) -> int:
    """The int64 that differs by a multiple of 2^64."""
    return (value + 2**63) % 2**64 - 2**63


def _numpy_multiply_high(_: Node, x: Any, y: Any) -> Any:
    (a, b), (c, d) = _words(x), _words(y)
    right, left = b * c + (a * c >> 32), a * d
    carry = (right & _WORD) + left >> 32
    return (b * d + (right >> 32) + carry).view(np.int64)


MULTIPLY_HIGH = register(
    Op(
        "multiply_high",
        "elementwise",
        _infer_int64,
        _numpy_multiply_high,
        doc="The upper 64 of the 128 bits of a product of int64s that are read as unsigned.",
    )
)


def _multiply_high(x: Node, y: Node) -> Node:
    return make(MULTIPLY_HIGH, (x, y))
