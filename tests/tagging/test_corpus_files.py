"""Files of a corpus that is to be tagged: read as training reads them, and told from others by their checksums."""

from pathlib import Path
from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.samples.stances import STANCES
from gatbert.tagging.corpus_files import CorpusFiles

ROWS = "text,target,stance\na,zoos,favor\nb,zoos,against\n"


def files(**of_split: list[str]) -> CorpusFiles:
    """Return the files of some splits, in CSV."""
    options: dict[str, Any] = {"corpus_type": "csv", "columns": None, "labels": None, "stances": STANCES}
    return CorpusFiles(of_split, **options)


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
