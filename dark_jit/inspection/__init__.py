"""Looking at what was compiled."""

from dark_jit.inspection.card import CardKernel, CardReport
from dark_jit.inspection.kernels import Kernel
from dark_jit.inspection.notebook import load_ipython_extension
from dark_jit.inspection.presenting import report_of
from dark_jit.inspection.report import Report

__all__ = ["CardKernel", "CardReport", "Kernel", "Report", "load_ipython_extension", "report_of"]
