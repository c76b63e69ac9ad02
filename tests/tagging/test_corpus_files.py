"""Files of a corpus that is to be tagged: read as training reads them, and told from others by their checksums."""

import json
from collections import Counter
from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.tagging.corpus_files import CorpusFiles

ROWS = "text,target,stance\na,zoos,favor\nb,zoos,against\n"


def files(**of_split: list[str]) -> CorpusFiles:
    """Return the files of some splits, in CSV."""
    return CorpusFiles.from_options(of_split)


def test_samples_of_predict_need_no_stance(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,target\na,zoos\n")
    assert [sample.stance for sample in files(predict=[str(path)]).read()["predict"]] == [None]
    with pytest.raises(UserError, match="stance"):
        files(test=[str(path)]).read()


def test_the_same_text_in_two_files_has_two_ids(tmp_path: Path) -> None:
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path in paths:
        path.write_text(ROWS)
    samples = files(train=[*map(str, paths)]).read()["train"]
    assert [sample.text for sample in samples] == ["a", "b", "a", "b"]
    assert len({sample.id for sample in samples}) == 4


def test_a_checksum_is_that_of_all_files_of_a_split(tmp_path: Path) -> None:
    paths = [str(tmp_path / "a.csv"), str(tmp_path / "b.csv")]
    for path in paths:
        Path(path).write_text(ROWS)
    before = files(train=paths, test=paths[:1]).checksums()
    assert set(before) == {"train", "test"}
    assert before["train"] != before["test"]
    Path(paths[1]).write_text(ROWS + "c,zoos,favor\n")
    after = files(train=paths, test=paths[:1]).checksums()
    assert (after["test"] == before["test"], after["train"] == before["train"]) == (True, False)


def test_no_file_at_all_is_refused() -> None:
    with pytest.raises(UserError, match="no corpus file is given; give --train, --val, --test or --predict"):
        files()


def test_a_file_with_a_column_of_splits_is_tagged_by_split(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("text,target,stance,part\na,zoos,favor,train\nb,zoos,against,dev\nc,zoos,discuss,test\n")
    labels = {"favor": "favor", "against": "against", "discuss": None}
    options = {"files": [str(path)], "split_column": "part", "labels": labels}
    skipped: Counter[str] = Counter()
    found = CorpusFiles.from_options(options).read(skipped)
    assert {split: [sample.text for sample in samples] for split, samples in found.items()} == {
        "train": ["a"],
        "val": ["b"],
    }
    assert skipped == {"discuss": 1}


def test_a_data_file_is_tagged_in_the_splits_of_training(tmp_path: Path) -> None:
    rows = "".join(f"text {number},zoos,favor\n" for number in range(40))
    (tmp_path / "a.csv").write_text(f"text,target,stance\n{rows}")
    one = {"train": str(tmp_path / "a.csv"), "val_fraction": 0.5, "batch_size": 4}
    (tmp_path / "data.yaml").write_text(json.dumps({"class_path": "SplitDataModule", "init_args": one}))
    found = CorpusFiles.from_config(str(tmp_path / "data.yaml"), None)
    splits = found.read()
    assert set(splits) == set(found.checksums()) == {"train", "val"}
    assert min(map(len, splits.values())) > 5
    mixed = {"corpora": [{"name": "a", "paths": one["train"], "shares": [0.5, 0, 0.5]}]}
    (tmp_path / "mixed.yaml").write_text(json.dumps(mixed))
    assert set(CorpusFiles.from_config(str(tmp_path / "mixed.yaml"), "a").read()) == {"train", "test"}
    # Where another corpus of the mix tests the same texts, so does this one, which by itself has no test.
    again = {"name": "b", "paths": one["train"], "shares": [1, 0, 0]}
    (tmp_path / "mixed.yaml").write_text(json.dumps({"corpora": [*mixed["corpora"], again]}))
    both = [CorpusFiles.from_config(str(tmp_path / "mixed.yaml"), name) for name in "ab"]
    texts = [{split: {one.text for one in samples} for split, samples in own.read().items()} for own in both]
    assert texts[0] == texts[1]
    assert set(texts[0]) == {"train", "test"} < set(both[1].checksums())
    with pytest.raises(UserError, match=r"--corpus a is none of .*; it has one corpus, and none to choose"):
        CorpusFiles.from_config(str(tmp_path / "data.yaml"), "a")
