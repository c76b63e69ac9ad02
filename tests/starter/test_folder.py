"""The folder is written whole or not at all, and says only what has been tried."""

from pathlib import Path

import pytest
import yaml

from gatbert.corpora.splits.corpus_options import CorpusOptions
from gatbert.errors import UserError
from gatbert.starter.folder import Said, write_starter
from tests.tiny import corpus_rows, write_corpus


def data(folder: Path) -> dict[str, object]:
    return dict(yaml.safe_load((folder / "data.yaml").read_text())["init_args"])


@pytest.fixture
def posts(tmp_path: Path) -> str:
    """Ninety posts with all three stances."""
    return str(write_corpus(tmp_path / "posts.csv", corpus_rows(90)))


def test_files_without_splits_are_split(posts: str, tmp_path: Path) -> None:
    folder, seen = write_starter(str(tmp_path / "new"), {"corpus": [posts]}, Said())
    options = data(folder)
    assert options["partitions"] == {posts: [0.8, 0.1, 0.1]}
    assert options["columns"] == {"style": "style"}
    assert "labels" not in options
    assert "stances" not in options
    assert seen.table.num_rows == 90
    assert {path.name for path in folder.iterdir()} == {"data.yaml", "base.yaml", "train.sh"}


def test_files_with_splits_in_their_names_have_them(tmp_path: Path) -> None:
    files = [
        write_corpus(tmp_path / f"my_{name}.csv", corpus_rows(30 * n))
        for n, name in enumerate(("dev", "test", "train"), 1)
    ]
    folder, _ = write_starter(str(tmp_path / "new"), {"corpus": [*map(str, files)]}, Said())
    options = data(folder)
    assert [options[name] for name in ("val", "test", "train")] == [[str(path)] for path in files]
    assert options["duplicates"] == "drop", "the same posts stand in all three"


def test_a_column_of_splits_is_used(tmp_path: Path) -> None:
    rows = [{**row, "part": ("train", "train", "dev", "test")[n // 3 % 4]} for n, row in enumerate(corpus_rows(120))]
    folder, _ = write_starter(
        str(tmp_path / "new"), {"corpus": [str(write_corpus(tmp_path / "all.csv", rows))]}, Said()
    )
    assert data(folder)["split_column"] == "part"


def test_two_stances_are_a_label_set(tmp_path: Path) -> None:
    names = {"against": "con", "favor": "PRO"}
    rows = [{**row, "stance": names[row["stance"]]} for row in corpus_rows(90) if row["stance"] in names]
    path = str(write_corpus(tmp_path / "two.csv", rows))
    folder, _ = write_starter(str(tmp_path / "new"), {"corpus": [path]}, Said())
    options = data(folder)
    assert options["stances"] == ["against", "favor"]
    splits = CorpusOptions.from_user(
        {k: v for k, v in options.items() if k not in ("batch_size", "max_length")}, "it"
    ).splits()
    assert {sample.stance for sample in splits.read()["train"]} == {"against", "favor"}


def test_what_is_not_of_this_folder_stays_as_the_user_wrote_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_corpus(tmp_path / "posts.csv", corpus_rows(90))
    monkeypatch.setenv("CORPORA", str(tmp_path))
    folder, _ = write_starter(str(tmp_path / "new"), {"corpus": ["$CORPORA/posts.csv"]}, Said())
    assert data(folder)["partitions"] == {"$CORPORA/posts.csv": [0.8, 0.1, 0.1]}


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({}, "which corpus"),
        ({"corpus": ["lost.csv"]}, "lost.csv does not exist"),
        ({"train": ["posts.csv"]}, "--train and --test belong together"),
        ({"corpus": ["posts.csv"], "test": ["posts.csv"]}, "leave it out"),
        ({"corpus": ["few.csv"]}, "split has no samples"),
    ],
)
def test_nothing_is_written_where_something_is_wrong(
    files: dict[str, list[str]], words: str, posts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    write_corpus(tmp_path / "few.csv", corpus_rows(6))
    before = sorted(tmp_path.iterdir())
    with pytest.raises(UserError, match=words):
        write_starter("new", files, Said())
    assert sorted(tmp_path.iterdir()) == before


def test_a_folder_that_exists_stays(posts: str, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(UserError, match="exists already"):
        write_starter(str(tmp_path / "new"), {"corpus": [posts]}, Said())
