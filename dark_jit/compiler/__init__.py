"""Compiling whole functions: trace, guards, cache, state."""

from dark_jit.compiler.function import CacheInfo, CompiledFunction, Inspected, compile, present_with
from dark_jit.compiler.guards import Guarded
from dark_jit.compiler.options import Options, watch_with

__all__ = ["CacheInfo", "CompiledFunction", "Guarded", "Inspected", "Options", "compile", "present_with", "watch_with"]
