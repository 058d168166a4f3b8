"""What kernels record at run time, as the error that the user gets."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.lowering.gathering import IndexedSpec
from dark_jit.lowering.schedule import Schedule


def recorded_error(schedule: Schedule, status: Sequence[int]) -> Exception:
    """The error of status words (code, value, 0, 0): the code is 1 + the kernel's number among those that record."""
    recorders = [task.nest.lead for task in schedule.tasks if isinstance(task.spec, IndexedSpec)]
    node = recorders[status[0] - 1]
    assert node.op.fault is not None
    return node.op.fault(node, status[1])
