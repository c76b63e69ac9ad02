"""Splits that are drawn: shares of each file, folds, cuts, and nothing between them."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gatbert.corpora.graph_corpus import GraphCorpusInfo, write_graph_corpus
from gatbert.corpora.splits import SPLITS
from gatbert.corpora.splits.hashing import SplitBy, split_index, split_key
from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.tagging.tagger import Tagger
from tests.knowledge.dump import graph_of
from tests.tiny import corpus_rows, write_corpus


def test_predict_has_all_and_the_others_have_each_sample_once(tmp_path: Path) -> None:
    file = str(write_corpus(tmp_path / "a.csv", corpus_rows(60)))
    found = RandomSplits(partitions={file: [0.5, 0.25, 0.25]}).read()
    drawn = [sample.id for name in ("train", "val", "test") for sample in found[name]]
    assert sorted(drawn) == sorted(sample.id for sample in found["predict"])
    assert all(found.values())


def test_files_of_a_split_are_those_of_which_it_has_a_share() -> None:
    splits = RandomSplits(partitions={"a.csv": [1.0, 0.0, 0.0], "b.csv": [0.0, 0.5, 0.5]})
    assert [splits.files_of(name) for name in ("train", "val", "test")] == [["a.csv"], ["b.csv"], ["b.csv"]]
    assert splits.files_of("predict") == splits.files() == ["a.csv", "b.csv"]


def test_a_text_stays_in_one_split_across_files_whatever_their_shares(tmp_path: Path) -> None:
    rows = corpus_rows(60)
    again = [
        {**row, "id": f"again-{row['id']}", "target": "another", "text": f"RT @you: {row['text']}..."} for row in rows
    ]
    files = [str(write_corpus(tmp_path / name, some)) for name, some in (("a.csv", rows), ("b.csv", again))]
    found = RandomSplits(partitions={files[0]: [0.8, 0.1, 0.1], files[1]: [0.2, 0.3, 0.5]}).read()
    texts = [
        {sample.text.removeprefix("RT @you: ").removesuffix("...") for sample in found[name]} for name in SPLITS[:3]
    ]
    assert sum(map(len, texts)) == len(set.union(*texts)) == len({row["text"] for row in rows})
    assert len(found["train"]) < len(found["test"])  # the last split that has it takes a text


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(UserError, match=r"partitions is empty; give at least one file, such as"):
        RandomSplits(partitions={})


KEYS = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 9), st.sampled_from("ab")), min_size=20, max_size=60)


def two_files(folder: Path, keys: list[tuple[int, int, str]]) -> list[str]:
    """Write two files whose texts and targets are shared among them and each other."""
    rows = [
        {"id": f"p{n}", "text": f"post {text}", "target": f"target {target}", "stance": "favor", "in": file}
        for n, (text, target, file) in enumerate(keys)
    ]
    rows += [{"id": f"more {f}", "text": f"more {f}", "target": "zoo", "stance": "favor", "in": f} for f in "ab"]
    return [str(write_corpus(folder / f"{f}.csv", [row for row in rows if row["in"] == f])) for f in "ab"]


@given(KEYS, st.integers(2, 7), st.sampled_from(["text", "target", "id"]), st.integers(0, 3))
@settings(max_examples=40)
def test_folds_test_each_sample_once_and_divide_nothing(
    keys: list[tuple[int, int, str]], folds: int, split_by: SplitBy, seed: int
) -> None:
    with TemporaryDirectory() as folder:
        a, b = two_files(Path(folder), keys)
        assume(split_by != "target" or len({target for _, target, file in keys if file == "a"}) >= folds)
        how: dict[str, Any] = {"partitions": {a: [0.5, 0.25, 0.25], b: [0.9, 0.1, 0]}, "split_by": split_by}
        splits = [RandomSplits(**how, split_seed=seed, folds=folds, fold=fold).read() for fold in range(folds)]
    tested = Counter(sample.id for one in splits for sample in one["test"])
    assert set(tested.values()) == {1}
    of_a = {sample.id for sample in splits[0]["predict"] if str(sample.origin).startswith(a)}
    assert of_a <= set(tested)
    for one in splits:
        own = {name: {split_key(sample, split_by) for sample in one[name]} for name in SPLITS[:3]}
        assert not (own["train"] & own["test"] | own["train"] & own["val"] | own["val"] & own["test"])
        assert sum(len(one[name]) for name in SPLITS[:3]) == len(one["predict"]) == len(keys) + 2
        assert [sample.id for sample in one["predict"]] == [sample.id for sample in splits[0]["predict"]]
        # Of the file without a share of test only what the other file has, too, is ever tested.
        assert all(split_key(s, split_by) in {split_key(o, split_by) for o in one["test"] if o.id in of_a}
                   for s in one["test"] if s.id not in of_a)  # fmt: skip


def test_without_folds_a_split_is_the_hash_of_its_shares(tmp_path: Path) -> None:
    file = str(write_corpus(tmp_path / "a.csv", corpus_rows(60)))
    found = RandomSplits(partitions={file: [0.5, 0.25, 0.25]}, split_seed=3).read()
    for place, name in enumerate(SPLITS[:3]):
        assert found[name] == [
            sample
            for sample in found["predict"]
            if split_index(split_key(sample, "text"), [0.5, 0.25, 0.25], 3) == place
        ]


def test_folds_are_as_large_as_they_should_be(tmp_path: Path) -> None:
    rows = [{**row, "text": f"post {n}"} for n, row in enumerate(corpus_rows(3000))]
    file = str(write_corpus(tmp_path / "a.csv", rows))
    sizes = [
        {
            name: len(part)
            for name, part in RandomSplits(partitions={file: [0.6, 0.2, 0.2]}, folds=5, fold=k).read().items()
        }
        for k in range(5)
    ]
    for one in sizes:
        assert one == pytest.approx({"train": 1800, "val": 600, "test": 600, "predict": 3000}, abs=90)


def test_targets_are_dealt_out_to_the_folds_in_equal_numbers(tmp_path: Path) -> None:
    rows = [{**row, "target": f"target {n % 10}"} for n, row in enumerate(corpus_rows(60))]
    file = str(write_corpus(tmp_path / "a.csv", rows))
    how: dict[str, Any] = {"partitions": {file: [0.5, 0.3, 0.2]}, "split_by": "target", "folds": 5}
    for fold in range(5):
        assert len({sample.target for sample in RandomSplits(**how, fold=fold).read()["test"]}) == 2
    with pytest.raises(UserError, match=r"--data\.folds 11 is more than the 10 targets"):
        RandomSplits(**{**how, "folds": 11}, fold=0).read()


def test_samples_without_ids_have_the_same_names_in_all_folds(tmp_path: Path) -> None:
    rows = [{name: value for name, value in row.items() if name != "id"} for row in corpus_rows(20)]
    files = [str(write_corpus(tmp_path / f"{name}.csv", rows + rows)) for name in "ab"]
    how: dict[str, Any] = {"partitions": {file: [0.5, 0.3, 0.2] for file in files}, "split_by": "id", "folds": 4}
    tested = [sample.id for fold in range(4) for sample in RandomSplits(**how, fold=fold).read()["test"]]
    assert len(tested) == len(set(tested)) == 80


def test_a_column_is_cut_and_what_is_before_it_shared_out(tmp_path: Path) -> None:
    rows = [{**row, "text": f"post {n // 2}", "date": f"20{10 + n % 10}"} for n, row in enumerate(corpus_rows(400))]
    file = str(write_corpus(tmp_path / "a.csv", rows))
    how: dict[str, Any] = {"partitions": {file: [0.6, 0.2, 0.2]}, "split_by": "column", "split_column": "date"}
    by_id = {row["id"]: row["date"] for row in rows}
    found = RandomSplits(**how, cut=["2018-01-01"]).read()
    assert {by_id[sample.id] for sample in found["test"]} == {"2018", "2019"}
    assert {by_id[sample.id] for name in ("train", "val") for sample in found[name]} == {
        f"20{10 + n}" for n in range(8)
    }
    assert len(found["val"]) / len(found["train"]) == pytest.approx(1 / 3, abs=0.1)
    assert not {sample.text for sample in found["val"]} & {sample.text for sample in found["train"]}
    assert all("split_column" not in sample.meta for sample in found["predict"])
    years = [{by_id[s.id] for s in RandomSplits(**how, cut=["2015", "2018"]).read()[name]} for name in SPLITS[:3]]
    assert [(min(some), max(some)) for some in years] == [("2010", "2014"), ("2015", "2017"), ("2018", "2019")]
    assert RandomSplits(**how, cut=["2018"]).files_of("test") == [file]


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"split_by": "column", "cut": ["2018"]}, r"split_by column needs --data\.split_column COLUMN and --data\.cut"),
        ({"split_by": "column", "split_column": "date"}, "split_by column needs"),
        ({"cut": ["2018"]}, r"cut is for --data\.split_by column, and split_by is text"),
        ({"split_column": "date"}, r"split_column is for --data\.split_by column"),
        ({"split_by": "column", "split_column": "date", "cut": ["x"]}, r"cut \[x\] is not accepted"),
        ({"split_by": "column", "split_column": "d", "cut": ["5"], "folds": 2, "fold": 0}, "one test part"),
        ({"folds": 2}, r"--data\.folds is given without"),
        ({"folds": 1, "fold": 0}, r"--data\.folds 1 is not accepted; accepted is at least 2"),
        (
            {"folds": 2, "fold": 0, "partitions": {"b.csv": [0, 0, 1]}},
            r"partitions of b\.csv.*nothing for train and val",
        ),
    ],
)
def test_options_that_do_not_fit_together(options: dict[str, Any], words: str) -> None:
    with pytest.raises(UserError, match=words):
        RandomSplits(**{"partitions": {"a.csv": [0.8, 0.1, 0.1]}, **options})


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    file = str(write_corpus(tmp_path / "a.csv", corpus_rows(6)))
    splits = RandomSplits(partitions={file: [0.8, 0.1, 0.1]}, split_by="column", split_column="day", cut=["5"])
    with pytest.raises(UserError, match=r"a\.csv: there is no column 'day' for split_column"):
        splits.read()


def test_of_a_graph_corpus_a_flag_is_cut(tmp_path: Path) -> None:
    graph = graph_of(tmp_path, [("zoo", "RelatedTo", "animal")])
    tagger = Tagger(graph)
    samples = [Sample(f"p{n}", f"post {n} of a zoo", "zoo", "favor", {"year": str(2010 + n)}) for n in range(12)]
    info = GraphCorpusInfo(graph.relations, graph.checksum, "graph")
    write_graph_corpus(tmp_path / "a.parquet", map(tagger.tag, samples), info)
    how: dict[str, Any] = {"corpus_type": "graph", "split_by": "column", "cut": ["2014", "2017"]}
    how["partitions"] = {str(tmp_path / "a.parquet"): [0.8, 0.1, 0.1]}
    found = RandomSplits(**how, split_column="year").read()
    assert [[sample.meta["year"] for sample in found[name]] for name in SPLITS[:3]] == [
        [str(year) for year in years] for years in (range(2010, 2014), range(2014, 2017), range(2017, 2022))
    ]
    with pytest.raises(UserError, match="no value in the column 'day'"):
        RandomSplits(**how, split_column="day").read()
