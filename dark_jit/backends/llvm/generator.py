"""A process that generates machine code: texts come in by its standard input, objects go out. `ahead.py` starts it.

It is run as a file and imports nothing of dark_jit, so that it is there soon. A message is its length, 8 bytes, and its
bytes. The first one says for which CPU; each other one is a text, and is answered.
"""

from __future__ import annotations

import json
import queue
import sys
import threading
from collections.abc import Iterator
from typing import BinaryIO

import llvmlite.binding as llvm

_LENGTH = 8  # bytes


def send(stream: BinaryIO, *messages: bytes) -> None:
    """Write messages. Raises OSError where nobody reads."""
    for message in messages:
        stream.write(len(message).to_bytes(_LENGTH, "little"))
        stream.write(message)
    stream.flush()


def received(stream: BinaryIO) -> bytes | None:
    """The next message; None where there is no other."""
    head = stream.read(_LENGTH)
    length = int.from_bytes(head, "little")
    message = stream.read(length) if len(head) == _LENGTH else b""
    return message if len(head) == _LENGTH and len(message) == length else None


def generated(text: str, machine: llvm.TargetMachine) -> bytes:
    """The names of the functions that a text exports, those that it declares, and its object, in lines; nothing for a
    text that LLVM refuses."""
    try:
        with llvm.create_context() as context, llvm.parse_assembly(text, context) as module:
            module.triple, module.data_layout = machine.triple, str(machine.target_data)
            module.verify()
            declared = [f.name for f in module.functions if f.is_declaration]
            exported = [f.name for f in module.functions if not f.is_declaration and f.linkage == llvm.Linkage.external]
            code: bytes = machine.emit_object(module)
    except RuntimeError:
        return b""
    return "\n".join([" ".join(exported), " ".join(declared), ""]).encode() + code


def _arriving(requests: BinaryIO) -> Iterator[bytes]:
    """All further messages. They are read while code is generated, so whoever sends them need not wait for that."""
    arrived = queue.SimpleQueue[bytes | None]()

    def read() -> None:
        while (message := received(requests)) is not None:
            arrived.put(message)
        arrived.put(None)

    threading.Thread(target=read, daemon=True).start()
    return iter(arrived.get, None)


def _serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there is no other."""
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    llvm.initialize_native_asmparser()
    settings = json.loads(received(requests) or b"{}")
    machine = llvm.Target.from_triple(llvm.get_process_triple()).create_target_machine(**settings)
    for text in _arriving(requests):
        send(answers, generated(text.decode(), machine))


if __name__ == "__main__":
    _serve(sys.stdin.buffer, sys.stdout.buffer)
