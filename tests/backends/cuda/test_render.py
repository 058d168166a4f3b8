"""Rendered CUDA text: deterministic, readable, and with no assembler outside of the layer that is there for it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import dark_jit.ops  # noqa: F401  (declares the operations)
from dark_jit.backends.cuda.render import render
from dark_jit.backends.cuda.types import Scalar
from dark_jit.backends.sources import template_folder
from dark_jit.errors import BackendError
from dark_jit.graph.node import OPS
from dark_jit.lowering.kernel import Access, Argument, Body, ElementwiseSpec, KernelSpec, Load, Store

from .programs import PROGRAMS, TARGET, kernels_of

FOLDER = template_folder() / "cuda"


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_text_is_a_function_of_the_spec(name: str) -> None:
    first, second = kernels_of(PROGRAMS[name]), kernels_of(PROGRAMS[name])
    assert first == second
    for kernel in first:
        assert f" {kernel.symbol}(" in kernel.text
        assert kernel.text.startswith("// ")
        assert not re.search(r"[ \t]$|\n\n|None|Undefined", kernel.text, re.MULTILINE)


def test_lines_that_are_too_long_are_comments() -> None:
    lines = {line for case in PROGRAMS.values() for kernel in kernels_of(case) for line in kernel.text.splitlines()}
    assert [line for line in lines if len(line) > 400] == []


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.j2")), ids=lambda path: path.name)
def test_assembler_stands_in_the_intrinsics_layer_only(path: Path) -> None:
    if path.name != "intrinsics.cu.j2":
        assert "asm" not in re.findall(r"\w+", path.read_text())


def test_every_scalar_operation_has_a_macro() -> None:
    def names(target: str, ending: str) -> set[str]:
        text = (template_folder() / target / "lib" / f"scalar.{ending}.j2").read_text()
        return set(re.findall(r"{% (?:macro|set) (\w+)", text))

    on_cpu, on_cuda = names("llvm", "ll"), names("cuda", "cu")
    wanted = {op.name for op in OPS.values() if op.kind == "elementwise"} & on_cpu
    assert {"add", "erf", "philox_low", "nextafter"} <= wanted
    assert wanted <= on_cuda


def test_an_access_of_16_bytes_where_everything_is_aligned() -> None:
    def text(offset: int, extent: int) -> str:
        load = Load("float32", 0, Access(offset, (1,)))
        body = Body((load,), (Store(0, 1, Access(0, (1,))),))
        arguments = (Argument("float32", extent + offset), Argument("float32", extent, True))
        return render(ElementwiseSpec((extent,), arguments, body, 4), TARGET).text

    assert "load_vector<4>(&a0[i0])" in text(0, 64)
    assert "load_vector" not in text(1, 64)
    assert "store_vector" in text(1, 64)
    assert "_vector" not in text(0, 63)


def test_indices_are_64_bits_wide_where_they_must_be() -> None:
    def text(extent: int) -> str:
        body = Body((Load("float32", 0, Access(0, (1,))),), (Store(0, 1, Access(0, (1,))),))
        arguments = (Argument("float32", extent), Argument("float32", extent, True))
        return render(ElementwiseSpec((extent,), arguments, body, 4), TARGET).text

    assert "long long" not in text(1 << 20)
    assert "const long long i0 = turn * 4;" in text(1 << 32)


def test_a_family_without_a_template() -> None:
    class Novel(KernelSpec):
        template = "novel"

    with pytest.raises(BackendError, match="no kernel 'novel' yet; run this on device 'cpu'"):
        render(Novel((1,), (Argument("float32", 1, True),), Body(), 1), TARGET)


@pytest.mark.parametrize(
    ("dtype", "value", "text"),
    [
        ("float32", "0.1", "0.1f"),
        ("float32", "1e40", "__int_as_float(0x7f800000)"),
        ("float32", "nan", "__int_as_float(0x7fc00000)"),
        ("float64", "0.1", "0.1"),
        ("float64", "-inf", "__longlong_as_double(0xfff0000000000000ll)"),
        ("float32", "1e-45", "1e-45f"),
        ("int32", "-2147483648", "(-2147483647 - 1)"),
        ("int64", "-9223372036854775808", "(-9223372036854775807ll - 1)"),
        ("int64", "7", "7ll"),
        ("bool", "True", "true"),
        ("bool", "0", "false"),
    ],
)
def test_literals(dtype: str, value: str, text: str) -> None:
    assert Scalar(dtype).literal(value) == text
