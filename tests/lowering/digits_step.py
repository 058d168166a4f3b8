"""The training step that lowering is measured by: a CNN on 8x8 digits, cross-entropy, gradients, and Adam."""

from __future__ import annotations

import math

import numpy as np

from dark_jit import ops
from dark_jit.graph.graph import graph_input, make_graph
from dark_jit.transforms.autodiff import gradients
from dark_jit.transforms.markers import without_markers

SHAPES = ((16, 1, 3, 3), (1, 16, 1, 1), (32, 16, 3, 3), (1, 32, 1, 1), (10, 128), (1, 10))
CLASSES = 10


def digits_step(batch=64, dtype="float32"):
    """Inputs: images, classes, 6 parameters, their first and second moments, learning rate, step count. Outputs: loss,
    step count, and for each parameter itself and its moments."""
    dtype = np.dtype(dtype)
    shapes = [(batch, 1, 8, 8), (batch,), *SHAPES, *SHAPES, *SHAPES, (), ()]
    kinds = [dtype if number != 1 else np.dtype("int64") for number in range(len(shapes))]
    inputs = [graph_input(number, shape, kind) for number, (shape, kind) in enumerate(zip(shapes, kinds, strict=True))]
    images, classes, rate, step = inputs[0], inputs[1], inputs[-2], ops.add(inputs[-1], 1.0)
    parameters, means, squares = inputs[2:8], inputs[8:14], inputs[14:20]
    loss = _loss(images, classes, parameters)
    outputs = [loss, step]
    grads = gradients([loss], [ops.constant(1.0, dtype)], parameters)
    for one in zip(parameters, means, squares, grads, strict=True):
        outputs += _adam(*one, rate, step)
    return make_graph(inputs, without_markers(outputs))


def _loss(images, classes, parameters):
    kernel, bias, kernel2, bias2, weights, offset = parameters
    h = ops.max_pool2d(ops.relu(ops.conv2d(images, kernel, padding=1, bias=bias)), 2)
    h = ops.max_pool2d(ops.relu(ops.conv2d(h, kernel2, padding=1, bias=bias2)), 2)
    logits = ops.matmul(ops.reshape(h, (h.shape[0], -1)), ops.transpose(weights))
    return ops.cross_entropy(ops.add(logits, offset), classes)


def _adam(parameter, mean, square, gradient, rate, step):
    mean = ops.add(ops.multiply(mean, 0.9), ops.multiply(gradient, 0.1))
    square = ops.add(ops.multiply(square, 0.999), ops.multiply(ops.multiply(gradient, gradient), 0.001))
    first, second = (ops.subtract(1.0, ops.power(beta, step)) for beta in (0.9, 0.999))
    size = ops.add(ops.divide(ops.sqrt(square), ops.sqrt(second)), 1e-8)
    moved = ops.multiply(ops.divide(rate, first), ops.divide(mean, size))
    return [ops.subtract(parameter, moved), mean, square]


def arguments(graph, seed=0):
    """Values for the inputs."""
    generator = np.random.default_rng(seed)
    values = []
    for node in graph.inputs:
        if node.dtype.kind == "i":
            values.append(generator.integers(0, CLASSES, node.shape))
        else:
            scale = 1 / math.sqrt(math.prod(node.shape[1:]) or 1)
            values.append(np.abs(generator.normal(size=node.shape) * scale).astype(node.dtype))
    return values
