"""Draws how many times faster dark_jit is than each peer, from the figures that run.py has written.

    python benchmarks/run.py --json results.json
    python benchmarks/plot.py results.json docs/pictures/performance.svg

Needs matplotlib (the extra `plot`).
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

from timing import OURS

mpl.use("svg")
mpl.rcParams["svg.fonttype"] = "none"

# Okabe and Ito's colours, which most people can tell apart; on light grounds and on dark ones.
COLOURS = {"torch": "#D55E00", "torch.compile": "#CC79A7", "jax.jit": "#009E73", "ONNX Runtime": "#0072B2"}
OTHER = "#888888"
INK = "#888888"
TICKS = (0.5, 1, 2, 5, 10)
GROUPS = ("gemm", "conv2d forward", "conv2d weight gradient", "conv2d input gradient", "rows", "elementwise")
MODELS = ("training step", "inference")


def ratios(figures: dict[str, Any], threads: int) -> dict[str, dict[str, float]]:
    """For each bar group (a model, or the geometric mean of a group of rows) the ratio to each peer."""
    found: dict[str, dict[str, list[float]]] = {}
    for row in figures["results"]:
        if row["failure"] or row["threads"] != threads or OURS not in row["timings"]:
            continue
        if row["group"] not in (*GROUPS, *MODELS):
            continue
        name = f"{row['group']}: {row['name'].split(',')[0]}" if row["group"] in MODELS else row["group"]
        ours = row["timings"][OURS]["median"]
        for peer, seconds in best_of_formats(row["timings"]).items():
            found.setdefault(name, {}).setdefault(peer, []).append(seconds / ours)
    return {
        name: {peer: statistics.geometric_mean(values) for peer, values in peers.items()}
        for name, peers in found.items()
    }


def best_of_formats(timings: dict[str, Any]) -> dict[str, float]:
    """Seconds by library: PyTorch's memory formats and forms of Adam count as one library, at its best."""
    found: dict[str, float] = {}
    for name, timing in timings.items():
        library = "torch" if name.startswith(("torch ", "torch,")) else name
        if library != OURS:
            found[library] = min(found.get(library, timing["median"]), timing["median"])
    return found


def draw(bars: dict[str, dict[str, float]], title: str, path: Path) -> None:
    """Bars on a logarithmic axis that begin at 1: to the right dark_jit is faster."""
    peers = list(dict.fromkeys(peer for found in bars.values() for peer in found))
    lines = [(name, peer) for name, found in bars.items() for peer in peers if peer in found]
    figure, axes = plt.subplots(figsize=(8, 0.6 + 0.19 * len(lines)))
    for number, (name, peer) in enumerate(lines):
        ratio = bars[name][peer]
        axes.barh(-number, ratio - 1, left=1, height=0.8, color=COLOURS.get(peer, OTHER))
        axes.annotate(f" {ratio:.2g} ", (ratio, -number), va="center", ha="left" if ratio >= 1 else "right", color=INK)
    firsts = [number for number, (name, _) in enumerate(lines) if number == 0 or lines[number - 1][0] != name]
    axes.set_yticks([-number for number in firsts], [lines[number][0] for number in firsts], color=INK)
    axes.set_xscale("log")
    axes.set_xticks(TICKS, map(str, TICKS))
    axes.set_xticks([], minor=True)
    axes.axvline(1, color=INK, linewidth=0.8)
    axes.margins(x=0.12, y=0.01)
    axes.tick_params(colors=INK, which="both")
    axes.set_title(title, color=INK)
    axes.spines[:].set_visible(False)
    handles = [plt.Rectangle((0, 0), 1, 1, color=COLOURS.get(peer, OTHER)) for peer in peers]
    axes.legend(handles, peers, labelcolor=INK, frameon=False, loc="upper center", bbox_to_anchor=(0.4, -0.05), ncols=5)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, transparent=True, bbox_inches="tight", metadata={"Date": None})


def main() -> None:
    """From the command line."""
    parser = argparse.ArgumentParser(description="Draw how many times faster dark_jit is than its peers.")
    parser.add_argument("figures", type=Path, help="what run.py --json wrote")
    parser.add_argument("picture", type=Path, help="an SVG file")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    figures = json.loads(arguments.figures.read_text())
    title = f"times faster than, {arguments.threads} thread{'s' * (arguments.threads > 1)}"
    draw(ratios(figures, arguments.threads), title, arguments.picture)


if __name__ == "__main__":
    main()
