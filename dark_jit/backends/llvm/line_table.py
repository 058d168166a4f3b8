"""The line number program of an object, as DWARF 4 defines it in section 6.2."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

from dark_jit.errors import InternalError

_EXTENDED, _COPY, _ADVANCE_ADDRESS, _ADVANCE_LINE, _ADD_CONSTANT, _ADVANCE_FIXED = 0, 1, 2, 3, 8, 9


class Row(NamedTuple):
    """From this address on, the instructions come from this line of the text."""

    address: int
    line: int


def rows(section: bytes) -> list[Row]:
    """The rows of a .debug_line section, with addresses from the code's begin; without those that have no line."""
    if not section:
        return []
    header, step, _, _, line_base, line_range, opcode_base = struct.unpack_from("<IBBBbBB", section, 6)
    operands = section[16 : 15 + opcode_base]  # how many each of the standard opcodes has
    stream = iter(section[10 + header :])
    found, address, line = [], 0, 1
    for opcode in stream:
        if opcode >= opcode_base:  # a step of both, and a row
            steps, change = divmod(opcode - opcode_base, line_range)
            address, line = address + steps * step, line + line_base + change
            found.append(Row(address, line))
        elif opcode == _COPY:
            found.append(Row(address, line))
        elif opcode == _ADD_CONSTANT:  # the address step of opcode 255
            address += (255 - opcode_base) // line_range * step
        elif opcode == _EXTENDED:  # a discriminator, an end, or the code's begin: that is 0 in an object
            for _ in range(_number(stream)):
                next(stream)
        elif opcode == _ADVANCE_ADDRESS:
            address += _number(stream) * step
        elif opcode == _ADVANCE_LINE:
            line += _number(stream, signed=True)
        elif opcode == _ADVANCE_FIXED:
            address += next(stream) | next(stream) << 8
        else:  # a column, or a flag
            for _ in range(operands[opcode - 1]):
                _number(stream)
    return [row for row in found if row.line]


def _number(stream: Iterator[int], signed: bool = False) -> int:
    """A number of any length, seven bits in each byte."""
    value = bits = 0
    for byte in stream:
        value |= (byte & 0x7F) << bits
        bits += 7
        if byte < 0x80:
            return value - (1 << bits) if signed and byte & 0x40 else value
    raise InternalError("the line table of an object ends within a number")
