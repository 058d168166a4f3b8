"""NVRTC: every kernel compiles for every architecture, within the limits; what goes wrong is said well."""

from __future__ import annotations

import math
import re
from pathlib import Path

import numpy as np
import pytest

import dark_jit as dark
from dark_jit.backends.cuda import compile as nvrtc
from dark_jit.backends.cuda.compile import ARCHITECTURES, Cubin, compile_cubin
from dark_jit.backends.cuda.render import Rendered
from dark_jit.backends.disk import disk_cache
from dark_jit.errors import BackendError, InternalError
from dark_jit.lowering import grid, grid_tiles

from .programs import PROGRAMS, Array, Case, kernels_of

pytestmark = pytest.mark.skipif(not nvrtc.available(), reason="the wheel nvidia-cuda-nvrtc is not installed")

SHARED = 48 << 10  # bytes that a block may have without asking for more
REGISTERS = 65536  # of a multiprocessor


def assert_within_limits(kernel: Rendered, cubin: Cubin) -> None:
    used = cubin.resources
    assert used.spills == 0
    # CUDA's trigonometric functions reduce large arguments by a table in local memory (of floats: NVRTC 13.0 does).
    assert used.stack <= (40 if re.search(r"\b(sin|cos|tan)f?\(", kernel.text) else 0)
    assert used.shared <= SHARED
    assert 0 < used.registers * math.prod(kernel.block) <= REGISTERS


@pytest.mark.parametrize("name", PROGRAMS)
def test_every_kernel_compiles(name: str) -> None:
    for kernel in kernels_of(PROGRAMS[name]):
        assert_within_limits(kernel, compile_cubin(kernel.text, kernel.symbol, "sm_90"))


@pytest.mark.parametrize("arch", [arch for arch in ARCHITECTURES if arch != "sm_90"])
@pytest.mark.parametrize("name", ["vectors", "softmax", "product", "gradients of a convolution", "taking"])
def test_every_architecture(name: str, arch: str) -> None:
    for kernel in kernels_of(PROGRAMS[name]):
        assert_within_limits(kernel, compile_cubin(kernel.text, kernel.symbol, arch))


@pytest.mark.slow
@pytest.mark.parametrize("arch", ARCHITECTURES)
@pytest.mark.parametrize("name", PROGRAMS)
def test_every_kernel_for_every_architecture(name: str, arch: str) -> None:
    for kernel in kernels_of(PROGRAMS[name]):
        assert_within_limits(kernel, compile_cubin(kernel.text, kernel.symbol, arch))


def _zeros(*shape: int) -> Array:
    return np.zeros(shape, np.float32)


WALKS: dict[str, Case] = {  # large, for small sums are written out as a whole
    "across and along": (lambda x, y: x @ y, [_zeros(2048, 1024), _zeros(1024, 2048)]),
    "both along terms": (lambda x, y: x @ y.T, [_zeros(2048, 1024), _zeros(2048, 1024)]),
    "both across": (lambda x, y: x.T @ y, [_zeros(1024, 2048), _zeros(1024, 2048)]),
    "element by element": (lambda x, y: x @ y, [_zeros(2049, 1023), _zeros(1023, 2049)]),
    "windows": (lambda x, w: dark.conv2d(x, w, padding=1), [_zeros(16, 64, 28, 28), _zeros(128, 64, 3, 3)]),
    "windows, element by element": (dark.conv2d, [_zeros(16, 64, 30, 30), _zeros(128, 64, 3, 3)]),
}
TILES = [*grid_tiles.PIPELINED_TILES, *(tile for tiles in grid_tiles.MMA_TILES.values() for tile in tiles)]


@pytest.mark.parametrize(
    "arch", [arch if arch == "sm_80" else pytest.param(arch, marks=pytest.mark.slow) for arch in ARCHITECTURES]
)
@pytest.mark.parametrize("name", WALKS)
@pytest.mark.parametrize("tile", TILES, ids=lambda tile: f"{tile.products}, {tile.rows} x {tile.columns}")
def test_every_tile_has_room(
    tile: grid_tiles.Tile | grid_tiles.MmaTile, name: str, arch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The blocks that are meant to share a multiprocessor have registers and shared memory there."""
    if "element by element" in name and not tile.alone:
        pytest.skip("lowering does not take this tile then")
    monkeypatch.setattr(grid, "tiles_for", lambda dtype, target: (tile,))
    fn, arrays = WALKS[name]
    if tile.products == "halves":
        arrays = [array.astype(np.float16) for array in arrays]
    kernels = kernels_of((fn, arrays))
    (kernel,) = (kernel for kernel in kernels if kernel.symbol.startswith(("gemm", "conv2d")))
    cubin = compile_cubin(kernel.text, kernel.symbol, arch)
    assert_within_limits(kernel, cubin)
    resident = int(re.findall(r"__launch_bounds__\(\d+, (\d+)\)", kernel.text)[0])
    assert cubin.resources.registers * math.prod(kernel.block) * resident <= REGISTERS
    assert (cubin.resources.shared + 1024) * resident <= 100 << 10  # sm_86 and sm_120 have least


def test_instructions() -> None:
    if nvrtc.disassembler() is None:
        pytest.skip("the wheel nvidia-cuda-nvdisasm is not installed")
    (vectors,) = kernels_of(PROGRAMS["vectors"])
    sass = compile_cubin(vectors.text, vectors.symbol, "sm_90").sass()
    assert sass is not None
    assert "LDG.E.128" in sass
    assert "STG.E.128" in sass
    (product,) = kernels_of(PROGRAMS["product"])
    sass = compile_cubin(product.text, product.symbol, "sm_90").sass()
    assert sass is not None
    assert len(re.findall(r"\bFFMA\b", sass)) >= 2 * 2 * 16  # the products of a cell, written out
    assert "LDL" not in sass  # nothing of it lies in local memory


def test_products_are_contracted_with_sums_only_where_that_is_said() -> None:
    if nvrtc.disassembler() is None:
        pytest.skip("the wheel nvidia-cuda-nvdisasm is not installed")
    (kernel,) = kernels_of(PROGRAMS["vectors"])  # x * 2 + y
    sass = compile_cubin(kernel.text, kernel.symbol, "sm_90").sass()
    assert sass is not None
    assert "FFMA" not in sass


def test_a_text_that_is_no_kernel() -> None:
    with pytest.raises(InternalError, match=r"(?s)kernel\.cu\(2\).*nonsense.*\n    2: a\[0\] = nonsense;"):
        compile_cubin('extern "C" __global__ void k(float* a) {\na[0] = nonsense;\n}\n', "k", "sm_90")


def test_an_architecture_that_does_not_exist() -> None:
    with pytest.raises(BackendError, match="does not know the architecture 'sm_1'"):
        compile_cubin('extern "C" __global__ void k(float* a) {}\n', "k", "sm_1")


def test_without_nvrtc(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nvrtc, "_path_of", lambda names: None)
    nvrtc._nvrtc.cache_clear()
    try:
        with pytest.raises(BackendError, match=r'not installed: pip install "dark_jit\[cuda13\]"'):
            compile_cubin("something else", "k", "sm_90")
    finally:
        nvrtc._nvrtc.cache_clear()


def test_version() -> None:
    assert nvrtc.version() >= (12, 0)


def test_a_cubin_is_kept_for_the_next_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DARK_JIT_CACHE_DIR", str(tmp_path))
    disk_cache.cache_clear()
    text = 'extern "C" __global__ void kept(float* a) { a[threadIdx.x] *= 3; }\n'
    try:
        first = compile_cubin(text, "kept", "sm_90")
        compile_cubin.cache_clear()
        monkeypatch.setattr(nvrtc, "_compiled", None)
        assert compile_cubin(text, "kept", "sm_90") == first
        assert first.resources.registers > 0
    finally:
        compile_cubin.cache_clear()
        disk_cache.cache_clear()
