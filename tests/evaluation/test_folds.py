"""Folds of a cross-validation are one run for all scores, and their mean beside it."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, f1_score

from gatbert.evaluation.folds import POOLED, fold_of, joined, over_folds, pool_folds
from gatbert.evaluation.markdown import markdown_tables
from gatbert.evaluation.report import build_report, group_of_runs
from gatbert.evaluation.runs import Run, Training, read_run
from gatbert.evaluation.shown import OVER_FOLDS, fold_rows
from gatbert.samples.decision import Decision
from tests.command_line import CommandLine
from tests.evaluation.folders import write_run
from tests.evaluation.made import made_predictions


def write_fold(folder: Path, fold: int, seed: int = 0, folds: int = 3, **options: Any) -> Run:
    """Write the run of a fold, whose samples no other fold has."""
    data = {"data": {"init_args": {"folds": folds, "fold": fold, "partitions": {"a.csv": [0.8, 0.1, 0.1]}}}}
    settings = {**data, **options.pop("settings", {})}
    path = write_run(folder / f"seed{seed}-fold{fold}", seed, 0.5 + 0.1 * fold, settings=settings, **options)
    predictions = path / "predictions.test.csv"
    predictions.write_text(predictions.read_text().replace("\np", f"\n{fold}-p"))
    return read_run(path, "test")


@pytest.fixture
def cross_validation(tmp_path: Path) -> list[Run]:
    """Three folds of two seeds, of 20, 40 and 60 samples."""
    return [write_fold(tmp_path / "text", k, seed, num_samples=20 * (k + 1)) for seed in (1, 2) for k in (2, 0, 1)]


def test_pooled_scores_are_those_of_all_samples_together(cross_validation: list[Run]) -> None:
    pooled, notes = pool_folds(cross_validation)
    assert notes == [POOLED]
    assert [(run.seed, len(run.predictions), [*map(fold_of, run.folds)]) for run in pooled] == [
        (1, 120, [0, 1, 2]),
        (2, 120, [0, 1, 2]),
    ]
    group = build_report([group_of_runs("Text", pooled)], "test", "macro_f1", []).groups[0]
    expected: list[list[float]] = []
    for run, row in zip(pooled, group.runs, strict=True):
        gold, predicted = (
            np.concatenate([getattr(p.predictions, n) for p in run.folds]) for n in ("gold", "predicted")
        )
        assert row.scores["macro_f1"] == pytest.approx(f1_score(gold, predicted, average="macro"))
        assert row.scores["accuracy"] == pytest.approx(accuracy_score(gold, predicted))
        of_folds = [f1_score(p.predictions.gold, p.predictions.predicted, average="macro") for p in run.folds]
        assert [one.scores["macro_f1"] for one in row.folds] == pytest.approx(of_folds)
        assert [(one.seed, one.fold) for one in row.folds] == [(run.seed, k) for k in range(3)]
        assert (row.elapsed_s, row.fold, row.peak_memory_mib) == (37.5, None, 900)
        expected.append(of_folds)
    assert group.scores["macro_f1"].mean == pytest.approx(np.mean([row.scores["macro_f1"] for row in group.runs]))
    found = group.over_folds["macro_f1"]
    assert found.by_fold == pytest.approx(np.mean(expected, 0))
    assert (found.mean, found.std) == pytest.approx((np.mean(expected), np.std(np.mean(expected, 0), ddof=1)))
    assert [(curve.seed, curve.fold) for curve in group.curves] == [(s, k) for s in (1, 2) for k in range(3)]
    assert {row.value: row.num_samples for row in group.breakdowns["target"]} == {"zoos": 60, "taxes": 60}


def test_over_folds_stands_in_tables(cross_validation: list[Run]) -> None:
    report = build_report([group_of_runs("Text", pool_folds(cross_validation)[0])], "test", "macro_f1", [])
    names, row = fold_rows(report)
    assert names == ["group", "folds", "accuracy", "macro_f1", "favor_against_f1"]
    accuracy = report.groups[0].over_folds["accuracy"]
    assert row[:3] == ["Text", "3", f"{100 * accuracy.mean:.1f} ± {100 * accuracy.std:.1f}"]
    assert f"{OVER_FOLDS}\n\n| group | folds | accuracy |" in markdown_tables(report)
    alone = build_report([group_of_runs("Text", cross_validation[:1])], "test", "macro_f1", [])
    assert fold_rows(alone) == []
    assert over_folds([]) == alone.groups[0].over_folds == {}


def test_a_seed_that_lacks_a_fold_is_left_out_beside_a_whole_one(cross_validation: list[Run], tmp_path: Path) -> None:
    other = write_run(tmp_path / "other", 5)
    pooled, notes = pool_folds([*cross_validation[:4], read_run(other, "test")])
    assert [(run.seed, len(run.folds)) for run in pooled] == [(1, 3), (5, 0)]
    about = f"Folds of the cross-validation of {tmp_path / 'text' / 'seed2-fold2'}"
    assert notes == [POOLED, f"{about}: of 3, 0 and 1 are missing; they are left out."]


def test_where_no_cross_validation_is_whole_each_fold_is_a_run(cross_validation: list[Run], tmp_path: Path) -> None:
    some = cross_validation[:2]
    pooled, notes = pool_folds(some)
    assert pooled == some
    about = f"Folds of the cross-validation of {tmp_path / 'text' / 'seed1-fold2'}"
    assert notes == [f"{about}: of 3, 1 is missing, so that each stays a run by itself."]


def test_folds_with_samples_in_common_are_none(cross_validation: list[Run]) -> None:
    first, *others = cross_validation[:3]
    ids = first.predictions.ids.copy()
    ids[:2] = others[0].predictions.ids[:2]
    twice = replace(first, predictions=replace(first.predictions, ids=ids))
    pooled, notes = pool_folds([twice, *others])
    assert pooled == [twice, *others]
    assert "have 2 samples in common, which cannot count twice" in notes[0]


def test_a_model_of_another_fold_may_have_seen_the_samples(cross_validation: list[Run]) -> None:
    own = [replace(run, training=Training(run.settings, run.record)) for run in cross_validation[:3]]
    assert len(pool_folds(own)[0]) == 1
    own[0] = replace(own[0], training=own[1].training)
    pooled, notes = pool_folds(own)
    assert pooled == own
    assert f"the model that {own[0].path} tests was not trained for this fold" in notes[0]


def test_other_settings_and_a_fold_that_was_run_again_are_other_cross_validations(tmp_path: Path) -> None:
    runs = [write_fold(tmp_path / name, k) for name in ("first", "again") for k in range(3)]
    other = {"model": {"learning_rate": 1e-3}}
    runs += [write_fold(tmp_path / "other", k, settings=other) for k in range(3)]
    pooled, _ = pool_folds(runs)
    assert [[*map(str, {part.path.parent.name for part in run.folds})] for run in pooled] == [
        ["first"],
        ["again"],
        ["other"],
    ]


def test_flags_and_probabilities_that_some_lack() -> None:
    parts = [made_predictions(np.random.default_rng(0), 12, 0.5) for _ in range(2)]
    first = replace(parts[0], flags={"seen": np.array(["yes"] * 12)})
    found = joined([first, parts[1]])
    assert found.flags["seen"].tolist() == ["yes"] * 12 + [""] * 12
    assert found.flags["irony"].tolist() == [""] * 12 + parts[1].flags["irony"].tolist()
    assert found.probabilities is not None
    assert joined([first, replace(parts[1], probabilities=None)]).probabilities is None


def test_what_validation_chose_is_undone_in_each_fold_by_itself(cross_validation: list[Run]) -> None:
    def decided(run: Run, temperature: float) -> Run:
        return replace(run, record=replace(run.record, decision=Decision(temperature, {})))

    seed = cross_validation[:3]
    plain = pool_folds([decided(run, 1.0) for run in seed])[0]
    warm = pool_folds([decided(run, 1.0 + k) for k, run in enumerate(seed)])[0]
    groups = [build_report([group_of_runs("Text", runs)], "test", "macro_f1", []).groups[0] for runs in (plain, warm)]
    assert groups[0].ece_before is None
    assert groups[1].ece_before is not None
    assert groups[0].calibration == groups[1].calibration


def test_a_report_of_folds_from_the_record_to_the_page(
    cross_validation: list[Run], command_line: CommandLine, tmp_path: Path
) -> None:
    """As many folds in another place: a second group on the same samples, in another order."""
    other = {"classifier": "gatbert.stance_classifier.HybridClassifier"}
    for k in range(3):
        write_fold(tmp_path / "hybrid", k, 1, num_samples=20 * (k + 1), settings=other)
    printed = command_line("report", tmp_path / "text", tmp_path / "hybrid", "--output", tmp_path / "report")
    assert "over folds" in printed
    assert "120 samples of test" in printed
    found = json.loads((tmp_path / "report" / "report.json").read_text())
    assert [(group["name"], len(group["runs"])) for group in found["groups"]] == [
        ("TextClassifier", 2),
        ("HybridClassifier", 1),
    ]
    assert POOLED in found["notes"]
    assert [run["fold"] for run in found["groups"][1]["runs"][0]["folds"]] == [0, 1, 2]
    page = (tmp_path / "report" / "report.html").read_text()
    assert page.count('<td class="number">all</td>') == 3
    assert "± standard deviation over folds" in page
