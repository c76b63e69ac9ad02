"""Plots as files: all of the page, by names that any file system takes, the same each time."""

from dataclasses import replace
from pathlib import Path

from gatbert.evaluation.figures import write_figures
from gatbert.evaluation.plots import plots
from gatbert.evaluation.report import build_report
from tests.evaluation.made import groups


def test_every_plot_is_a_file_of_each_kind(tmp_path: Path) -> None:
    made = [replace(group, name=name) for group, name in zip(groups([0.7, 0.8], 90), ("a/b: c", "a?b: c"), strict=True)]
    report = build_report(made, "test", "accuracy", [])
    write_figures(tmp_path / "one", [report])
    names = {"scores", "confusion_a_b_c", "confusion_a_b_c_2", "calibration", "risk_and_coverage"}
    assert len(names) == sum(map(len, plots(report).values()))
    written = sorted(path.name for path in (tmp_path / "one").iterdir())
    assert written == sorted(f"{name}.{kind}" for name in names for kind in ("svg", "pdf"))
    for path in (tmp_path / "one").iterdir():
        assert path.read_bytes().startswith(b"%PDF-" if path.suffix == ".pdf" else b"<?xml")
    # Text stays text: the name of a group stands in the picture, and the font in the document.
    assert "a/b: c" in (tmp_path / "one" / "scores.svg").read_text()
    assert b"/Type0" in (tmp_path / "one" / "scores.pdf").read_bytes()
    before = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    write_figures(tmp_path / "one", [report])
    assert {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()} == before


def test_each_test_set_has_a_folder(tmp_path: Path) -> None:
    report = build_report(groups([0.7], 90), "test", "accuracy", [])
    write_figures(tmp_path, [replace(report, test_set=name) for name in ("a", "b")])
    assert {path.name for path in tmp_path.iterdir()} == {"a", "b"}
    assert (tmp_path / "b" / "scores.pdf").is_file()
