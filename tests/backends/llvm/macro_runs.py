"""Run a piece of template text on NumPy arrays: what the tests of the macro library stand on."""

from __future__ import annotations

import ctypes
from typing import Any

import numpy as np
import pytest

from dark_jit.backends.llvm.compile import compile_module
from dark_jit.backends.llvm.target import available_isas
from dark_jit.backends.llvm.types import Vector
from dark_jit.backends.templates import template_environment

Array = np.ndarray[Any, Any]

# For pytest.mark.parametrize("isa", ISAS): those of this architecture, skipped where the machine lacks one.
ISAS = [
    pytest.param(isa, marks=[pytest.mark.isa, pytest.mark.skipif(isa not in available_isas(), reason=f"no {isa} here")])
    for isa in (("neon",) if "neon" in available_isas() else ("avx512", "avx2", "sse2"))
]

_FRAME = """
{% import 'llvm/lib/vectors.ll.j2' as vectors with context %}
{% import 'llvm/lib/scalar.ll.j2' as scalar with context %}
{% from 'llvm/lib/loops.ll.j2' import for, mask with context %}
define void @kernel(ptr %args, i64 %worker, i64 %workers) {
%% for n in range(arguments)
  %a{{ n }}.at = getelementptr ptr, ptr %args, i64 {{ n }}
  %a{{ n }} = load ptr, ptr %a{{ n }}.at
%% endfor
BODY
  ret void
}
{{ declarations() }}
"""

# Operands are in the first buffers, the result goes to the last.
_ELEMENTWISE = """
{% call for('i', 0, elements, result.lanes) %}
%% for o in operands
  %p{{ loop.index0 }} = getelementptr {{ o.memory }}, ptr %a{{ loop.index0 }}, i64 %i
{{ vectors.load('%x' ~ loop.index0, o, '%p' ~ loop.index0) }}
%% endfor
{{ scalar[name]('%y', *parameters) }}
  %out = getelementptr {{ result.memory }}, ptr %a{{ operands | length }}, i64 %i
{{ vectors.store(result, '%y', '%out') }}
{% endcall %}
"""


def render(body: str, isa: str, arguments: int, **context: Any) -> str:
    """The module of a kernel whose body is the template text `body`; its buffers are %a0, %a1, ..."""
    declared: dict[str, str] = {}

    def intrinsic(name: str, result: str, *types: str) -> str:
        declared[name] = f"declare {result} @{name}({', '.join(types)})"
        return f"@{name}"

    def library(name: str) -> Any:
        return template_environment().get_template(f"llvm/lib/{name}.ll.j2").make_module(context)

    context |= {
        "isa": isa,
        "library": library,
        "Vector": Vector,
        "intrinsic": intrinsic,
        "declarations": lambda: "\n".join(declared.values()),
    }
    text = template_environment().from_string(_FRAME.replace("BODY", body)).render(context, arguments=arguments)
    return "\n".join(line for line in text.splitlines() if line.strip()) + "\n"


def run(body: str, isa: str, *arrays: Array, **context: Any) -> None:
    """Run a kernel on C-contiguous arrays, which it may write."""
    address = compile_module(render(body, isa, len(arrays), **context), isa).address("kernel")
    pointers = (ctypes.c_void_p * len(arrays))(*(array.ctypes.data for array in arrays))
    ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)(address)(ctypes.addressof(pointers), 0, 1)


def elementwise_text(name: str, isa: str, dtypes: list[str], result: str, elements: int, lanes: int) -> str:
    """The module that applies one macro of scalar.ll.j2 to flat arrays; `elements` is a multiple of `lanes`."""
    return render(_ELEMENTWISE, isa, len(dtypes) + 1, **_context(name, dtypes, result, elements, lanes))


def elementwise(name: str, isa: str, *arrays: Array, result: str = "", lanes: int = 16) -> Array:
    """What a macro of scalar.ll.j2 makes of flat arrays of one length; `result`: dtype, if not the last operand's."""
    size = arrays[0].size
    padded = [np.concatenate([array, np.ones(-size % lanes, array.dtype)]) for array in arrays]
    out = np.empty(padded[0].size, result or arrays[-1].dtype)
    dtypes = [array.dtype.name for array in arrays]
    run(_ELEMENTWISE, isa, *padded, out, **_context(name, dtypes, out.dtype.name, out.size, lanes))
    return out[:size]


def _context(name: str, dtypes: list[str], result: str, elements: int, lanes: int) -> dict[str, Any]:
    operands = [Vector(dtype, lanes) for dtype in dtypes]
    types = [operands[-1], Vector(result, lanes)] if name == "cast" else [operands[-1]]
    parameters = [*types, *(f"%x{position}" for position in range(len(operands)))]
    return {
        "name": name,
        "operands": operands,
        "parameters": parameters,
        "result": Vector(result, lanes),
        "elements": elements,
    }
