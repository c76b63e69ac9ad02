"""Every sample in every epoch, however many processes share the work."""

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.batches import REPEATED
from gatbert.data_modules.samplers import EvaluationSampler, LengthGroupedSampler

sizes_strategy = st.lists(st.integers(1, 100), min_size=1, max_size=120)


def epoch(sampler: LengthGroupedSampler, number: int = 0) -> list[list[int]]:
    sampler.set_epoch(number)
    return list(sampler)


@given(sizes_strategy, st.integers(1, 9), st.integers(1, 4), st.integers(0, 5))
def test_training_sees_every_sample_on_the_same_number_of_steps(
    sizes: list[int], batch_size: int, processes: int, number: int
) -> None:
    array = np.asarray(sizes)
    shares = [epoch(LengthGroupedSampler(array, batch_size, 0, p, processes), number) for p in range(processes)]
    assert len({len(share) for share in shares}) == 1
    assert len(shares[0]) == len(LengthGroupedSampler(array, batch_size, 0, 0, processes))
    seen = [batch for share in shares for batch in share]
    assert {index for batch in seen for index in batch} == set(range(len(sizes)))
    assert len(seen) - -(-len(sizes) // batch_size) < processes  # only the last round is filled up


@given(sizes_strategy, st.integers(1, 9), st.integers(1, 4))
def test_evaluation_counts_every_sample_once(sizes: list[int], batch_size: int, processes: int) -> None:
    shares = [list(EvaluationSampler(np.asarray(sizes), batch_size, p, processes)) for p in range(processes)]
    assert len({len(share) for share in shares}) == 1
    seen = sorted(index for share in shares for batch in share for index in batch if index != REPEATED)
    assert seen == list(range(len(sizes)))


@pytest.fixture
def sizes() -> npt.NDArray[np.int64]:
    return np.random.default_rng(0).geometric(0.03, 4000)


def test_order_follows_seed_and_epoch_alone(sizes: npt.NDArray[np.int64]) -> None:
    def order(seed: int, number: int) -> list[list[int]]:
        return epoch(LengthGroupedSampler(sizes, 16, seed), number)

    assert order(0, 3) == order(0, 3)
    assert order(0, 3) != order(0, 4)
    assert order(0, 3) != order(1, 3)


def test_grouping_by_length_leaves_little_padding_and_mixes_lengths(sizes: npt.NDArray[np.int64]) -> None:
    def padding(batches: list[list[int]]) -> float:
        return float(sum(sizes[batch].max() * len(batch) for batch in batches) / sizes.sum() - 1)

    grouped = epoch(LengthGroupedSampler(sizes, 16, 0))
    shuffled = np.random.default_rng(0).permutation(len(sizes)).reshape(-1, 16).tolist()
    assert padding(grouped) < 0.1 * padding(shuffled)
    means = np.asarray([sizes[batch].mean() for batch in grouped])
    assert abs(np.corrcoef(np.arange(len(means)), means)[0, 1]) < 0.15


@given(st.lists(st.integers(0, 3), min_size=1, max_size=90), st.integers(1, 9), st.integers(1, 3))
def test_balanced_gives_each_corpus_the_same_share(corpora: list[int], batch_size: int, processes: int) -> None:
    index, sizes = np.asarray(corpora), np.ones(len(corpora), np.int64)
    places = ((process, processes, lambda: 0, index) for process in range(processes))
    shares = [epoch(LengthGroupedSampler(sizes, batch_size, 0, *place)) for place in places]
    assert len({len(share) for share in shares}) == 1
    if processes == 1:  # else the last round is filled up
        drawn = [sample for batch in shares[0] for sample in batch]
        assert len(drawn) == len(corpora)
        counts = [int(np.sum(index[drawn] == corpus)) for corpus in np.unique(index)]
        assert max(counts) - min(counts) <= 1
        for corpus in np.unique(index):
            times = np.bincount(drawn, minlength=len(corpora))[index == corpus]
            assert times.max() - times.min() <= 1  # no sample comes twice before all of its corpus have come once


def test_balanced_takes_large_corpora_in_turns() -> None:
    index = np.repeat([0, 1], [90, 10])
    sampler = LengthGroupedSampler(np.ones(100, np.int64), 5, 0, corpus_index=index)
    seen = [{sample for batch in epoch(sampler, number) for sample in batch} for number in range(2)]
    assert seen[0] != seen[1]
    assert set(range(90, 100)) <= seen[0]
    assert epoch(sampler, 1) == epoch(LengthGroupedSampler(np.ones(100, np.int64), 5, 0, corpus_index=index), 1)
