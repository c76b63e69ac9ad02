"""Several corpora as one."""

import itertools
from pathlib import Path
from typing import Any

import pytest

from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.corpora.splits.mixed_splits import CORPUS, MixedSplits, splits_from_options
from gatbert.errors import UserError
from tests.corpora.files import FORMATS, posts


@pytest.fixture
def corpora(tmp_path: Path) -> list[dict[str, Any]]:
    """A corpus in csv and one in jsonl, with the same posts and the same ids."""
    files = {}
    for corpus_type in ("csv", "jsonl"):
        corpus = FORMATS[corpus_type]
        rows = [{**row, "text": f"{row['text']} {corpus_type}"} for row in posts(corpus)]
        files[corpus_type] = str(corpus.write(tmp_path / f"a.{corpus_type}", rows))
    return [
        {"name": "one", "train": files["csv"], "test": files["csv"], "val_fraction": 0},
        {"corpus_type": "jsonl", "paths": files["jsonl"], "shares": [0, 1, 0], "weight": 2},
    ]


def test_each_is_read_as_by_itself_and_names_its_samples(corpora: list[dict[str, Any]]) -> None:
    mix = splits_from_options({"corpora": corpora, "duplicates": "allow", "batch_size": 4})
    assert isinstance(mix, MixedSplits)
    found = mix.read()
    for name, part in mix.parts.items():
        for split, samples in part.read().items():
            own = [sample for sample in found[split] if sample.meta[CORPUS] == name]
            assert [(s.id, s.text, s.stance) for s in own] == [(f"{name}/{s.id}", s.text, s.stance) for s in samples]
    assert {split: len(samples) for split, samples in found.items()} == {"train": 3, "val": 3, "test": 3, "predict": 6}
    assert [part.weight for part in mix.parts.values()] == [1, 2]
    assert [kind for _, kind in mix.typed_files()] == ["csv", "jsonl"]
    assert mix.files_of("val") == [corpora[0]["train"], corpora[1]["paths"]]


def shared_texts(folder: Path, **second: Any) -> dict[str, list[str]]:
    """Return the texts of each split of two corpora with the same texts and other targets; the first is drawn."""
    files = {}
    for name, prefix in (("a", ""), ("b", "RT @you: ")):
        rows = "".join(f"the target of {name},{prefix}Post {number} on it,pro\n" for number in range(40))
        files[name] = folder / f"{name}.csv"
        files[name].write_text("target,text,stance\n" + rows)
    first = {"name": "a", "paths": str(files["a"]), "shares": [0.5, 0.2, 0.3]}
    options = {name: str(files["b"]) if value == "b.csv" else value for name, value in second.items()}
    mix = splits_from_options({"corpora": [first, {"name": "b", **options}], "labels": {"pro": "favor"}})
    return {split: [one.text.removeprefix("RT @you: ") for one in samples] for split, samples in mix.read().items()}


@pytest.mark.parametrize(
    ("second", "divided"),
    [
        ({"paths": "b.csv", "shares": [0.5, 0.2, 0.3], "split_seed": 1}, []),
        ({"paths": "b.csv", "shares": [0, 1, 0]}, []),
        ({"test": "b.csv"}, []),
        # What is given for training cannot be tested: that they are the same posts is for duplicates to say.
        ({"train": "b.csv", "val_fraction": 0.3}, [("val", "test")]),
        ({"train": "b.csv", "val_fraction": 0.3, "split_by": "target"}, [("train", "val"), ("train", "test")]),
    ],
)
def test_a_text_of_two_corpora_is_never_divided_where_it_is_drawn(
    tmp_path: Path, second: dict[str, Any], divided: list[tuple[str, str]]
) -> None:
    found = shared_texts(tmp_path, **second)
    assert sum(len(found[split]) for split in ("train", "val", "test")) == 80
    pairs = itertools.combinations(("train", "val", "test"), 2)
    assert [pair for pair in pairs if set(found[pair[0]]) & set(found[pair[1]])] == divided


def test_what_all_share_is_said_once(corpora: list[dict[str, Any]]) -> None:
    labels = {"con": "against", "favour": "favor", "none": None}
    mix = splits_from_options({"corpora": corpora, "labels": labels, "stances": ["against", "favor"]})
    assert [part.labels for part in mix.parts.values()] == [labels, labels]
    assert all(part.stances == ("against", "favor") for part in mix.parts.values())


def test_a_weight_is_no_part_of_what_decides_the_splits(corpora: list[dict[str, Any]]) -> None:
    before = splits_from_options({"corpora": corpora}).settings()
    corpora[0]["weight"] = 7
    assert splits_from_options({"corpora": corpora}).settings() == before
    corpora[0]["labels"] = {"Con": "against"}
    assert splits_from_options({"corpora": corpora}).settings() != before


def test_two_stances_stand_beside_three(corpora: list[dict[str, Any]]) -> None:
    corpora[0]["stances"] = ["against", "favor"]
    mix = splits_from_options({"corpora": corpora})
    assert [len(part.stances) for part in mix.parts.values()] == [2, 3]
    with pytest.raises(UserError, match=r"corpora: one: .*a\.csv:4: unknown label 'none'"):
        mix.read()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"trian": "x"}, r"corpora: one: there is no option 'trian'; did you mean train\?"),
        ({"train": None, "test": None}, "corpora: one: no corpus file is given"),
        ({"stances": ["pro", "con"]}, r"corpora: one: the stance 'pro' is none of data\.stances"),
        ({"name": "jsonl"}, "corpora: two are named jsonl; give each a name of its own"),
        ({"columns": {"corpus": "x"}}, "corpora: one: columns names a flag 'corpus'"),
        ({"weight": -1}, "corpora: one: weight -1 is not accepted"),
        ({"train": "no*.csv"}, r"corpora: one: no file matches no\*\.csv"),
        ({"delimiter": ";;"}, "corpora: one: delimiter ';;'"),
    ],
)
def test_what_is_wrong_names_the_corpus(corpora: list[dict[str, Any]], changes: dict[str, Any], words: str) -> None:
    corpora[0] |= changes
    with pytest.raises(UserError, match=words):
        splits_from_options({"corpora": corpora, "duplicates": "allow"}).read()


def test_no_corpora_are_refused() -> None:
    with pytest.raises(UserError, match="corpora is empty"):
        splits_from_options({"corpora": []})
    with pytest.raises(UserError, match=r"corpora: number 1 is 'a\.csv'"):
        splits_from_options({"corpora": ["a.csv"]})
    one = splits_from_options({"train": "a.csv", "batch_size": 3})
    assert list(one.parts) == [""]


def in_folds(corpora: list[dict[str, Any]], fold: int = 0) -> CorpusSplits:
    return splits_from_options({"corpora": corpora, "duplicates": "allow", "folds": 3, "fold": fold})


def test_folds_are_of_all_that_are_drawn_and_the_others_train(corpora: list[dict[str, Any]]) -> None:
    del corpora[0]["test"]
    corpora[1] |= {"shares": [0.5, 0.3, 0.2]}
    drawn = {**corpora[1], "name": "more", "partitions": {corpora[1]["paths"]: [0.8, 0.1, 0.1]}, "paths": None}
    del drawn["shares"]
    splits = [in_folds([*corpora, drawn], fold).read() for fold in range(3)]
    tested = sorted(sample.id for one in splits for sample in one["test"])
    assert tested == sorted(s.id for s in splits[0]["predict"])
    assert {name.partition("/")[0] for name in tested} == {"jsonl", "more"}
    assert all({s.meta[CORPUS] for s in one["train"]} >= {"one"} for one in splits)


def test_folds_that_fit_no_corpus_are_refused(corpora: list[dict[str, Any]]) -> None:
    with pytest.raises(UserError, match="corpora: one: each fold would test its test split again"):
        in_folds(corpora).read()
    with pytest.raises(UserError, match="folds are of corpora that are drawn"):
        in_folds(corpora[:1])
    with pytest.raises(UserError, match="corpora: jsonl: fold stands beside corpora"):
        in_folds([{**corpora[1], "fold": 1}])
    with pytest.raises(UserError, match=r"^--data\.fold 3 is not accepted; accepted is 0 to 2"):
        in_folds(corpora, 3)
    with pytest.raises(UserError, match=r"corpora: jsonl: .*no column 'day'"):
        splits_from_options({"corpora": [{**corpora[1], "split_by": "column", "split_column": "day", "cut": 5}]}).read()
