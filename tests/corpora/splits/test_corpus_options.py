"""One corpus, as a user describes it."""

from typing import Any

import pytest

from gatbert.corpora.splits.corpus_options import CorpusOptions
from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.errors import UserError


def options(**values: Any) -> CorpusOptions:
    return CorpusOptions.from_user(values, "corpora: mine")


def test_one_path_is_a_list_of_it_and_labels_may_be_numbers() -> None:
    found = options(train="a.csv", val=["b.csv", "c.csv"], labels={0: "against", "x": None})
    assert (found.train, found.val) == (("a.csv",), ("b.csv", "c.csv"))
    assert found.labels == {"0": "against", "x": None}


def test_paths_are_split_by_shares() -> None:
    splits = options(paths=["a.csv", "b.csv"], split_seed=3, corpus_type="vast").splits()
    assert isinstance(splits, RandomSplits)
    assert splits.partitions == dict.fromkeys(("a.csv", "b.csv"), (0.8, 0.1, 0.1))
    assert (splits.split_seed, splits.corpus_type) == (3, "vast")
    other = options(paths="a.csv", shares=[0.5, 0.5, 0]).splits()
    assert isinstance(other, RandomSplits)
    assert other == options(partitions={"a.csv": [0.5, 0.5, 0]}).splits()


def test_files_that_are_drawn_have_cuts_or_folds() -> None:
    splits = options(paths="a.csv", split_by="column", split_column="date", cut=[2019, "2020-06"]).splits()
    assert isinstance(splits, RandomSplits)
    assert (splits.split_column, splits.cut) == ("date", ("2019", "2020-06"))
    assert options(partitions={"a.csv": [0.5, 0.3, 0.2]}, folds=5, fold=4).splits().settings()["fold"] == 4


def test_files_with_splits_are_taken_as_they_are() -> None:
    splits = options(files="a.csv", split_column="part", split_values={"train": ["x"]}).splits(("a", "b"))
    assert isinstance(splits, GivenSplits)
    assert (splits.together, splits.split_column, splits.stances) == (("a.csv",), "part", ("a", "b"))
    assert options(train="a.csv", stances=["c", "d"], weight=2).splits(("a", "b", "c", "d")).stances == ("c", "d")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"pths": "a.csv"}, "there is no option 'pths'; did you mean paths?"),
        ({"corpus_type": "xml"}, "corpus_type 'xml' is not accepted; accepted is semeval, vast"),
        ({"weight": 0}, "weight 0 is not accepted; accepted is more than 0"),
        ({"weight": "much"}, "weight 'much' is not accepted; accepted is float"),
        ({"columns": ["a"]}, "columns"),
        ({"labels": {"a": 3}}, "labels.a 3 is not accepted; accepted is str"),
        ({"paths": "a.csv", "train": "b.csv"}, "paths and train are both given"),
        ({"shares": [1, 0, 0], "train": "b.csv"}, "shares are those of paths"),
        ({"paths": "a.csv", "shares": [1, 1, 0]}, r"\[1, 1, 0\] is no split"),
        ({"paths": "a.csv", "shares": [2, -1, 0]}, "shares 2 is not accepted; accepted is 0 to 1"),
        ({"files": "a.csv"}, "files and split_column belong together"),
        ({}, "no corpus file is given"),
        ({"split_by": "author"}, "split_by 'author' is not accepted; accepted is text, target, id, column"),
        ({"train": "a.csv", "split_by": "column"}, "split_by column, cut and folds are for files that are drawn"),
        ({"train": "a.csv", "cut": "2020"}, "split_by column, cut and folds are for files that are drawn"),
        ({"train": "a.csv", "folds": 5, "fold": 0}, "give paths or partitions"),
    ],
)
def test_wrong_options(values: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        options(**values).splits()
