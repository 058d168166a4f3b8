"""What a program keeps from one run to the next: memory at addresses that come again, and runs that were recorded.

Launching some hundred kernels from Python takes longer than many of them run. A recorded run (a CUDA graph) starts them
all at once, but at the addresses that it was recorded with. So a program runs in memory of its own, as far as it can:

- scratch memory is allocated once;
- inputs that come from the CPU are copied to memory that waits for them, if they are not what lies there already;
- an output's memory is used again once nobody can read it any more: a training step goes to and fro between two
  sets of parameters;
- small outputs, such as a loss that is kept, are computed in memory of the program's, and copied from there.

A run whose addresses have come before is recorded; others are launched kernel by kernel.
"""

from __future__ import annotations

import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from dark_jit.backends.buffer import Buffer
from dark_jit.backends.cuda.runtime import STATUS_WORDS, Calls, Device, Kernel, Memory, launching
from dark_jit.graph.node import Node
from dark_jit.lowering.schedule import Place, Schedule, Slot

SMALL = 16  # bytes: outputs up to these are copied
KEPT = 3  # pieces of memory of an output that are waited for
RECORDED = 8  # runs that are kept recorded
REMEMBERED = 64  # runs whose addresses are remembered

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class _Recent(OrderedDict[Key, Value]):
    """A dictionary that forgets what was not asked for longest."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def __setitem__(self, key: Key, value: Value) -> None:
        super().__setitem__(key, value)
        self.move_to_end(key)
        if len(self) > self._most:
            self.popitem(last=False)


class _Output:
    """The memory of one output."""

    def __init__(self, device: Device, node: Node) -> None:
        self._device = device
        self._node = node
        self.nbytes = node.size * node.dtype.itemsize
        self._pieces: list[tuple[Memory, weakref.ref[object]]] = []
        self._own = device.allocate(self.nbytes) if self.nbytes <= SMALL else None

    def take(self) -> Memory:
        """Memory that nobody reads."""
        if self._own is not None:
            return self._own
        pieces = self._pieces  # another thread may release them
        for number, (memory, reader) in enumerate(pieces):
            if reader() is None:
                self._pieces = pieces[:number] + pieces[number + 1 :]
                return memory
        return self._device.allocate(self.nbytes)

    def release(self) -> None:
        """Let go of memory that was waited for."""
        self._pieces = []

    def give(self, memory: Memory) -> Buffer:
        """What a run has computed there."""
        if self._own is not None:
            memory = self._device.allocate(self.nbytes)
            self._device.copy(self._own, memory, self.nbytes)
        buffer = self._device.buffer(memory, self._node.shape, self._node.dtype)
        if self._own is None:
            self._pieces = [*self._pieces[1 - KEPT :], (memory, weakref.ref(self._device.reader(buffer)))]
        return buffer


@dataclass
class _Input:
    """A copy of what came from the CPU; `source` is the buffer that it was made of."""

    memory: Memory
    source: weakref.ref[Buffer]


@dataclass(frozen=True)
class _Places:
    """The memory of one run."""

    arena: Memory
    given: Sequence[Memory]
    made: Mapping[Node, Memory]


class Frame:
    """The memory of a program's runs, one after another, in one stream."""

    def __init__(self, device: Device, schedule: Schedule, kernels: Sequence[tuple[Kernel, Sequence[Slot]]]) -> None:
        self._device = device
        self._schedule = schedule
        self._kernels = kernels
        self.busy = False
        self._arena: Memory | None = None
        self._status = device.allocate(8 * STATUS_WORDS, zero=True)
        self._outputs = {node: _Output(device, node) for node in schedule.graph.outputs if node.op.name != "input"}
        self._inputs: dict[int, _Input] = {}
        self._seen: _Recent[tuple[int, ...], None] = _Recent(REMEMBERED)
        self._recorded: _Recent[tuple[int, ...], Callable[[], None]] = _Recent(RECORDED)
        device.holders.add(self)

    def release(self) -> None:
        """Let go of memory that can be allocated anew. A run that another thread is in has its own references."""
        for output in self._outputs.values():
            output.release()
        self._inputs.clear()
        self._arena = None

    def run(self, inputs: Sequence[Buffer], looks: bool) -> tuple[list[Buffer], tuple[int, ...]]:
        """The outputs, and the status words if the run `looks` at them: then they are not worth anything if there is a
        status. Not while the frame is `busy`."""
        self.busy = True
        try:
            return self._run(inputs, looks)
        finally:
            self.busy = False

    def _run(self, inputs: Sequence[Buffer], looks: bool) -> tuple[list[Buffer], tuple[int, ...]]:
        places = self._places(inputs)
        self._launch(places)
        status = self._device.words(self._status) if looks else ()
        if looks and status[0]:
            self._status = self._device.allocate(8 * STATUS_WORDS, zero=True)
            self._recorded.clear()
            return [], status
        found = {node: self._outputs[node].give(memory) for node, memory in places.made.items()}
        results = [found.get(node) or inputs[node["index"]] for node in self._schedule.graph.outputs]
        return results, status

    def calls(self, inputs: Sequence[Buffer]) -> tuple[Calls, object]:
        """The kernels of one run, to be started by somebody else, and what must live as long as they run."""
        places = self._places(inputs)
        return self._calls(places), places

    def _places(self, inputs: Sequence[Buffer]) -> _Places:
        arena = self._arena = self._arena or self._device.allocate(self._schedule.arena_bytes)
        given = [self._reach(number, buffer) for number, buffer in enumerate(inputs)]
        return _Places(arena, given, {node: output.take() for node, output in self._outputs.items()})

    def _reach(self, number: int, buffer: Buffer) -> Memory:
        """An input's memory, if it lies on the device; else a copy at an address that comes again."""
        if self._device.holds(buffer):
            return self._device.reach(buffer)
        known = self._inputs.get(number)
        if known is None:
            known = self._inputs[number] = _Input(self._device.reach(buffer), weakref.ref(buffer))
        elif known.source() is not buffer:
            self._device.fill(known.memory, buffer)
            known.source = weakref.ref(buffer)
        return known.memory

    def _launch(self, places: _Places) -> None:
        key = tuple(memory.address for memory in (places.arena, *places.given, *places.made.values()))
        launch = self._recorded.get(key)
        if launch is None:
            calls = self._calls(places)
            if key in self._seen:
                launch = self._recorded[key] = self._device.record(calls)
            else:
                self._seen[key] = None
                launch = launching(calls)
        launch()

    def _calls(self, places: _Places) -> Calls:
        return [(kernel, [self._address(slot, places) for slot in slots]) for kernel, slots in self._kernels]

    def _address(self, slot: Slot, places: _Places) -> int:
        """Of what a kernel reads or writes there."""
        assert slot.place is not Place.KEPT, "programs of cards keep nothing"
        match slot.place:
            case Place.ARENA:
                return places.arena.address + slot.index
            case Place.INPUT:
                return places.given[slot.index].address
            case Place.OUTPUT:
                return places.made[self._schedule.graph.outputs[slot.index]].address
            case Place.STATUS:
                return self._status.address
