"""What a report says of a run: from its record, and from its predictions."""

from dataclasses import replace
from pathlib import Path

from gatbert.evaluation.run_rows import run_curves, run_row
from gatbert.evaluation.runs import read_run
from tests.evaluation.folders import write_run


def test_a_run_has_its_cost_and_a_gpu_its_own_memory(tmp_path: Path) -> None:
    run = read_run(write_run(tmp_path / "a", 3), "test")
    row = run_row(run)
    assert (row.seed, row.path, row.elapsed_s, row.samples_per_second) == (3, str(tmp_path / "a"), 12.5, 40)
    assert (row.peak_memory_mib, row.fold, row.folds) == (900, None, [])
    on_gpu = run_row(replace(run, record=replace(run.record, peak_gpu_memory_mib=7.0, train_s=None)))
    assert (on_gpu.peak_memory_mib, on_gpu.samples_per_second) == (7, None)


def test_curves_are_those_of_what_was_trained(tmp_path: Path) -> None:
    runs = [read_run(write_run(tmp_path / name, seed), "test") for seed, name in enumerate("ab")]
    folds = [
        replace(run, settings={**run.settings, "data.init_args.folds": 2, "data.init_args.fold": k})
        for k, run in enumerate(runs)
    ]
    whole = replace(folds[0], folds=folds, curves={})
    assert [(one.seed, one.fold) for one in run_curves([*runs, whole])] == [(0, None), (1, None), (0, 0), (1, 1)]
    assert [row.fold for row in run_row(whole).folds] == [0, 1]
    assert [*run_curves([replace(runs[0], curves={})])] == []
