"""The programs that the site shows: graphs before and after passes, and a kernel of each family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

import dark_jit as dark
from dark_jit.backends.llvm.render import render
from dark_jit.graph.graph import Graph
from dark_jit.lowering.schedule import schedule
from dark_jit.lowering.target import Target
from dark_jit.transforms import passes

TARGET = Target("avx512", 64, 32, 32 << 10, 1 << 20, 8 << 20)
Program = tuple[Callable[..., Any], tuple[tuple[int, ...], ...]]


def of_input(fn: Callable[..., Any]) -> Callable[..., Any]:
    """The gradient with respect to the first argument."""
    return lambda x, *rest: dark.grad(lambda x: dark.sum(fn(x, *rest)))(x)


def layer(x: Any, k: Any, b: Any) -> Any:
    """A convolution, a bias, a ReLU."""
    return dark.relu(dark.conv2d(x, k, padding=1) + b)


GRAPHS: dict[str, Program] = {
    "softplus": (lambda x: dark.log(dark.exp(x * 1.0 + 0.0) + 1.0) * 2.0, ((4, 5),)),
    "strided": (of_input(lambda x, k: dark.conv2d(x, k, stride=2) ** 2), ((1, 4, 9, 9), (8, 4, 3, 3))),
    "layer": (
        lambda x, k, b: dark.relu(dark.conv2d(x, k, padding=1) + b),
        ((8, 16, 32, 32), (32, 16, 3, 3), (32, 1, 1)),
    ),
}

KERNELS: dict[str, Program] = {
    "elementwise": (lambda x, y: dark.relu(x * 2 + y), ((3, 32), (32,))),
    "reduce": (lambda x: dark.sum(x, 0), ((64, 32),)),
    "reduce_rows": (lambda x: dark.max(x, 1), ((8, 64),)),
    "gemm": (lambda x, y, b: dark.relu(x @ y + b), ((2, 4), (4, 16), (16,))),
    "conv2d": (dark.conv2d, ((1, 2, 3, 4), (16, 2, 3, 3))),
    "winograd": (lambda x, k: dark.conv2d(x, k, padding=1), ((1, 32, 32, 32), (32, 32, 3, 3))),
    "winograd_weights": (lambda x, k: dark.conv2d(x, k, padding=1), ((1, 32, 32, 32), (32, 32, 3, 3))),
    "winograd_points": (of_input(lambda k, x: dark.conv2d(x, k, padding=1) ** 2), ((32, 32, 3, 3), (4, 32, 16, 16))),
    "winograd_gradient": (of_input(lambda k, x: dark.conv2d(x, k, padding=1) ** 2), ((32, 32, 3, 3), (4, 32, 16, 16))),
    "transpose": (lambda x: x.T * 2, ((32, 32),)),
    "pack": (lambda x, y: x @ y.mT, ((2, 3, 4), (2, 16, 4))),
    "pool": (lambda x: dark.max_pool2d(x, 2), ((1, 16, 4, 4),)),
    "scan": (lambda x: dark.cumsum(x, 0), ((6, 16),)),
    "argreduce": (lambda x: dark.argmax(x, 0), ((6, 16),)),
}


def _graph(program: Program) -> Graph:
    fn, shapes = program
    arrays = [np.ones(shape, np.float32) for shape in shapes]
    return dark.compile(fn, backend="reference").graph_for(*arrays)


def stages(name: str) -> list[tuple[str, Graph]]:
    """A program's graph as traced, and after each pass, by name."""
    return passes.run(_graph(GRAPHS[name]))


def kernel_text(template: str) -> str:
    """The text of a program's first kernel of a family."""
    graph = passes.run(_graph(KERNELS[template]))[-1][1]
    spec = next(task.spec for task in schedule(graph, TARGET).tasks if task.spec.template == template)
    return render(spec, TARGET).text


def schedule_lines(name: str) -> list[str]:
    """A program's kernels, in words."""
    graph = passes.run(_graph(GRAPHS[name]))[-1][1]
    found = schedule(graph, TARGET)
    return [
        f"{number}. `{task.spec.template}`: " + ", ".join(f"`{node.op.name}`" for node in task.nest.roots)
        for number, task in enumerate(found.tasks)
    ]
