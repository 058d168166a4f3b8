"""Results as tables."""

from __future__ import annotations

import io

from rich.console import Console

from peak import COPY, FMA
from report import print_groups
from tables import group_table, limit, summary
from timing import OURS, Result, Timing


def second(median: float) -> Timing:
    return Timing(median, median / 2, median * 2)


def printed(*rows: Result) -> str:
    """The tables, each line's cells between single spaces."""
    console = Console(width=200, file=io.StringIO())
    print_groups(console, rows, {}, ", 1 thread")
    assert isinstance(console.file, io.StringIO)
    return "\n".join(" ".join(line.replace("│", " ").split()) for line in console.file.getvalue().splitlines())


def test_a_ratio_to_each_peer_to_the_best_and_their_means() -> None:
    rows = [
        Result("call", "small", {OURS: second(1e-3), "torch": second(2e-3), "numpy": second(8e-3)}),
        Result("call", "large", {OURS: second(1e-3), "torch": second(8e-3), "numpy": second(2e-3)}),
    ]
    text = printed(*rows)
    assert "call, 1 thread (time)" in text
    assert "small 1 (0.5..2) ms 2 (1..4) ms 8 (4..16) ms 2.00 8.00 2.00" in text
    assert "geometric mean 4.00 4.00 2.00" in text


def test_no_column_for_shares_of_a_peak_that_was_not_measured() -> None:
    row = Result("gemm", "1 x 1 x 1", {OURS: second(1.0), "torch": second(2.0)}, flops=int(1e9))
    assert [column.header for column in group_table("gemm", [row], {}).columns] == ["", OURS, "torch", "vs torch"]
    assert group_table("gemm", [row], {FMA: 2e9}).columns[-1].header == "of the peak"


def test_a_peer_that_is_not_in_every_row() -> None:
    rows = [
        Result("step", "one", {OURS: second(1.0), "torch": second(2.0), "jax": second(3.0)}),
        Result("step", "other", {OURS: second(1.0), "torch": second(8.0)}),
    ]
    text = printed(*rows)
    assert "other 1 (0.5..2) s 8 (4..16) s 8.00 8.00" in text
    assert "geometric mean 4.00 3.00 4.00" in text


def test_rates_with_the_lowest_first_and_their_share_of_the_peak() -> None:
    rows = [
        Result(FMA, "float32 x 8", {"fma": Timing(1.5, 1.0, 2.0)}, flops=int(200e9)),
        Result("gemm", "1 x 1 x 1", {OURS: second(1.0), "numpy": second(2.0)}, flops=int(100e9)),
    ]
    assert "1 x 1 x 1 100 (50..200) 50.0 (25.0..100.0) 2.00 50%" in printed(*rows)


def test_what_waits_for_memory_is_held_to_the_fastest_copy_of_any_library() -> None:
    copy = Result(COPY, "copy", {OURS: Timing(3.0, 2.0, 4.0), "torch": Timing(2.0, 1.0, 3.0)}, bytes=800)
    assert limit(copy) == {COPY: 800.0}
    assert limit(Result("rows", "softmax", {OURS: second(1.0)}, bytes=8)) == {}
    assert limit(Result(COPY, "copy", failure="differs")) == {}
    assert "softmax 1 (0.5..2) s 25%" in printed(copy, Result("rows", "softmax", {OURS: second(1.0)}, bytes=200))


def test_a_failure_takes_the_place_of_the_figures() -> None:
    good = Result("rows", "softmax", {OURS: second(1.0), "torch": second(2.0)})
    bad = Result("rows", "layer norm", failure="torch differs")
    assert "layer norm torch differs" in printed(good, bad)
    assert summary(bad) == "rows: layer norm: torch differs"


def test_bytes() -> None:
    assert "step 2 MB 4 MB 2.00" in printed(
        Result("size", "step", {OURS: second(2e6), "torch": second(4e6)}, unit="bytes")
    )


def test_a_row_on_one_line() -> None:
    row = Result("call", "small", {OURS: second(1e-6), "torch": second(2e-9)})
    assert summary(row) == "call: small: dark_jit 1 (0.5..2) us, torch 2 (1..4) ns"
