"""Looking at what was compiled."""

from dark_jit.inspection.kernels import Kernel
from dark_jit.inspection.report import Report

__all__ = ["Kernel", "Report"]
