"""Results as tables: a column for each library, a ratio to each peer and to the best of them, geometric means below."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence

from rich.table import Table

from peak import COPY, FMA
from timing import OURS, Result, Timing

UNITS = ((1.0, "s"), (1e-3, "ms"), (1e-6, "us"), (0.0, "ns"))


def group_table(title: str, rows: Sequence[Result], limits: Mapping[str, float]) -> Table:
    """One group of results. `limits`: what the machine was seen to do, by the name of the peak."""
    names = list(dict.fromkeys(name for row in rows for name in row.timings))
    peers = [name for name in names if name != OURS] if OURS in names else []
    unit = "GFLOP/s" if any(row.flops for row in rows) else "time" if rows[0].unit == "seconds" else rows[0].unit
    shares = {row.name: share(row, limits) for row in rows}
    table = Table(title=f"{title} ({unit})", title_justify="left")
    table.add_column("")
    for heading in names + [f"vs {peer}" for peer in against(peers)]:
        table.add_column(heading, justify="right")
    held = any(shares.values())
    if held:
        table.add_column("of the peak", justify="right")
    for row in rows:
        if row.failure:
            table.add_row(row.name, f"[red]{row.failure}")
        else:
            figures = [cell(row, name) if name in row.timings else "" for name in names]
            compared = [f"{ratio:.2f}" if ratio else "" for ratio in ratios(row, peers)]
            table.add_row(row.name, *figures, *compared, *([shares[row.name]] if held else []))
    timed = [row for row in rows if not row.failure]
    if peers and len(timed) > 1:
        columns = zip(*[ratios(row, peers) for row in timed], strict=True)
        means = [statistics.geometric_mean(filter(None, column)) for column in columns]
        table.add_section()
        table.add_row("geometric mean", *[""] * len(names), *[f"{mean:.2f}" for mean in means])
    return table


def against(peers: Sequence[str]) -> list[str]:
    """What we are compared with: each peer and, where there are several, the fastest of them row by row."""
    return [*peers, "best"] if len(peers) > 1 else list(peers)


def ratios(row: Result, peers: Sequence[str]) -> list[float]:
    """How many times faster than each of `against(peers)` we are, by medians; 0 for one that is not in the row."""
    theirs = [row.timings[peer].median if peer in row.timings else 0 for peer in peers]
    if len(peers) > 1:
        theirs.append(min(filter(None, theirs), default=0))
    return [seconds / row.timings[OURS].median for seconds in theirs]


def limit(result: Result) -> dict[str, float]:
    """What the rows after a peak's are held to: operations or bytes in a second of the fastest round."""
    work = {FMA: result.flops, COPY: result.bytes}
    if result.group not in work or result.failure:
        return {}
    return {result.group: work[result.group] / min(timing.low for timing in result.timings.values())}


def share(row: Result, limits: Mapping[str, float]) -> str:
    """Our part of what the machine was seen to do; Winograd's method makes fewer products than are counted."""
    work, peak = (row.flops, limits.get(FMA)) if row.flops else (row.bytes, limits.get(COPY))
    if not work or not peak or OURS not in row.timings:
        return ""
    return f"{work / row.timings[OURS].median / peak:.0%}"


def summary(row: Result) -> str:
    """The row on one line."""
    figures = ", ".join(f"{name} {cell(row, name)}" for name in row.timings)
    return f"{row.group}: {row.name}: {row.failure or figures}"


def cell(row: Result, name: str) -> str:
    """A figure with its spread, lowest value first."""
    timing = row.timings[name]
    if row.unit == "bytes":
        return f"{timing.median / 1e6:,.0f} MB"
    return rate(timing, row.flops) if row.flops else duration(timing)


def rate(timing: Timing, flops: int) -> str:
    """In GFLOP/s."""
    median, low, high = (flops / seconds / 1e9 for seconds in (timing.median, timing.high, timing.low))
    digits = 0 if median >= 100 else 1
    return f"{median:.{digits}f} ({low:.{digits}f}..{high:.{digits}f})"


def duration(timing: Timing) -> str:
    """In the unit that suits the median."""
    scale, unit = next((scale or 1e-9, unit) for scale, unit in UNITS if timing.median >= scale)
    median, low, high = (seconds / scale for seconds in (timing.median, timing.low, timing.high))
    return f"{median:.3g} ({low:.3g}..{high:.3g}) {unit}"
