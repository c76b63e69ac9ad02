"""What splits share: every pair is found, and refused, dropped or allowed; what contradicts or repeats is counted."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.splits.duplicates import resolve_duplicates
from gatbert.errors import UserError
from gatbert.samples import GraphSample, Origin, Sample

SPLITS = ("train", "val", "test")


def sample(name: str, text: str, stance: str | None = "favor", row: int = 2, file: str = "a.csv") -> Sample:
    return Sample(name, text, "zoos", stance, origin=Origin(file, row))


TRAIN = [sample("a", "one", row=2), sample("b", " ONE", row=3), sample("c", "two", row=4), sample("d", "three", row=5)]
VAL = [sample("e", "two", row=2, file="v.csv"), sample("f", "four", row=3, file="v.csv")]
TEST = [sample("g", "one", row=2, file="t.csv"), sample("h", "Four", row=3, file="t.csv")]


def test_every_sample_of_two_splits_is_named_by_file_and_row() -> None:
    with pytest.raises(UserError) as error:
        resolve_duplicates({"train": TRAIN, "val": VAL, "test": TEST, "predict": TEST}, "refuse")
    message = str(error.value)
    assert "leak: 4 pairs of the same sample in two splits: " in message
    for pair in (
        "train a.csv:2 and test t.csv:2",
        "train a.csv:3 and test t.csv:2",
        "train a.csv:4 and val v.csv:2",
        "val v.csv:3 and test t.csv:3",
    ):
        assert pair in message
    assert "nothing but the id" not in message


def test_ten_pairs_are_shown_and_all_are_counted() -> None:
    train = [sample(f"t{row}", f"text {row}", row=row) for row in range(2, 60)]
    test = [replace(one, id=f"other{one.id}") for one in train]
    with pytest.raises(UserError) as error:
        resolve_duplicates({"train": train, "test": test}, "refuse")
    assert "leak: 58 pairs" in str(error.value)
    assert str(error.value).count(" and test ") == 10
    assert "; and 48 more; " in str(error.value)


def test_drop_takes_from_train_and_then_from_val() -> None:
    resolved = resolve_duplicates({"train": TRAIN, "val": VAL, "test": TEST, "predict": TEST}, "drop")
    assert {name: [one.id for one in samples] for name, samples in resolved.splits.items()} == {
        "train": ["d"],
        "val": ["e"],
        "test": ["g", "h"],
        "predict": ["g", "h"],
    }
    assert resolved.dropped == {"train": 3, "val": 1, "test": 0}
    resolve_duplicates(resolved.splits, "refuse")


def test_allow_takes_nothing() -> None:
    resolved = resolve_duplicates({"train": TRAIN, "val": VAL, "test": TEST}, "allow")
    assert resolved.splits == {"train": TRAIN, "val": VAL, "test": TEST}
    assert len(resolved.shared) == 4
    assert set(resolved.dropped.values()) == {0}


def test_ids_that_count_rows_are_told_from_samples_that_are_the_same() -> None:
    train, test = [sample("1", "one"), sample("2", "two")], [sample("1", "three"), sample("2", "two")]
    with pytest.raises(UserError, match=r"leak: 2 pairs .*\(id '1'\).*1 of them share nothing but the id.*id: null"):
        resolve_duplicates({"train": train, "test": test}, "refuse")


posts = st.builds(sample, st.sampled_from("abcdefgh"), st.sampled_from(["x", "X ", "y", "z", "w"]))


@given(st.lists(posts, max_size=6), *[st.lists(posts, max_size=6, unique_by=lambda one: one.id)] * 2)
def test_what_is_kept_is_disjoint_and_test_is_whole(train: list[Sample], val: list[Sample], test: list[Sample]) -> None:
    splits = {"train": train, "val": val, "test": test}
    resolved = resolve_duplicates(splits, "drop")
    resolve_duplicates(resolved.splits, "refuse")
    assert resolved.splits["test"] == test
    for name, samples in splits.items():
        assert resolved.dropped[name] == len(samples) - len(resolved.splits[name])
    involved = {id(one) for pair in resolved.shared for one in (pair.first, pair.second)}

    def same(one: Sample, other: Sample) -> bool:
        return one.id == other.id or one.text.strip().lower() == other.text.strip().lower()

    for name in SPLITS:
        for one in splits[name]:
            others = [other for rest in SPLITS if rest != name for other in splits[rest]]
            assert (id(one) in involved) == any(same(one, other) for other in others)


def test_contradictions_and_repeats_of_a_split() -> None:
    train = [
        sample("a", "one", "favor", 2),
        sample("b", "One", "favor", 3),
        sample("c", "one", "against", 4),
        sample("d", "one", "neutral", 5),
        sample("e", "one", "against", 6),
        sample("f", "two", "favor", 7),
        sample("g", "three", None, 8),
        sample("h", "three", "favor", 9),
    ]
    resolved = resolve_duplicates({"train": train}, "refuse")
    places = [(first.id, second.id) for first, second in resolved.contradictions["train"]]
    assert places == [("a", "c"), ("a", "d")]
    assert resolved.repeated == {"train": 2}


def test_other_graphs_make_other_samples() -> None:
    """In controlled data, the same text has another stance where it has another graph."""
    graphs = [
        GraphSample(f"g{number}", "one", "zoos", stance, concepts=("x",), edges=np.full((3, 1), number, np.int32))
        for number, stance in enumerate(["favor", "against"])
    ]
    assert resolve_duplicates({"train": graphs}, "refuse").contradictions == {"train": []}
    same = [graphs[0], replace(graphs[0], id="other", stance="against")]
    assert len(resolve_duplicates({"train": same}, "refuse").contradictions["train"]) == 1


def test_an_id_that_stands_twice_where_predictions_need_it() -> None:
    twice = [sample("a", "one", row=2), sample("a", "two", row=3, file="b.csv")]
    with pytest.raises(UserError, match=r"'a' stands twice in test, at a\.csv:2 and b\.csv:3; .*id: null"):
        resolve_duplicates({"test": twice}, "allow")
    assert resolve_duplicates({"train": twice}, "refuse").splits == {"train": twice}


def test_other_contexts_make_other_samples() -> None:
    one = sample("a", "yes")
    other = replace(one, id="b", stance="against", context="Is it good?")
    resolved = resolve_duplicates({"train": [one, other]}, "refuse")
    assert resolved.contradictions["train"] == []
    resolved = resolve_duplicates({"train": [one, replace(other, context="")]}, "refuse")
    assert len(resolved.contradictions["train"]) == 1
