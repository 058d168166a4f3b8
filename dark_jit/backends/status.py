"""What kernels record at run time, as the error that the user gets."""

from __future__ import annotations

from collections.abc import Sequence

from dark_jit.errors import IndexOutOfRangeError
from dark_jit.lowering.gathering import TakeSpec
from dark_jit.lowering.schedule import Schedule
from dark_jit.ops.division import DIVISION_GUARD, division_error
from dark_jit.ops.indexing import out_of_range


def recorded_error(schedule: Schedule, status: Sequence[int]) -> Exception:
    """The error of status words (code, value, 0, 0): the code is 1 + the kernel's number among the gathers."""
    gathers = [task.nest.lead for task in schedule.tasks if isinstance(task.spec, TakeSpec)]
    node = gathers[status[0] - 1]
    if node.op.fault is not None:
        return node.op.fault(node, status[1])
    if node.op is DIVISION_GUARD:
        return division_error(status[1], node)
    index = status[1] if node.inputs[1].dtype.kind == "i" else status[1] % 2**64
    return IndexOutOfRangeError(out_of_range(index, node))
