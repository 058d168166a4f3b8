"""The Report of a training step: lines lead to kernels and back, costs are measured, and looking changes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.errors import ArgumentError
from dark_jit.graph.node import Node
from dark_jit.inspection import Report
from dark_jit.lowering import tiles

from .models import place, training_step

CONTRACTIONS = ("conv2d", "gemm")


@pytest.fixture(scope="module")
def step() -> Any:
    return training_step()


@pytest.fixture(scope="module")
def report(step: Any) -> Report:
    function, _, arguments = step
    found: Report = function.inspect(*arguments)
    return found


def test_a_line_leads_to_its_kernels_forward_and_backward(report: Report) -> None:
    forward = [kernel for kernel in report.where(place("BLOCK")) if kernel.template in CONTRACTIONS]
    assert {"Net.layer1.conv", "Net.layer2.conv"} <= {module for kernel in forward for module in kernel.modules}
    directions = {kernel.lines[0] for kernel in forward}
    assert directions == {place("BLOCK"), f"{place('BLOCK')} (backward)"}
    layer = report.where("Net.layer1")
    assert layer and all(any(m.startswith("Net.layer1") for m in kernel.modules) for kernel in layer)
    assert report.where("Net.layer1.conv") and not report.where("Net.layer")
    assert report.where(place("HEAD")) == report.where(str(Path(__file__).with_name(place("HEAD"))))
    assert report.where(place("HEAD")) and report.where(place("UPDATE"))


def test_kernels_lead_back_to_lines(report: Report) -> None:
    for kernel in report.kernels:
        assert kernel.lines and all(kernel in report.where(line.split(" ")[0]) for line in kernel.lines)


def test_lines_show_what_stands_there(report: Report) -> None:
    (line,) = [line for line in report.lines if line.place == place("HEAD")]
    assert line.text == "return self.head(dark.mean(x, axis=(2, 3)))  # HEAD"
    assert "Net.head" in line.scopes and line.kernels
    assert str(line).startswith(place("HEAD"))


def test_every_line_of_a_function_has_its_node(report: Report) -> None:
    for kernel in report.kernels:
        blocks = kernel.blocks
        assert blocks and all(block.first <= block.last for block in blocks)
        assert all(isinstance(node, Node) for node in kernel.line_map.values())
        assert all(block.nodes for block in blocks)


def test_stored_values_are_named() -> None:
    """A kernel that stores several values has lines for each of them."""

    def both(x: Any, y: Any) -> Any:
        product = x @ y
        return product, dark.relu(product)

    report = dark.compile(both).inspect(np.ones((16, 16), np.float32), np.ones((16, 32), np.float32))
    (group,) = report.groups
    (kernel,) = group.kernels
    stores = [n for n, line in enumerate(kernel.text.splitlines(), 1) if line.lstrip().startswith("store <")]
    assert group.members and {kernel.line_map[number] for number in stores} == {group.lead, *group.members}


def test_assembly_names_the_blocks(report: Report) -> None:
    kernel = next(kernel for kernel in report.kernels if kernel.template == "conv2d")
    comments = [line for line in kernel.asm.splitlines() if ", block " in line]
    assert any("conv2d: float32" in comment and place("BLOCK") in comment for comment in comments)


def test_passes_say_what_changed(report: Report) -> None:
    assert [change.name for change in report.changes] == [name for name, _ in report.passes]
    recognise = report.changes[3]
    assert "pad" in {node.op.name for node in recognise.added} and "- " in str(recognise)
    assert "merge_movements" in report.changes[2].rules and "by merge_movements" in str(report.changes[2])
    for before, change in zip(report.changes, report.changes[1:], strict=False):
        assert len(change.graph.nodes) == len(before.graph.nodes) + len(change.added) - len(change.removed)


def test_groups_are_the_schedule(report: Report) -> None:
    assert [kernel for group in report.groups for kernel in group.kernels] == report.kernels
    assert any(len(group.kernels) == 2 for group in report.groups)  # packing, or chunks and their sum
    assert all(group.kernels[0].nodes[0] is group.lead for group in report.groups)
    assert all(refusal.reason and refusal.lead is not refusal.node for refusal in report.refusals)


def test_the_memory_plan_is_sound(report: Report) -> None:
    plan = report.memory
    assert plan.arena == report.arena_bytes and plan.least <= plan.arena <= plan.intermediate
    for number, one in enumerate(plan.buffers):
        for other in plan.buffers[:number]:
            together = one.first <= other.last and other.first <= one.last
            apart = one.offset + one.bytes <= other.offset or other.offset + other.bytes <= one.offset
            follows = (other.last, other.offset, other.bytes) == (one.first, one.offset, one.bytes)  # in place
            assert apart or follows or not together
    assert "arena" in str(plan)


def test_the_cost_model_is_shown(report: Report) -> None:
    kernels = [kernel for kernel in report.kernels if kernel.template in CONTRACTIONS]
    for kernel in kernels:
        first, *others = kernel.candidates
        assert first.chosen and not any(other.chosen for other in others)
        assert [c.cycles for c in kernel.candidates] == sorted(c.cycles for c in kernel.candidates)
        assert (first.rows, first.vectors) == (kernel.parameters["tile"], kernel.parameters["vectors"])
        assert "(chosen)" in kernel.why and "(chosen)" in report.explain()
    assert report.kernels[0].candidates == [] or report.kernels[0].template in CONTRACTIONS


def test_candidates_fit_into_the_registers(report: Report) -> None:
    target = report._program.target
    space = tiles.Space((64,), (100,), 64, target.lanes(4), 100, 4)
    assert tiles.choose(space, target) in tiles.candidates(space, target)


def test_costs_are_measured(report: Report) -> None:
    for kernel in report.kernels:
        assert 0 < kernel.seconds < 0.1 and kernel.bytes > 0
        assert kernel.share > 0 and kernel.bound in ("compute", "memory")
        assert kernel.registers.general > 0
    assert report.profile.program > 0 and report.roofline.peaks["float32"] > report.roofline.peaks["float64"] > 0
    assert sum(report.line_seconds().values()) == pytest.approx(sum(kernel.seconds for kernel in report.kernels))
    table = report.timings()
    assert all(kernel.name in table for kernel in report.kernels) and "for the program" in table


def test_looking_changes_nothing(step: Any) -> None:
    function, net, arguments = step
    before = [parameter.numpy().copy() for parameter in net.parameters()]
    images = arguments[0].copy()
    report = function.inspect(*arguments)
    assert report.timings()
    assert all(np.array_equal(a, b.numpy()) for a, b in zip(before, net.parameters(), strict=True))
    assert np.array_equal(images, arguments[0])


def test_a_report_measures_what_was_given(step: Any) -> None:
    """Labels that are refilled with nonsense after inspect would be an index out of range."""
    function, _, (images, labels) = step
    given = labels.copy()
    report = function.inspect(images, given)
    given[:] = 99
    assert report._inputs[-1] is not given and report.profile.program > 0


def test_a_cached_program_shows_the_lines_of_the_function_that_asks() -> None:
    def one(x: Any) -> Any:
        return dark.tanh(x) * 5.25  # ONE

    def two(x: Any) -> Any:
        return dark.tanh(x) * 5.25  # TWO

    first, second = dark.compile(one), dark.compile(two)
    x = np.ones((3, 7), np.float32)
    for function in (first, second, first):
        report = function.inspect(x)
        (line,) = report.lines
        assert line.function.endswith(function.__name__)
        assert report.kernels[0].lines == [line.place]
        assert function.__name__ in report.name and line.place in report.graphs()
    assert first.program_for(x) is second.program_for(x)


def test_a_named_scope_is_shown() -> None:
    @dark.compile
    def scoped(x: Any) -> Any:
        with dark.named_scope("encoder"):
            return dark.exp(x)

    assert scoped.inspect(np.ones(3, np.float32)).kernels[0].modules == ["encoder"]


def test_without_inputs_nothing_can_be_measured(step: Any) -> None:
    function, _, arguments = step
    report = Report(function.program_for(*arguments))
    with pytest.raises(ArgumentError, match=r"fn\.inspect"):
        report.timings()


def test_the_reference_has_no_report() -> None:
    with pytest.raises(ArgumentError, match="the reference has no kernels"):
        dark.compile(dark.exp, backend="reference").inspect(np.ones(3, np.float32))
