"""What a report says of each run: its scores, its cost, its learning curves, and the same of its folds."""

from collections.abc import Iterator, Sequence

from gatbert.evaluation.folds import fold_of
from gatbert.evaluation.report_record import RunCurves, RunRow
from gatbert.evaluation.runs import Run
from gatbert.evaluation.scores import stance_scores


def run_row(run: Run) -> RunRow:
    """Return what the record of a run and its predictions say of it; time and samples of folds are summed."""
    predictions, record = run.predictions, run.record
    scores = stance_scores(predictions.confusion, predictions.stances)
    speed = record.train_samples / record.train_s if record.train_samples and record.train_s else None
    return RunRow(
        path=str(run.path),
        seed=run.seed,
        scores={name: float(value) for name, value in scores.items()},
        elapsed_s=record.elapsed_s,
        samples_per_second=speed,
        # On a GPU, that is where memory ends.
        peak_memory_mib=record.peak_gpu_memory_mib or record.peak_memory_mib,
        git_commit=record.git_commit,
        fold=None if run.folds else fold_of(run),
        folds=[run_row(part) for part in run.folds],
    )


def run_curves(runs: Sequence[Run]) -> Iterator[RunCurves]:
    """Yield the learning curves of each run that has any, or of its folds."""
    for run in runs:
        for part in run.parts:
            if part.curves:
                yield RunCurves(part.seed, part.curves, fold_of(part))
