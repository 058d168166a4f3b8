"""Values put together from parts have a buffer and no kernel: those of the parts write to it, and do not wait for each
other."""

from __future__ import annotations

import numpy as np
import pytest

import dark_jit as dark
from dark_jit import ops, testing
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Target
from dark_jit.transforms import assembly
from dark_jit.transforms.assembly import BORDERED, INTERLEAVE, interleave
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.passes import run

F32 = np.dtype("float32")
TARGET = Target("avx512", 64, 32, 32 << 10, 1 << 20, 32 << 20)
SHAPES = ((2, 16, 20, 21), (24, 16, 3, 3))


def input_gradient(x, k, dy):
    return dark.grad(lambda x: dark.sum(dark.conv2d(x, k, stride=2, padding=1) * dy))(x)


def tasks_of(then=lambda whole: whole):
    """The kernels of something of an input gradient with stride 2."""
    x, k = (graph_input(i, shape, F32) for i, shape in enumerate(SHAPES))
    y = ops.conv2d(x, k, stride=2, padding=1)
    dy = graph_input(2, y.shape, F32)
    (whole,) = gradients([y], [dy], [x])
    plan = schedule(run(make_graph([x, k, dy], [then(whole)]))[-1][1], TARGET)
    return plan, [task for task in plan.tasks if task.spec.template in ("conv2d", "gemm")]


def arrays():
    rng = np.random.default_rng(0)
    return [rng.standard_normal(shape, np.float32) for shape in (*SHAPES, (2, 24, 10, 11))]


def test_the_phases_write_to_one_buffer():
    plan, phases = tasks_of(ops.tanh)
    assert len(phases) == 4
    written = {(task.operands[place], task.slots[place]) for task in phases for place in written_by(task)}
    ((whole, slot),) = written
    assert whole.op is INTERLEAVE
    last = plan.tasks[-1]
    assert slot in last.slots
    assert last.nest.lead.op.name == "tanh"


def written_by(task):
    return [place for place, argument in enumerate(task.spec.arguments) if argument.written]


def test_parts_do_not_wait_for_each_other_but_their_reader_does():
    a, b = (graph_input(i, (1, 2, 4, 4), F32) for i in range(2))
    whole = ops.sum_(interleave([ops.tanh(a), ops.exp(b)], (1, 2)), (2, 3))
    plan = schedule(run(make_graph([a, b], [whole]))[-1][1], TARGET)
    assert [task.nest.lead.op.name for task in plan.tasks] == ["placed", "placed", "sum"]
    assert [task.barrier for task in plan.tasks] == [False, True, False]


@pytest.mark.parametrize("order", [lambda x: x, dark.tanh, lambda x: dark.transpose(x, (0, 2, 3, 1)) + 1])
def test_values_agree_with_the_reference(order, dark_backend):
    testing.assert_equivalent(lambda x, k, dy: order(input_gradient(x, k, dy)), *arrays(), backends=[dark_backend])


def test_a_row_without_taps_is_zero(dark_backend):
    """A kernel of one tap meets only every third element of the image."""

    def build(x, k):
        return dark.grad(lambda x: dark.sum(dark.conv2d(x, k, stride=3) ** 2))(x)

    x, k = np.ones((1, 2, 7, 8), np.float32), np.ones((3, 2, 1, 1), np.float32)
    testing.assert_equivalent(build, x, k, backends=[dark_backend])


def test_what_writes_a_part_does_not_read_the_whole(dark_backend):
    """The phases are a convolution that the user has too, and what is made of it reads the whole."""

    def build(x):
        y = dark.conv_transpose2d(x, dark.ones((3, 8, 2, 2)), stride=2)
        c = dark.conv2d(x, dark.ones((8, 3, 1, 1)))
        return y, dark.relu(c) + dark.flip(y[:, :, ::2, ::2], (2, 3))

    x = np.random.default_rng(0).standard_normal((2, 3, 16, 16), np.float32)
    testing.assert_equivalent(build, x, backends=[dark_backend])


def test_a_kernel_is_charged_for_its_part():
    _, phases = tasks_of(ops.tanh)
    whole = np.prod(SHAPES[0])
    written = [task.spec.arguments[place] for task in phases for place in written_by(task)]
    assert {argument.elements for argument in written} == {whole}
    assert sum(argument.touched for argument in written) == 4 * whole


def test_kernels_of_parts_are_checked_and_edited_like_others():
    checked = dark.compile(input_gradient, check=True)
    checked(*arrays())
    run = dark.compile(lambda *args: dark.tanh(input_gradient(*args)))
    report = run.inspect(*arrays())
    assert max(error.relative for error in report.bisect()) < 1e-5
    number = next(n for n, kernel in enumerate(report.kernels) if kernel.template == "conv2d")
    before = run(*arrays()).numpy()
    report.kernels[number].override(report.kernels[number].text + "; the same\n")
    assert run(*arrays()).numpy().tobytes() == before.tobytes()


# Images between zeros


@pytest.mark.parametrize("transposed", [False, True])
def test_an_image_that_is_a_product_of_matrices(dark_backend, transposed):
    """Its lanes are its columns, though what reads it has channels last."""

    def build(a, b, k):
        product = a @ (dark.transpose(b, (0, 1, 3, 2)) if transposed else b)
        y = dark.conv2d(product, k, padding=1)
        return dark.conv2d(y @ b, k[:, : k.shape[0]], padding=1), dark.sum(y)

    rng = np.random.default_rng(0)
    shapes = [(2, 8, 6, 6), (2, 8, 6, 6), (8, 8, 3, 3)]
    arrays = [rng.standard_normal(shape, np.float32) * np.float32(0.3) for shape in shapes]
    testing.assert_equivalent(build, *arrays, backends=[dark_backend])
    run = dark.value_and_grad(lambda *args: dark.sum(dark.tanh(build(*args)[0])), argnums=(0, 1, 2))
    testing.assert_equivalent(run, *arrays, backends=[dark_backend])


def test_a_large_image_that_is_a_product_of_matrices(dark_backend):
    rng = np.random.default_rng(0)
    a, b = (rng.standard_normal((4, 16, 64, 64), np.float32) for _ in range(2))
    k = rng.standard_normal((8, 16, 3, 3), np.float32)
    testing.assert_equivalent(lambda a, b, k: dark.conv2d(a @ b, k, padding=1), a, b, k, backends=[dark_backend])


def test_a_transposed_convolution_of_a_product(dark_backend):
    def build(x, w):
        return dark.conv_transpose2d(x @ dark.transpose(x, (0, 1, 3, 2)), w, stride=2, padding=1)

    rng = np.random.default_rng(0)
    arrays = [rng.standard_normal(shape, np.float32) for shape in ((2, 6, 8, 8), (6, 2, 3, 3))]
    testing.assert_equivalent(build, *arrays, backends=[dark_backend])


def test_parts_without_elements_are_looked_at_like_others():
    def build(x, w):
        return dark.reshape(dark.conv_transpose2d(x, w, stride=2, padding=1), (-1,))

    arrays = np.ones((2, 17, 1, 1), np.float32), np.ones((17, 3, 3, 3), np.float32)
    dark.compile(build, check=True)(*arrays)


@pytest.fixture
def any_size(monkeypatch):
    monkeypatch.setattr(assembly, "LARGE", 0)


def network(x, first, second, third):
    """Two convolutions, a residual sum and a pooled image, each read with zeros around it."""
    one = dark.relu(dark.conv2d(x, first, padding=1))
    two = dark.relu(dark.conv2d(one, second, padding=1)) + one
    return dark.conv2d(dark.max_pool2d(two, 2), third, padding=(2, 1), stride=2)


def with_gradients(*arrays):
    return dark.value_and_grad(lambda *args: dark.sum(dark.tanh(network(*args))), argnums=(0, 1, 2, 3))(*arrays)


def network_arrays(side, channels):
    rng = np.random.default_rng(side)
    shapes = [(2, 3, side, side + 1), (channels, 3, 3, 3), (channels, channels, 3, 3), (5, channels, 3, 2)]
    return [rng.standard_normal(shape, np.float32) * np.float32(0.3) for shape in shapes]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize(("side", "channels"), [(8, 16), (7, 5), (17, 33), (4, 1)])
def test_networks_agree_with_the_reference(side, channels, dark_backend):
    testing.assert_equivalent(with_gradients, *network_arrays(side, channels), backends=[dark_backend])


def dense_block(x, *kernels):
    """Each convolution reads all images before it (Huang et al. 2017)."""
    images = [dark.tanh(x)]
    for kernel in kernels:
        images.append(dark.relu(dark.conv2d(dark.cat(images, 1), kernel, padding=1)))
    return dark.cat(images, 1)


def unet(x, down, up, join):
    """What goes down and up again beside what does not; the way up is a transposed convolution."""
    skip = dark.relu(dark.conv2d(x, down, padding=1))
    below = dark.tanh(dark.max_pool2d(skip, 2))
    return dark.conv2d(dark.cat([dark.conv_transpose2d(below, up, stride=2), skip], 1), join, padding=1)


def unet_step(*args):
    return dark.value_and_grad(lambda *args: dark.sum(dark.tanh(unet(*args))), argnums=(0, 1, 2, 3))(*args)


def unet_arrays(channels):
    rng = np.random.default_rng(channels)
    shapes = [(2, 3, 8, 10), (channels, 3, 3, 3), (channels, 4, 2, 2), (6, 4 + channels, 3, 3)]
    return [rng.standard_normal(shape, np.float32) * np.float32(0.3) for shape in shapes]


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("channels", [1, 5, 16])
def test_dense_blocks_agree_with_the_reference(channels, dark_backend):
    rng = np.random.default_rng(channels)
    shapes = [(2, 3, 7, 6), *((channels, 3 + channels * i, 3, 3) for i in range(3))]
    arrays = [rng.standard_normal(shape, np.float32) * np.float32(0.3) for shape in shapes]
    run = dark.value_and_grad(lambda *args: dark.sum(dark.tanh(dense_block(*args))), argnums=(0, 1, 2, 3))
    testing.assert_equivalent(run, *arrays, backends=[dark_backend])


@pytest.mark.usefixtures("any_size")
@pytest.mark.parametrize("channels", [1, 5, 16])
def test_unets_agree_with_the_reference(channels, dark_backend):
    testing.assert_equivalent(unet_step, *unet_arrays(channels), backends=[dark_backend])


@pytest.mark.usefixtures("any_size")
def test_no_kernel_joins_the_images_of_a_unet():
    arrays = unet_arrays(16)
    report = dark.compile(unet_step).inspect(*arrays)
    assert not any(node.op.name == "concatenate" for node in report.graph.nodes)
    assert max(error.relative for error in report.bisect()) < 1e-4


@pytest.mark.usefixtures("any_size")
def test_no_kernel_copies_an_image_that_is_computed():
    report = dark.compile(with_gradients).inspect(*network_arrays(16, 32))
    assert sum(node.op is BORDERED for node in report.graph.nodes) >= 4
    copied = [node.inputs[0].op.kind for node in report.graph.nodes if node.op.name == "pad"]
    assert set(copied) <= {"leaf"}


@pytest.mark.usefixtures("any_size")
def test_kernels_beside_borders_are_checked_like_others():
    arrays = network_arrays(8, 16)
    dark.compile(with_gradients, check=True)(*arrays)
    assert max(error.relative for error in dark.compile(with_gradients).inspect(*arrays).bisect()) < 1e-4
