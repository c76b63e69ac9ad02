"""What is said of the splits before training, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from gatbert.data_modules import SplitDataModule, StanceDataModule
from gatbert.errors import UserError
from tests.data_modules.prepared import split_files
from tests.tiny import corpus_rows


def said(data: StanceDataModule, capsys: pytest.CaptureFixture[str]) -> list[str]:
    capsys.readouterr()
    data.prepare_data()
    return capsys.readouterr().out.splitlines()


def two_stances(count: int, **labels: str) -> list[dict[str, str]]:
    names = {"against": "against", "favor": "favor", **labels}
    rows = [row for row in corpus_rows(count * 3 // 2 + 3) if row["stance"] != "neutral"]
    return [{**row, "stance": names[row["stance"]]} for row in rows[:count]]


def test_a_line_for_each_split(encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = corpus_rows(60)
    rows[3]["text"] = " ".join(["zoo"] * 60)
    files = split_files(tmp_path, train=[*rows[:30], {**rows[0], "id": "again"}], val=rows[30:42], test=rows[42:])
    data = SplitDataModule(tokenizer=encoder, **files, max_length=32)
    lines = [
        "train: 31 samples (against 11, favor 10, neutral 10), 1 texts cut at 32 tokens, 1 repeated",
        "val: 12 samples (against 4, favor 4, neutral 4), 0 texts cut at 32 tokens",
        "test: 18 samples (against 6, favor 6, neutral 6), 0 texts cut at 32 tokens",
        "near-duplicates warn: 1 of 18 samples of test (5.6%) have nearly the text of one of train, such as "
        f"{files['train']}:8 and {files['test']}:7 (similarity 0.83)",
    ]
    assert said(data, capsys) == lines
    assert said(data, capsys) == []  # once a run, however many phases it has
    again = SplitDataModule(tokenizer=encoder, **files, max_length=32)
    assert said(again, capsys) == lines  # from the cache, too


def test_a_stance_without_a_training_sample_is_refused(encoder: str, tmp_path: Path) -> None:
    rows = two_stances(40)
    files = split_files(tmp_path, train=rows[:20], val=rows[20:30], test=rows[30:])
    with pytest.raises(UserError) as error:
        SplitDataModule(tokenizer=encoder, **files).prepare_data()
    assert "no training sample is neutral (against 10, favor 10, neutral 0)" in str(error.value)
    assert "give --data.stances '[against, favor]', or in YAML stances: [against, favor] below" in str(error.value)
    data = SplitDataModule(tokenizer=encoder, **files, stances=["against", "favor"])
    data.prepare_data()
    assert data.stance_counts().tolist() == [10, 10]


def test_a_stance_that_only_test_has_cannot_be_left_out(encoder: str, tmp_path: Path) -> None:
    rows = two_stances(40)
    files = split_files(tmp_path, train=rows[:20], val=rows[20:30], test=corpus_rows(90)[80:])
    with pytest.raises(UserError, match=r"another split has neutral, so that training needs samples of it"):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()
    one = [row for row in rows if row["stance"] == "favor"]
    files = split_files(tmp_path, train=one[:10], val=one[10:15])
    with pytest.raises(UserError, match=r"training needs samples of two stances"):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()


def test_labels_that_are_no_names_of_stances_are_told(
    encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = two_stances(40, favor="Support", against="CON")
    files = split_files(tmp_path, train=rows[:20], val=rows[20:30], test=rows[30:])
    options: dict[str, Any] = {"tokenizer": encoder, **files, "stances": ["against", "favor"]}
    assert "labels: CON means against (20), Support means favor (20)" in said(SplitDataModule(**options), capsys)
    labels = {"con": "favor", "support": "against", "unclear": None, "Contra": "against"}
    lines = said(SplitDataModule(**options, labels=labels), capsys)
    assert "labels: CON means favor (20), Support means against (20)" in lines
    assert "warning: labels names 'unclear', 'Contra', which no sample has" in lines
    plain = split_files(tmp_path, train=(rows := two_stances(40))[:20], val=rows[20:30], test=rows[30:])
    assert not [line for line in said(SplitDataModule(**options | plain), capsys) if "labels" in line]


def test_contradictions_are_a_warning(encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = corpus_rows(60)
    other = [{**rows[number], "id": f"other{number}", "stance": rows[number + 1]["stance"]} for number in (4, 7)]
    files = split_files(tmp_path, train=[*rows[:30], *other], val=rows[30:45], test=rows[45:])
    data = SplitDataModule(tokenizer=encoder, **files)
    train = files["train"]
    assert (
        f"warning: 2 samples of train contradict an earlier one of the same text and target, the first: "
        f"{train}:6 and {train}:32"
    ) in said(data, capsys)
    assert data.provenance().read["splits"]["train"]["contradictions"] == 2


def test_dropped_samples_are_said_and_recorded(
    encoder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = corpus_rows(60)
    files = split_files(tmp_path, train=[*rows[:31], rows[50]], val=rows[30:45], test=rows[44:])
    data = SplitDataModule(tokenizer=encoder, **files, duplicates="drop")
    lines = said(data, capsys)
    for line, start, end in zip(
        lines,
        ("train: 30 samples (", "val: 14 samples (", "test: 16 samples ("),
        ("2 dropped, as another split has them", "1 dropped, as another split has them", "0 texts cut at 64 tokens"),
        strict=False,
    ):
        assert (line[: len(start)], line[-len(end) :]) == (start, end)
    read = data.provenance().read
    assert (read["duplicates"], read["num_shared"]) == ("drop", 3)
    assert read["shared"][0] == f"train {files['train']}:32 and val {files['val']}:2"
    assert {name: len(samples) for name, samples in data.read_splits().items()} == {
        "train": 30,
        "val": 14,
        "test": 16,
        "predict": 16,
    }
    with pytest.raises(UserError, match="leak: 3 pairs"):
        SplitDataModule(tokenizer=encoder, **files).prepare_data()
    allowed = said(SplitDataModule(tokenizer=encoder, **files, duplicates="allow"), capsys)
    assert any(line.startswith("duplicates allow: 3 pairs") for line in allowed)
