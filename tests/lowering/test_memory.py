"""The buffer plan: nothing that lives at the same time shares memory, and memory is used again."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
from hypothesis import given

from dark_jit.lowering.memory import ALIGNMENT, Life, lower_bound, plan_arena

life = st.tuples(st.integers(1, 999), st.integers(0, 9), st.integers(0, 9))
lives = st.lists(life.map(lambda drawn: Life(drawn[0], drawn[1], drawn[1] + drawn[2])), max_size=25)


def together(one, other):
    return one.first <= other.last and other.first <= one.last


@given(lives)
def test_lives_that_meet_do_not_share_memory(lives):
    offsets, size = plan_arena(lives)
    placed = [(life, offset, offset + life.nbytes) for life, offset in zip(lives, offsets, strict=True)]
    for (one, start, end), (other, begin, stop) in itertools.combinations(placed, 2):
        assert not together(one, other) or end <= begin or stop <= start
    assert all(offset % ALIGNMENT == 0 for offset in offsets)
    assert all(end <= size for *_, end in placed)


@given(lives)
def test_the_arena_is_no_smaller_than_the_bound_and_no_larger_than_all_of_it(lives):
    _, size = plan_arena(lives)
    assert lower_bound(lives) <= size <= sum(life.size for life in lives)


@given(lives)
def test_the_bound_is_what_is_needed_at_one_time(lives):
    needed = (sum(life.size for life in lives if life.first <= now <= life.last) for now in range(20))
    assert lower_bound(lives) == max(needed)


def test_memory_is_used_again():
    assert plan_arena([Life(100, 0, 1), Life(100, 2, 3), Life(60, 1, 2)]) == ([0, 0, 128], 192)


def test_a_gap_is_filled_from_below():
    offsets, size = plan_arena([Life(640, 0, 0), Life(320, 0, 9), Life(64, 1, 9)])
    assert (offsets, size) == ([0, 640, 0], 960)


def test_nothing_needs_nothing():
    assert plan_arena([]) == ([], 0)
    assert lower_bound([]) == 0


def test_a_chain_needs_two_buffers():
    chain = [Life(64, now, now + 1) for now in range(3000)]
    assert plan_arena(chain)[1] == lower_bound(chain) == 128
