"""`@dark.compile`: a function whose calls run one program each, traced at the first call of its kind."""

from __future__ import annotations

import contextlib
import functools
import warnings
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from types import MethodType
from typing import Any, NamedTuple, overload
from weakref import ReferenceType, WeakKeyDictionary, ref

from dark_jit.backends.backend import Program
from dark_jit.backends.buffer import Buffer
from dark_jit.compiler.donation import Donation, Names
from dark_jit.compiler.entry import Entry
from dark_jit.compiler.explaining import changed
from dark_jit.compiler.guards import Recorder
from dark_jit.compiler.options import Options
from dark_jit.compiler.pytree import described, signature
from dark_jit.compiler.quick import are_plain
from dark_jit.compiler.trace import Tracer
from dark_jit.compiler.traced import run
from dark_jit.compiler.writeback import Overtaken
from dark_jit.errors import ArgumentError
from dark_jit.graph import origins
from dark_jit.graph.graph import Graph
from dark_jit.graph.node import Node
from dark_jit.tensor.mode import mode, state_lock, trace_lock

CAPACITY = 64
MANY_PROGRAMS = 9


class CacheInfo(NamedTuple):
    """Of a compiled function: programs compiled, traces made, calls that found a program, traces kept at most."""

    programs: int
    traces: int
    hits: int
    capacity: int


@dataclass(frozen=True)
class Inspected:
    """What `inspect` has found: a function's program, what it would read now, and the nodes of its own trace.

    Arrays, which the caller may change, are copied.
    """

    name: str
    program: Program
    inputs: Sequence[Buffer]
    traced: Sequence[Node]


_presenters: list[Callable[[Inspected], Any]] = []


def present_with(presenter: Callable[[Inspected], Any]) -> None:
    """Let `CompiledFunction.inspect` show programs by this function: what stands above registers itself."""
    _presenters.append(presenter)


class CompiledFunction:
    """A function that is traced once for each kind of arguments, and then runs as one program.

    Keyed by the arguments' structure, shapes, dtypes and static values (int, bool, str, None); floats are inputs.
    Globals, closure variables and attributes of modules that the trace read are guarded. Tensors that it reaches
    without being passed are inputs; those that it assigns are outputs, written back when the program has succeeded.

    Threads may call it at once. A call reads the Tensors that it reaches as they were at one moment, and writes all
    that it assigns in one step. Where another thread has meanwhile written to what a call reads and writes, it is run
    again, so that nothing is lost. Traces take turns.
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        options: Options | None = None,
        donate: int | str | Names = (),
    ) -> None:
        functools.update_wrapper(self, fn)
        self._fn = fn
        self._options = options or Options()
        self._donation = Donation(fn, donate) if donate != () else None
        self._entries: OrderedDict[Hashable, tuple[Entry, ...]] = OrderedDict()
        self._reasons: deque[tuple[ReferenceType[Entry], str]] = deque(maxlen=CAPACITY)
        self._numbers: WeakKeyDictionary[Graph, int] = WeakKeyDictionary()  # of the programs
        self._programs = self._traces = self._hits = 0
        self._last: Entry | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if mode.trace is not None:
            return self._fn(*args, **kwargs)
        try:
            try:
                entry = self._last
                if entry is not None and not kwargs and (inputs := entry.match(args)) is not None:
                    self._hits += 1
                    return entry.run_on(inputs, args) if entry.only_reads else entry.run(args)
                return self._run_any(args, kwargs)
            except Overtaken:
                pass
            return self._run_again(args, kwargs)
        except Exception as error:
            origins.cut(error)
            raise

    def _run_any(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """A call with any arguments; if they are plain, the next one may be like it."""
        leaves: list[Any] = []
        entry = self._found(args, kwargs, leaves)
        self._last = entry if not kwargs and are_plain(args) else None
        return entry.run(leaves)

    def _run_again(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """The call once more, while nobody else writes to Tensors."""
        leaves: list[Any] = []
        with state_lock:
            return self._found(args, kwargs, leaves).run(leaves, in_turn=True)

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        return self if instance is None else MethodType(self, instance)

    def graph_for(self, *args: Any, **kwargs: Any) -> Graph:
        """The canonical graph of the program for these arguments. Nothing is run, no state changes."""
        return self._found(args, kwargs, []).graph

    def program_for(self, *args: Any, **kwargs: Any) -> Program:
        """The compiled program for these arguments. Nothing is run, no state changes."""
        return self._found(args, kwargs, []).program

    def inputs_for(self, *args: Any, **kwargs: Any) -> list[Buffer]:
        """What the program reads at a call with these arguments, in the order of its graph's inputs."""
        leaves: list[Any] = []
        return self._found(args, kwargs, leaves).gather(leaves)

    def inspect(self, *args: Any, **kwargs: Any) -> Any:
        """The Report of the program for these arguments (dark_jit.inspection). Nothing is run, no state changes."""
        leaves: list[Any] = []
        entry = self._found(args, kwargs, leaves)
        found = Inspected(self._name(), entry.program, entry.kept_inputs(leaves), entry.traced.nodes)
        return _presenters[-1](found)

    def cache_info(self) -> CacheInfo:
        """How many programs and traces there were, and how many calls found one."""
        return CacheInfo(self._programs, self._traces, self._hits, CAPACITY)

    def explain(self) -> str:
        """The last traces: which program each gave, and why it was made: what is new in the arguments, or what its
        forerunner depended on, from what to what it changed; and which of them are no longer held.
        """
        head = f"{self._name()}: {self._programs} programs, {self._traces} traces, {self._hits} cached calls"
        held = {id(entry) for entries in self._entries.values() for entry in entries}
        lines = [text if id(entry()) in held else f"{text} (no longer held)" for entry, text in self._reasons]
        return "\n".join([head, *lines])

    def __repr__(self) -> str:
        return f"<compiled {self._name()}>"

    def _name(self) -> str:
        return getattr(self._fn, "__qualname__", type(self._fn).__name__)

    def _found(self, args: tuple[Any, ...], kwargs: dict[str, Any], leaves: list[Any]) -> Entry:
        """The entry for these arguments, traced now if there is none; their leaves are appended to `leaves`."""
        objects: list[Any] = []
        arguments = signature(args, leaves, objects)
        named = signature(kwargs, leaves, objects) if kwargs else None
        key = (arguments, named, mode.grad)
        entry = self._look(key, leaves)
        if entry is None:
            with trace_lock:  # meanwhile another thread may have made it
                entry = self._look(key, leaves) or self._trace(key, args, kwargs, leaves, objects)
        return entry

    def _look(self, key: Hashable, leaves: list[Any]) -> Entry | None:
        """The entry that was made for these arguments before, if there is one."""
        for entry in self._entries.get(key, ()):
            if entry.fits(leaves):
                self._hits += 1
                with contextlib.suppress(KeyError):  # another thread's trace may just have dropped it
                    self._entries.move_to_end(key)
                return entry
        return None

    def _trace(
        self, key: tuple[Any, ...], args: tuple[Any, ...], kwargs: dict[str, Any], leaves: list[Any], objects: list[Any]
    ) -> Entry:
        reason = self._reason(key, leaves)
        entry = self._traced(key, args, kwargs, leaves, objects, frozenset())
        self._keep(entry)
        self._traces += 1
        if entry.graph not in self._numbers:
            self._programs += 1
            self._numbers[entry.graph] = self._programs
            if self._programs == MANY_PROGRAMS:
                self._warn(reason)
        text = f"  trace {self._traces} -> program {self._numbers[entry.graph]}: {reason}"
        self._reasons.append((ref(entry), text))
        return entry

    def _warn(self, reason: str) -> None:
        warnings.warn(
            f"{self._name()} was compiled for the {MANY_PROGRAMS}th time, because {reason}. Pass what changes as "
            "a Tensor or float argument, not as an int, a global or an attribute, or pad shapes; explain() lists all",
            RuntimeWarning,
            stacklevel=5,
        )

    def _traced(
        self,
        key: Hashable,
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        leaves: list[Any],
        objects: list[Any],
        pinned: frozenset[int],
    ) -> Entry:
        """Trace the function. If an argument turns out to be used from outside as well, it is traced again with that
        guarded.
        """
        tracer = Tracer(leaves, pinned)
        recorder = Recorder()
        for thing in objects:
            recorder.touch(thing)
        try:
            recorder.start()
            traced = run(tracer, self._fn, args, kwargs)
        finally:
            try:
                recorder.stop()
            except BaseException:  # a signal handler raised
                recorder.stop()
                raise
        aliased = tracer.aliased | tracer.overlapping()
        if aliased:
            return self._traced(key, args, kwargs, leaves, objects, pinned | aliased)
        recorder.note_closures(self._fn)
        recorder.guards.captured = [(handle, handle._requires) for handle, _ in tracer.captured.values()]
        donated = () if self._donation is None else self._donation.places(args, kwargs)
        return Entry(key, traced, tracer, recorder.guards, objects, self._options, donated)

    def _keep(self, entry: Entry) -> None:
        others = self._entries.get(entry.key, ())
        # A Tensor or array that is replaced at each call would otherwise be kept alive by each of its traces.
        kept = [other for other in others if other.graph is not entry.graph or not other.guards.rebound()]
        self._entries[entry.key] = (entry, *kept)  # a new tuple, as other threads may be looking through the old one
        self._entries.move_to_end(entry.key)
        while sum(map(len, self._entries.values())) > CAPACITY:
            key, oldest = next(iter(self._entries.items()))
            if len(oldest) > 1:
                self._entries[key] = oldest[:-1]
            else:
                del self._entries[key]

    def _reason(self, key: tuple[Any, ...], leaves: Sequence[Any]) -> str:
        """Why no program that there is could be used."""
        if not self._entries:
            return "the first call"
        entries = self._entries.get(key)
        if not entries:
            last = next(reversed(self._entries))
            before, now = _described(last), _described(key)
            return f"the arguments {now} are new (before: {before})" if before != now else "the gradient mode changed"
        return changed(entries[0], leaves)


def _described(key: Any) -> str:
    arguments, named = key[:2]
    return described(arguments) + (f" {described(named)}" if named else "")


@overload
def compile(
    fn: Callable[..., Any],
    *,
    device: str | None = None,
    backend: str | None = None,
    donate: int | str | Names = (),
    precision: str = "default",
    check: bool = False,
    nan: str | None = None,
    tune: float | None = None,
) -> CompiledFunction: ...


@overload
def compile(
    fn: None = None,
    *,
    device: str | None = None,
    backend: str | None = None,
    donate: int | str | Names = (),
    precision: str = "default",
    check: bool = False,
    nan: str | None = None,
    tune: float | None = None,
) -> Callable[[Callable[..., Any]], CompiledFunction]: ...


def compile(
    fn: Callable[..., Any] | None = None,
    *,
    device: str | None = None,
    backend: str | None = None,
    donate: int | str | Names = (),
    precision: str = "default",
    check: bool = False,
    nan: str | None = None,
    tune: float | None = None,
) -> Any:
    """Compile a function, as a decorator or by a call.

    device: "cpu", "cuda" or "cuda-emulator", where the program runs; by default where lazy code does. Arguments and
    results lie in the CPU's memory.
    backend: "reference" for the NumPy interpreter, or a device.
    donate: names or numbers of parameters. The Tensors in such an argument (not arrays) are given away: their memory is
    free when the call ends, and using one afterwards raises DonatedError. Inside of another compiled function donate
    has no effect.
    precision: "strict" makes sums of just the products that an operation names; by default some convolutions use
    Winograd's method, whose rounding errors are about twice as large (docs/accuracy.md). "tf32" and "bf16" allow cards
    to round factors; other devices do not.
    check: hold each kernel of each call to the NumPy interpreter; the first that differs raises MismatchError.
    nan: "raise" makes a call whose results have a NaN raise NaNError, which names the line that made the first.
    Both are for hunting, on the CPU: calls then take many times longer, and change no state when they raise.
    tune: seconds that the first call of each program may take to time contractions in several forms and keep those that
    are faster. What was found is remembered on disk for this machine and number of threads; 0 uses what is
    remembered. Sums may then be added up in another order. On the CPU and on cards.
    Arguments and results may be nested tuples, lists and dicts of Tensors and NumPy arrays (which are read during the
    call, not copied). A result that is a view of an argument shares its elements with it. Raises ArgumentError for an
    unknown backend, parameter or option; calls raise TraceError where the function asks for a traced number.
    """
    if device is not None and backend is not None and device != backend:
        raise ArgumentError(f"device={device!r} and backend={backend!r} name two places to run; give one of them")
    chosen = Options(backend or device, precision, check, nan, tune)
    if fn is None:
        return lambda function: CompiledFunction(function, chosen, donate)
    return CompiledFunction(fn, chosen, donate)
