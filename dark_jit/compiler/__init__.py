"""Compiling whole functions: trace, guards, cache, state."""

from dark_jit.compiler.function import CacheInfo, CompiledFunction, Inspected, compile, present_with
from dark_jit.compiler.guards import Guarded

__all__ = ["CacheInfo", "CompiledFunction", "Guarded", "Inspected", "compile", "present_with"]
