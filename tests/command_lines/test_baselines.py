"""Baselines of a report are trained on the training samples of the run: not on val, not on test, not on others."""

import json
import shutil
from collections import Counter
from pathlib import Path

import pytest

from tests.command_line import CommandLine, training_arguments, write_data
from tests.tiny import corpus_rows, write_corpus

Rows = list[dict[str, str]]


@pytest.fixture
def rows() -> Rows:
    """Posts whose majority differs between the splits: against in train, favor in val, neutral in test."""
    rows = corpus_rows(120)
    for first, last, stance in ((0, 12, "against"), (60, 72, "favor"), (90, 102, "neutral"), (102, 110, "favor")):
        for row in rows[first:last]:
            row["stance"] = stance
    return rows


@pytest.fixture
def run(rows: Rows, command_line: CommandLine, encoder: str, tmp_path: Path) -> Path:
    files = {"train": rows[:60], "val": rows[60:90], "test": rows[90:]}
    data = ["--data", "SplitDataModule", "--data.max_length", "48"]
    for name, part in files.items():
        data += [f"--data.{name}", str(write_corpus(tmp_path / f"{name}.csv", part))]
    command_line("fit_and_test", *arguments(encoder, tmp_path), *data)
    return tmp_path / "results" / "gatbert" / "v1"


def arguments(encoder: str, tmp_path: Path) -> list[str]:
    return [*training_arguments(encoder, tmp_path / "results"), "--trainer.max_epochs", "1"]


def report(command_line: CommandLine, tmp_path: Path, *args: str | Path) -> tuple[dict[str, float], list[str]]:
    command_line("report", *args, "--output", tmp_path / "report")
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    scores = {group["name"]: group["scores"]["accuracy"]["mean"] for group in found["groups"]}
    return scores, [note for note in found["notes"] if "aseline" in note]


def majority_accuracy(train: Rows, test: Rows) -> float:
    """Return what the commonest stance of each target's training samples reaches; the first in order breaks ties."""
    right = 0
    for row in test:
        counts = Counter(other["stance"] for other in train if other["target"] == row["target"])
        right += row["stance"] == max(("against", "favor", "neutral"), key=counts.__getitem__)
    return right / len(test)


@pytest.mark.slow
def test_baselines_never_see_val_or_test(run: Path, rows: Rows, command_line: CommandLine, tmp_path: Path) -> None:
    scores, notes = report(command_line, tmp_path, run)
    assert notes == [f"The baselines were trained on the 60 training samples of {tmp_path / 'train.csv'}."]
    assert scores["majority"] == pytest.approx(majority_accuracy(rows[:60], rows[90:]))
    assert list(scores) == ["TextClassifier", "majority", "n-gram SVM"]
    # Majorities of other samples would be told from these.
    others = [majority_accuracy(train, rows[90:]) for train in (rows[60:90], rows[90:], rows)]
    assert scores["majority"] not in [pytest.approx(other) for other in others]


@pytest.mark.slow
def test_without_training_files_there_are_none(
    run: Path, command_line: CommandLine, rows: Rows, tmp_path: Path
) -> None:
    train = tmp_path / "train.csv"
    train.unlink()
    scores, notes = report(command_line, tmp_path, run)
    assert list(scores) == ["TextClassifier"]
    assert len(notes) == 1
    assert notes[0].startswith(f"There are no baselines: the training samples cannot be read: corpus file {train}")
    assert "good" in (tmp_path / "report" / "report.html").read_text()  # the texts of test are there all the same
    write_corpus(train, rows[:59])
    scores, notes = report(command_line, tmp_path, run)
    assert list(scores) == ["TextClassifier"]
    assert notes == [f"There are no baselines: {train} has other training samples now than when the run was trained."]


@pytest.mark.slow
def test_a_checkpoint_that_was_only_tested(run: Path, rows: Rows, command_line: CommandLine, tmp_path: Path) -> None:
    """Its baselines are those of the training behind it, whatever it was tested on; without that, none."""
    other = write_corpus(tmp_path / "other.csv", rows[60:90])
    tested = ["--trainer.logger.init_args.save_dir", str(tmp_path / "tested"), "--trainer.accelerator", "cpu"]
    tested += ["--trainer.logger", "TensorBoardLogger", "--trainer.logger.init_args.name", "again"]
    checkpoint = run / "checkpoints" / "last.ckpt"
    command_line("test", "--ckpt_path", checkpoint, "--data", "SplitDataModule", "--data.test", other, *tested)
    folder = tmp_path / "tested" / "again" / "version_0"
    scores, notes = report(command_line, tmp_path, folder)
    assert notes == [f"The baselines were trained on the 60 training samples of {tmp_path / 'train.csv'}."]
    assert scores["majority"] == pytest.approx(majority_accuracy(rows[:60], rows[60:90]))
    shutil.move(run, tmp_path / "elsewhere")
    scores, notes = report(command_line, tmp_path, folder)
    assert len(scores) == 1
    assert notes == ["There are no baselines: the run in which the model was trained is not there."]


@pytest.mark.slow
def test_val_of_a_random_split_and_of_a_share_of_train(
    command_line: CommandLine, encoder: str, tmp_path: Path, rows: Rows
) -> None:
    """The baselines that predict val know exactly what the model was trained on."""
    corpus = write_corpus(tmp_path / "posts.csv", rows)
    common = arguments(encoder, tmp_path)
    data = write_data(tmp_path / "data.yaml", corpus, split_seed=3, split_by="id")
    command_line("fit", *common, "--data", data)
    where = ["--data", "SplitDataModule", "--data.train", str(corpus), "--data.val_fraction", "0.3"]
    version = ["--trainer.logger.init_args.version", "cut"]
    command_line("fit", *common, *where, *version)
    for name in ("v1", "cut"):
        run = tmp_path / "results" / "gatbert" / name
        validated = ["--trainer.logger", "TensorBoardLogger", "--trainer.accelerator", "cpu"]
        validated += ["--trainer.logger.init_args.save_dir", str(tmp_path / "validated")]
        validated += ["--trainer.logger.init_args.name", name]
        own = ["--data", str(data)] if name == "v1" else where
        command_line("validate", "--ckpt_path", run / "checkpoints" / "last.ckpt", *own, *validated)
        record = json.loads((run / "run.json").read_text())["data"]["splits"]
        folder = tmp_path / "validated" / name / "version_0"
        scores, notes = report(command_line, tmp_path, folder, "--split", "val")
        size = record["train"]["num_samples"]
        assert size + record["val"]["num_samples"] <= 120
        assert notes == [f"The baselines were trained on the {size} training samples of {corpus}."]
        tested = {line.split(",")[0] for line in (folder / "predictions.val.csv").read_text().splitlines()[1:]}
        test = [row for row in rows if row["id"] in tested]
        assert len(test) == record["val"]["num_samples"]
        if name == "cut":
            train = [row for row in rows if row["id"] not in tested]
            assert scores["majority"] == pytest.approx(majority_accuracy(train, test))


@pytest.mark.slow
def test_ones_own_data_module_keeps_its_secret(
    command_line: CommandLine, encoder: str, tmp_path: Path, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own_baseline_data.py").write_text(
        "from gatbert.data_modules import SplitDataModule\n\nclass OwnData(SplitDataModule):\n    pass\n"
    )
    monkeypatch.syspath_prepend(str(tmp_path))
    files = ["--data.train", write_corpus(tmp_path / "a.csv", rows[:60]), "--data.val_fraction", "0.3"]
    files += ["--data.test", write_corpus(tmp_path / "b.csv", rows[90:])]
    command_line("fit_and_test", *arguments(encoder, tmp_path), "--data", "own_baseline_data.OwnData", *files)
    scores, notes = report(command_line, tmp_path, tmp_path / "results" / "gatbert" / "v1")
    assert len(scores) == 1
    expected = "own_baseline_data.OwnData decides what it trains on, which is not known here"
    assert notes == [f"There are no baselines: {expected}."]
