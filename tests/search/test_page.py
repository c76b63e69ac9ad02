"""What came of a search: the best setting, a table, and a page that needs nothing else."""

import csv
import re
from dataclasses import replace
from pathlib import Path

import yaml

from gatbert.search.page import search_page, trials_table, write_results
from gatbert.search.record import SearchRecord
from gatbert.search.study import Study, TrialResult
from tests.search.worker import made_record, search

VALUES = {"model.learning_rate": 0.00123456, "model.pooling": "<b>mean"}
RESULTS = [
    TrialResult(0, "failed", VALUES, None, 0, "no <i>memory"),
    TrialResult(1, "finished", VALUES, 0.25, 3),
    TrialResult(2, "pruned", VALUES, 0.125, 2),
    TrialResult(3, "finished", VALUES, 0.75, 3),
    TrialResult(4, "running", VALUES, None, 0),
]


def test_results_are_those_of_the_study(tmp_path: Path) -> None:
    record = made_record()
    _, study = search(tmp_path, tmp_path / "journal", 0, 4, record)
    best = write_results(tmp_path, record, study)
    assert best is not None
    assert best.score == max(result.score or 0 for result in study.results())
    found = yaml.safe_load((tmp_path / "best.yaml").read_text())
    assert found == {**best.values, **record.selection}
    with (tmp_path / "trials.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [float(row["val_macro_f1"]) for row in rows] == [result.score for result in study.results()]
    assert f"Trial {best.number}, val macro f1 {best.score:.4f}" in (tmp_path / "search.html").read_text()


def test_nothing_finished_is_no_best(tmp_path: Path) -> None:
    study = Study(tmp_path, made_record())
    study.tell(study.ask(), failure="no memory")
    assert write_results(tmp_path, made_record(), study) is None
    assert not (tmp_path / "best.yaml").exists()
    assert "No trial is finished yet" in (tmp_path / "search.html").read_text()


def test_a_page_needs_no_network_and_no_text_can_break_it() -> None:
    record = made_record("--data", "<script>x")
    page = search_page(Path("results/<i>"), record, RESULTS, {"model.pooling": 0.25, "model.learning_rate": 0.75})
    links = set(re.findall(r"https?://[^\"'\s<>)]+", page))
    assert links <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert not re.search(r"<script>x|<b>mean|<i>", page)
    assert "5 trials (1 failed, 2 finished, 1 pruned, 1 running)" in page
    assert re.findall(r'<tr><td class="number">(\d)</td>', page) == ["3", "1", "0", "2", "4"]
    assert "0.001235" in page
    assert "no &lt;i&gt;memory" in page
    ids = re.findall(r'\bid="([^"]+)"', page)
    assert len(ids) == len(set(ids))


def test_the_best_of_a_loss_is_the_least() -> None:
    record: SearchRecord = replace(made_record(), score="val_loss")
    page = search_page(Path("out"), record, RESULTS, {})
    assert "Trial 1, val loss 0.2500" in page
    assert "less is better" in page


def test_a_table_has_a_row_for_each_trial() -> None:
    lines = trials_table(RESULTS, made_record()).splitlines()
    assert lines[0] == "trial,status,val_macro_f1,epochs,model.learning_rate,model.pooling"
    assert lines[1] == "0,failed,,0,0.00123456,<b>mean"
    assert lines[4] == "3,finished,0.75,3,0.00123456,<b>mean"
    assert len(lines) == 6
