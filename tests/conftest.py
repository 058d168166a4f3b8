"""Settings that all tests share."""

from __future__ import annotations

import hypothesis

# No deadline: a first example compiles kernels. The same examples in every run: a failure is a change's own.
hypothesis.settings.register_profile("dark_jit", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("dark_jit")
