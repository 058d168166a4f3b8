"""Operations on the bits of integers."""

from __future__ import annotations

import numpy as np

from dark_jit.ops.elementwise import Binary, binary

# By a negative count, or one not below the number of bits, only the sign is left.
bitwise_right_shift: Binary = binary("bitwise_right_shift", np.right_shift, kinds="i")
