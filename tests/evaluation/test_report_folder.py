"""A report is written whole or not at all, and takes the place of an older one alone."""

import json
from pathlib import Path

import pytest

from gatbert.evaluation.report_folder import write_report

REPORT = json.dumps({"gatbert": "0", "format_version": 1, "main_score": "macro_f1"})


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_files_of_an_older_report_go_and_others_stay(tmp_path: Path) -> None:
    older = json.dumps({**json.loads(REPORT), "test_sets": [{"folder": "zoos"}, {"folder": "../outside"}]})
    write_report(tmp_path, {"report.json": older, "scores.csv": "", "zoos/report.json": REPORT, "zoos/scores.tex": ""})
    (tmp_path / "notes.txt").touch()
    write_report(tmp_path, {"report.json": REPORT, "report.html": "new"})
    assert names(tmp_path) == ["notes.txt", "report.html", "report.json"]
    assert not (tmp_path / "zoos").exists()


@pytest.mark.parametrize("text", ["{}", "[", '{"gatbert": 1}'])
def test_what_is_no_report_stays(tmp_path: Path, text: str) -> None:
    (tmp_path / "report.json").write_text(text)
    (tmp_path / "scores.csv").write_text("mine")
    write_report(tmp_path, {"report.html": "new"})
    assert names(tmp_path) == ["report.html", "report.json", "scores.csv"]
    assert (tmp_path / "scores.csv").read_text() == "mine"


def test_an_interrupted_report_leaves_the_older_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_report(tmp_path / "old", {"report.json": REPORT})
    write_text = Path.write_text

    def interrupted(path: Path, text: str, **options: str) -> int:
        if path.name == "scores.csv":
            raise KeyboardInterrupt
        return write_text(path, text, **options)

    monkeypatch.setattr(Path, "write_text", interrupted)
    for folder in ("old", "new"):
        with pytest.raises(KeyboardInterrupt):
            write_report(tmp_path / folder, {"report.json": "other", "scores.csv": ""})
    assert names(tmp_path) == ["old/report.json"]
    assert (tmp_path / "old" / "report.json").read_text() == REPORT
    assert not (tmp_path / "new").exists()
