"""Runs are compared on the same samples only, whatever their order; others become reports of their own."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from gatbert.evaluation.runs import Run, read_run
from gatbert.evaluation.test_sets import by_test_set, differences
from tests.evaluation.folders import write_run


def made(folder: Path, test: Any = None, seed: int = 0, **options: Any) -> Run:
    settings = None if test is None else {"data": {"init_args": test if isinstance(test, dict) else {"test": test}}}
    return read_run(write_run(folder, seed, settings=settings, **options), "test")


def test_samples_are_brought_into_one_order(tmp_path: Path) -> None:
    runs = [made(tmp_path / name, seed=seed) for seed, name in enumerate("ab")]
    path = tmp_path / "b" / "predictions.test.csv"
    header, *rows = path.read_text().splitlines()
    path.write_text("\n".join([header, *reversed(rows)]) + "\n")
    (found,) = by_test_set([runs[0], read_run(tmp_path / "b", "test")], "test")
    first, second = found.runs
    assert second.predictions.ids.tolist() == first.predictions.ids.tolist()
    np.testing.assert_array_equal(second.predictions.predicted, runs[1].predictions.predicted)


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"num_samples": 50}, "test-2 has 50 of its 50 samples in common with test-1."),
        ({"gold_seed": 1}, "test-2 has the samples of test-1 with other gold stances or another label set."),
    ],
)
def test_runs_on_other_samples_are_told_apart(tmp_path: Path, other: dict[str, int], words: str) -> None:
    runs = [made(tmp_path / "a"), made(tmp_path / "b", seed=1, **other), made(tmp_path / "c", seed=2)]
    sets = by_test_set(runs, "test")
    assert [(one.name, [run.path.name for run in one.runs]) for one in sets] == [
        ("test-1", ["a", "c"]),
        ("test-2", ["b"]),
    ]
    assert differences(sets) == [words]


@pytest.mark.parametrize(
    ("files", "names"),
    [
        (["x/vast/test.csv", "x/semeval/test.csv"], ["vast-test", "semeval-test"]),
        (["posts.csv", "zoos.csv"], ["posts", "zoos"]),
        (["pkg:a/test.csv", "/b/A/test.tsv"], ["pkg-a-test", "A-test"]),
        (["a/../<test>.csv", "b/ .csv"], ["test", "b"]),
        ([["a.csv", "b.csv"], {"partitions": {"c.csv": [0.6, 0.2, 0.2]}}], ["a", "c"]),
        (["/", ""], ["test-1", "test-2"]),
        (["a/t.csv", "a/t.csv"], ["t-1", "t-2"]),
    ],
)
def test_test_sets_are_named_by_their_files(tmp_path: Path, files: list[Any], names: list[str]) -> None:
    runs = [made(tmp_path / str(number), file, gold_seed=number) for number, file in enumerate(files)]
    assert [one.name for one in by_test_set(runs, "test")] == names


def test_files_of_the_test_set_are_told(tmp_path: Path) -> None:
    (found,) = by_test_set([made(tmp_path / "a", ["x.csv", "y.csv"])], "test")
    assert (found.name, found.files) == ("x", ("x.csv", "y.csv"))
