"""Values put together from parts: what they mean, and that each part belongs to one whole only."""

from __future__ import annotations

import numpy as np
import pytest

from dark_jit import ops
from dark_jit.backends import reference
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.graph.text import parse, print_graph
from dark_jit.transforms import assembly
from dark_jit.transforms.assembly import (
    BORDERED,
    INTERLEAVE,
    PLACED,
    interleave,
    own_parts,
    put_between_borders,
    windows,
)

F32 = np.dtype("float32")
GRID = (2, 3)
WHOLE = np.arange(2 * 3 * 5 * 7, dtype=np.float32).reshape(2, 3, 5, 7)
PARTS = [np.ascontiguousarray(WHOLE[..., i::2, j::3]) for i in range(2) for j in range(3)]


def inputs_of(arrays):
    return [graph_input(number, array.shape, F32) for number, array in enumerate(arrays)]


def test_the_whole_has_all_elements_of_its_parts():
    nodes = inputs_of(PARTS)
    whole = interleave(nodes, GRID)
    assert whole.shape == WHOLE.shape
    (found,) = reference.evaluate(make_graph(nodes, [whole]), PARTS)
    np.testing.assert_array_equal(found, WHOLE)


def test_a_single_part_is_the_whole():
    (x,) = inputs_of(PARTS[:1])
    assert interleave([x], (1, 1)) is x


def test_it_can_be_printed_and_read():
    nodes = inputs_of(PARTS)
    graph = own_parts(make_graph(nodes, [interleave(nodes, GRID)]))
    assert parse(print_graph(graph)) is graph


def convolutions(count):
    """As many convolutions of one image, and the inputs."""
    image, *kernels = (graph_input(i, (2, 2, 1, 1) if i else (1, 2, 4, 4), F32) for i in range(count + 1))
    return [image, *kernels], [ops.conv2d(image, kernel) for kernel in kernels]


def parts_after(outputs_of):
    """The operations of the parts of the first whole, after the pass."""
    inputs, parts = convolutions(2)
    graph = own_parts(make_graph(inputs, outputs_of(*parts)))
    return [part.op.name for part in next(node for node in graph.nodes if node.op is INTERLEAVE).inputs]


def test_convolutions_that_nothing_else_reads_are_parts_as_they_are():
    assert parts_after(lambda a, b: [interleave([a, b], (1, 2))]) == ["conv2d", "conv2d"]


@pytest.mark.parametrize(
    "outputs_of",
    [
        lambda a, b: [interleave([a, b], (1, 2)), b],
        lambda a, b: [interleave([a, b], (1, 2)), ops.tanh(b)],
        lambda a, b: [interleave([a, ops.tanh(b)], (1, 2))],
        lambda a, b: [interleave([a, ops.constant(0.0, F32, b.shape)], (1, 2))],
    ],
)
def test_what_is_more_than_a_part_is_placed(outputs_of):
    assert parts_after(outputs_of) == ["conv2d", "placed"]


def test_a_part_that_is_taken_twice_is_placed_twice():
    inputs, (part, _) = convolutions(2)
    wholes = [interleave([part, part], (1, 2)), interleave([part, part], (2, 1))]
    graph = own_parts(make_graph(inputs, wholes))
    placed = [part for node in graph.nodes if node.op is INTERLEAVE for part in node.inputs]
    assert {node.op for node in placed} == {PLACED}
    assert len(set(placed)) == 4


def test_a_whole_can_be_read_by_the_part_of_another():
    inputs, parts = convolutions(4)
    inner = interleave(parts[:2], (1, 2))
    outer = interleave([ops.conv2d(inner, inputs[1]), ops.conv2d(inner, inputs[2])], (2, 1))
    graph = own_parts(make_graph(inputs, [outer]))
    assert PLACED not in {node.op for node in graph.nodes}


# Images between zeros

PADS = [((1, 1), (1, 1)), ((2, 2), (2, 2)), ((0, 1), (3, 0)), ((1, 1), (0, 0)), ((2, 1), (0, 2))]


def padded(pads, build=ops.tanh, shape=(2, 3, 5, 4), outputs=lambda image, result: [result]):
    """A convolution of something with zeros around it, put between these."""
    x, kernel = graph_input(0, shape, F32), graph_input(1, (2, 3, 1, 1), F32)
    image = build(x)
    result = ops.conv2d(ops.pad(image, ((0, 0), (0, 0), *pads)), kernel)
    graph = make_graph([x, kernel], outputs(image, result))
    return graph, put_between_borders(graph)


def assert_same_values(before, after):
    arrays = [np.random.default_rng(0).standard_normal(node.shape, np.float32) for node in before.inputs]
    for one, other in zip(reference.evaluate(before, arrays), reference.evaluate(after, arrays), strict=True):
        np.testing.assert_array_equal(one, other)


def assert_tiled(whole):
    """Each element of a whole is one of exactly one part."""
    count = np.zeros(whole.shape, int)
    for place, part in windows(whole):
        assert count[place].shape == part.shape
        count[place] += 1
    assert (count == 1).all()


def has_borders(graph):
    return any(node.op is BORDERED for node in graph.nodes)


@pytest.fixture
def any_size(monkeypatch):
    monkeypatch.setattr(assembly, "LARGE", 0)


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("pads", PADS)
@pytest.mark.parametrize("shape", [(2, 3, 5, 4), (1, 3, 1, 1)])
def test_an_image_between_borders_is_the_padded_one(pads, shape):
    before, after = padded(pads, shape=shape)
    assert has_borders(after)
    assert not any(node.op.name == "pad" for node in after.nodes)
    assert_same_values(before, after)


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("pads", PADS)
def test_parts_tile_the_whole(pads):
    _, graph = padded(pads)
    (whole,) = (node for node in graph.nodes if node.op is BORDERED)
    assert_tiled(whole)


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(
    "options",
    [
        {"build": lambda x: x},  # an input lies somewhere already
        {"outputs": lambda image, result: [result, image]},  # and so does an output
        {"outputs": lambda image, result: [result, ops.reshape(image, (-1,))]},
        {"build": lambda x: ops.reshape(ops.tanh(ops.reshape(x, (-1,))), x.shape)},
    ],
)
def test_what_has_its_place_is_copied(options):
    before, after = padded(((1, 1), (1, 1)), **options)
    assert after is before


@pytest.mark.usefixtures("any_size")
def test_an_image_is_between_one_pair_of_borders():
    x, kernel = graph_input(0, (2, 3, 5, 4), F32), graph_input(1, (2, 3, 1, 1), F32)
    pads = ((0, 0), (0, 0), (1, 1), (1, 1)), ((0, 0), (0, 0), (2, 2), (2, 2))
    outputs = [ops.conv2d(ops.pad(ops.tanh(x), each), kernel) for each in pads]
    graph = put_between_borders(make_graph([x, kernel], outputs))
    assert sorted(node.op.name for node in graph.nodes if node.op.name in ("pad", "bordered")) == ["bordered", "pad"]


# Images side by side


def joined(build, kernel=(2, 5, 1, 1), pads=((1, 1), (1, 1))):
    """A convolution of several things side by side, with zeros around them, and after the pass."""
    x, weights = graph_input(0, (2, 3, 5, 4), F32), graph_input(1, kernel, F32)
    whole = ops.concatenate(build(x), 1)
    result = ops.conv2d(ops.pad(whole, ((0, 0), (0, 0), *pads)), weights)
    graph = make_graph([x, weights], [result])
    return graph, put_between_borders(graph)


def two(x):
    """An image of three channels and one of two."""
    n, _, height, width = x.shape
    return [ops.tanh(x), ops.exp(ops.slice_(x, ((0, n, 1), (0, 2, 1), (0, height, 1), (0, width, 1))))]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("pads", [((1, 1), (1, 1)), ((0, 0), (0, 0)), ((2, 0), (0, 1))])
def test_images_side_by_side_are_the_concatenated_ones(pads):
    before, after = joined(two, pads=pads)
    assert has_borders(after)
    assert not any(node.op.name in ("pad", "concatenate") for node in after.nodes)
    assert_same_values(before, after)
    (whole,) = (node for node in after.nodes if node.op is BORDERED)
    assert_tiled(whole)


def convolved(x, times):
    """As many convolutions of x after each other."""
    for _ in range(times):
        x = ops.conv2d(x, ops.constant(0.5, F32, (x.shape[1], x.shape[1], 1, 1)))
    return x


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(("times", "apart"), [(0, False), (1, False), (2, True), (3, True)])
def test_an_image_from_whose_neighbour_it_is_computed_by_one_kernel_is_copied(times, apart):
    def build(x):
        first = ops.tanh(x)
        return [first, ops.relu(convolved(first, times))]

    _, after = joined(build, (2, 6, 1, 1))
    assert has_borders(after) == apart


@pytest.mark.usefixtures("any_size")
def test_an_image_beside_itself_is_copied():
    _, after = joined(lambda x: [ops.tanh(x), ops.tanh(x)], (2, 6, 1, 1))
    assert not has_borders(after)


def test_small_images_are_copied():
    before, after = padded(((1, 1), (1, 1)))
    assert after is before


@pytest.mark.usefixtures("any_size")
def test_images_of_16_bits_are_copied():
    """A machine that multiplies them as they are reads them so (`narrow`)."""
    x, kernel = graph_input(0, (2, 3, 5, 4), np.dtype("float16")), graph_input(1, (2, 3, 1, 1), F32)
    padded = ops.pad(ops.cast(x, F32), ((0, 0), (0, 0), (1, 1), (1, 1)))
    graph = make_graph([x, kernel], [ops.conv2d(padded, kernel)])
    assert put_between_borders(graph) is graph
