"""From a trained model to use: every classifier, from any source, by Python and by files; killed and gone on."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import yaml

import gatbert
from gatbert.errors import UserError
from tests.command_line import CommandLine, last_scores, package_environment, rows_of, training_arguments
from tests.knowledge.dump import graph_of
from tests.tiny import corpus_rows, write_corpus

FACTS = [("zoo", "RelatedTo", "animal"), ("animal", "Causes", "harm"), ("wind power", "Causes", "noise")]
CLASSIFIERS = ["Hybrid", *(pytest.param(name, marks=pytest.mark.slow) for name in ("Text", "External", "Concat"))]

IN_SMALL_PARTS = (
    "import sys, gatbert.predictor.file_prediction as f; f.AT_ONCE = 8; from gatbert.__main__ import run; "
    "sys.exit(run('predict', sys.argv[1:]))"
)

PEAK = (
    "import sys; from pathlib import Path; from gatbert.__main__ import run; assert not run('predict', sys.argv[1:]); "
    "print(Path('/proc/self/status').read_text().partition('VmHWM:')[2].split()[0])"
)


@pytest.mark.parametrize("classifier", CLASSIFIERS)
def test_run_folder_checkpoint_data_file_and_raw_file_give_the_numbers_of_the_test(
    classifier: str, command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    graph = graph_of(tmp_path, FACTS)
    splits = {name: write_corpus(tmp_path / f"{name}.csv", rows) for name, rows in split_rows().items()}
    files = [word for name, path in splits.items() for word in (f"--{name}", path)]
    command_line("tag", "--graph", graph.folder, "--output", tmp_path / "tagged", *files)
    data = tmp_path / "data.yaml"
    options = {"corpus_type": "graph", "max_length": 48}
    options |= {name: str(tmp_path / "tagged" / f"{name}.parquet") for name in splits}
    data.write_text(yaml.safe_dump({"class_path": "SplitDataModule", "init_args": options}))
    train = [*training_arguments(encoder, tmp_path / "results"), "--data", data, "--trainer.max_epochs", "1"]
    command_line("fit_and_test", *train, "--classifier", classifier)
    run = tmp_path / "results" / "gatbert" / "v1"
    (best,) = run.glob("checkpoints/epoch*.ckpt")
    test, rows = rows_of(run / "predictions.test.csv"), split_rows()["test"]
    for source in (run, best):
        model = gatbert.load(source)
        expected = [[float(row[f"prob_{stance}"]) for stance in model.stances] for row in test]
        found = model.predict([row["text"] for row in rows], [row["target"] for row in rows])
        np.testing.assert_allclose([[*one.values()] for one in found], expected, atol=1e-6)
    scores = model.evaluate(data)
    assert scores["macro_f1"] == pytest.approx(last_scores(run, "test")["test_macro_f1"], abs=1e-6)
    assert scores == model.evaluate(tmp_path / "test.csv")
    explained = model.explain(rows[0]["text"], rows[0]["target"])
    np.testing.assert_allclose(explained.probabilities, expected[0], atol=1e-5)
    moved = graph.folder.rename(tmp_path / "moved")
    where = [] if classifier == "Text" else ["--graph", moved]
    for name in (tmp_path / "test.csv", tmp_path / "tagged" / "test.parquet"):
        out = tmp_path / f"{name.suffix[1:]}.csv"
        command_line("predict", run, name, "--output", out, *where)
        again = [[float(row[f"prob_{stance}"]) for stance in model.stances] for row in rows_of(out)]
        np.testing.assert_allclose(again, expected, atol=1e-6)
        assert [row["stance"] for row in rows_of(out)] == [row["stance"] for row in rows]
    if classifier != "Text":
        with pytest.raises(UserError, match=r"reads concepts, and .* is not here; give load\(\.\.\., graph=FOLDER\)"):
            gatbert.load(run)


def split_rows() -> dict[str, list[dict[str, str]]]:
    """Return posts whose words the graph knows, in three splits."""
    rows = [{**row, "text": f"{row['text']} animal harm {row['id'][1:]}"} for row in corpus_rows(36)]
    return {"train": rows[:18], "val": rows[18:27], "test": rows[27:]}


def test_a_process_that_is_killed_leaves_what_goes_on_to_the_same_file(
    command_line: CommandLine, run_folder: Path, tmp_path: Path
) -> None:
    posts = write_corpus(tmp_path / "posts.csv", [{**row, "n": str(n)} for n, row in enumerate(corpus_rows(400))])
    arguments = [str(one) for one in (run_folder, posts, "--output", tmp_path / "out.csv")]
    process = subprocess.Popen(
        [sys.executable, "-c", IN_SMALL_PARTS, *arguments], env=package_environment(), stderr=subprocess.DEVNULL
    )
    parts = tmp_path / ".out.csv.parts"
    while len(list(parts.glob("*.csv"))) < 3 and process.poll() is None:
        time.sleep(0.005)
    process.kill()
    assert process.wait() == -signal.SIGKILL, "it ended before it was killed"
    assert not (tmp_path / "out.csv").exists()
    assert "was begun" in command_line.refused("predict", *arguments)
    said = command_line("predict", *arguments, "--resume", "true")
    assert not said.startswith("400 rows")
    command_line("predict", run_folder, posts, "--output", tmp_path / "whole.csv")
    found, whole = rows_of(tmp_path / "out.csv"), rows_of(tmp_path / "whole.csv")
    assert [row["n"] for row in found] == [str(n) for n in range(400)]
    assert [row["predicted"] for row in found] == [row["predicted"] for row in whole]
    assert not parts.exists()


@pytest.mark.slow
def test_a_hundred_thousand_rows_take_the_memory_of_a_thousand(run_folder: Path, tmp_path: Path) -> None:
    peaks = []
    for number in (1_000, 10_000, 100_000):
        posts = write_corpus(tmp_path / "posts.csv", (corpus_rows(1_000) * (number // 1_000))[:number])
        out = tmp_path / f"{number}.csv"
        command = [sys.executable, "-c", PEAK, str(run_folder), str(posts), "--output", str(out)]
        done = subprocess.run(command, env=package_environment(), check=True, capture_output=True, text=True)
        peaks.append(int(done.stdout.split()[-1]))
        with out.open() as file:
            assert sum(1 for _ in file) == number + 1
    assert max(peaks) < 1.05 * peaks[0], f"KiB at 10^3, 10^4, 10^5 rows: {peaks}"
