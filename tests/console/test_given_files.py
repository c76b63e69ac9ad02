"""Files among arguments are looked at before anything large is imported."""

from pathlib import Path

import pytest

from gatbert.console.given_files import check_files, check_sections, place_of, read_options, with_checkpoint_last
from gatbert.errors import UserError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a corpus and its ``--data`` file."""
    monkeypatch.chdir(tmp_path)
    Path("posts.csv").touch()
    Path("data.yaml").write_text("class_path: SplitDataModule\ninit_args:\n  train: [posts.csv, lost.csv]\n")
    Path("whole.yaml").write_text(
        "data:\n  class_path: SplitDataModule\n  init_args: {train: posts.csv, val: no.csv}\n"
    )
    Path("good.yaml").write_text("class_path: SplitDataModule\ninit_args: {train: posts.csv, batch_size: 3}\n")
    Path("bad.yaml").write_text("model:\n learning_rate: 1\n  pooling: mean\n")
    Path("list.yaml").write_text("- a\n")
    Path("latin.yaml").write_bytes("a: caf\xe9\n".encode("latin-1"))
    Path("deep.yaml").write_text("[" * 100_000)
    return tmp_path


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (["-c", "no.yaml"], "-c no.yaml: no.yaml does not exist"),
        (["--config=no.yaml"], "--config no.yaml: no.yaml does not exist"),
        (["--model", "."], "is a folder"),
        (["--data", "bad.yaml"], r"bad\.yaml:3 is no YAML"),
        (["-c", "list.yaml"], "this is a list"),
        (["-c", "latin.yaml"], "byte 0xe9"),
        (["-c", "deep.yaml"], r"deep\.yaml"),
        (["--ckpt_path", "no.ckpt"], r"no\.ckpt does not exist"),
        (["--data", "data.yaml"], r"data\.train: the corpus file lost\.csv does not exist"),
        (["-c", "whole.yaml"], r"data\.val: the corpus file no\.csv does not exist"),
        (["--data", "SplitDataModule", "--data.train", "no.csv"], r"data\.train: the corpus file no\.csv"),
        (["--data.partitions", "{no.csv: [1, 0, 0]}"], r"data\.partitions: the corpus file no\.csv"),
        (["--data.train", "no*.csv"], r"data\.train: no file matches no\*\.csv"),
        (["--data.corpora", "[{train: posts.csv}, {paths: no.csv}]"], r"data\.paths: the corpus file no\.csv"),
    ],
)
def test_files_that_cannot_be_read_are_named(folder: Path, args: list[str], words: str) -> None:
    with pytest.raises(UserError, match=words):
        check_files(args)


@pytest.mark.parametrize(
    "args",
    [
        ["--data", "good.yaml", "--model.pooling", "mean"],
        ["--data", "data.yaml", "--data.train", "posts.csv"],
        ["--data", "data.yaml", "--data.init_args.train=[posts.csv]"],
        ["--data", "SplitDataModule"],
        ["-c", "whole.yaml", "--data.val", "null"],
    ],
)
def test_what_stands_later_wins(folder: Path, args: list[str]) -> None:
    check_files(args)


def test_a_value_is_named_where_it_stands(folder: Path) -> None:
    args = ["--data", "good.yaml", "-c", "whole.yaml", "--model.pooling", "mean"]
    assert place_of("model.pooling", args) == "--model.pooling"
    assert place_of("data.batch_size", args) == "data.batch_size in good.yaml"
    assert place_of("data.val", args) == "data.val in whole.yaml"
    assert place_of("model.schedule", args) == "--model.schedule"


def test_options_stand_after_their_class(folder: Path) -> None:
    check_sections(["--data", "good.yaml", "--data.batch_size", "3"])
    check_sections(["-c", "whole.yaml", "--data.batch_size", "3"])
    with pytest.raises(UserError, match=r"stands before --data good\.yaml"):
        check_sections(["--data.batch_size", "3", "--data", "good.yaml"])
    with pytest.raises(UserError, match=r"give --data CLASS or --data FILE\.yaml"):
        check_sections(["--data.batch_size", "3"])


def test_an_empty_file_has_no_names(tmp_path: Path) -> None:
    (tmp_path / "empty.yaml").touch()
    assert read_options(tmp_path / "empty.yaml") == {}


def test_a_whole_configuration_is_no_section(folder: Path) -> None:
    check_sections(["-c", "whole.yaml", "--data", "good.yaml", "--model.pooling", "mean"])
    with pytest.raises(UserError, match=r"^--data whole\.yaml is a whole configuration.*give it with -c whole\.yaml"):
        check_sections(["--data", "whole.yaml"])
    check_sections(["--model", "whole.yaml"])
    Path("bad.yaml").write_text("model: {pooling: mean}\n")
    with pytest.raises(UserError, match=r"^--model bad\.yaml is a whole configuration, of which model is a section"):
        check_sections(["--model", "bad.yaml"])


def test_a_checkpoint_holds_before_a_file_that_has_none(folder: Path) -> None:
    Path("none.yaml").write_text("ckpt_path: null\n")
    Path("other.yaml").write_text("ckpt_path: b.ckpt\n")
    given = ["--ckpt_path", "a.ckpt", "-c", "none.yaml", "--seed_everything", "1"]
    assert with_checkpoint_last(given) == ["-c", "none.yaml", "--seed_everything", "1", "--ckpt_path", "a.ckpt"]
    assert with_checkpoint_last(["--ckpt_path=a.ckpt", "-c", "none.yaml"]) == ["-c", "none.yaml", "--ckpt_path=a.ckpt"]
    for other in (["-c", "none.yaml"], ["--ckpt_path", "a.ckpt", "-c", "other.yaml"]):
        assert with_checkpoint_last(other) == other
