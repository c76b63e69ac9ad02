"""A corpus of one's own becomes a folder that trains as it is."""

import os
import subprocess
import sys
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest

from tests.command_line import CommandLine, package_environment
from tests.tiny import corpus_rows, write_corpus

NAMES = {"text": "Tweet", "target": "Topic", "stance": "Opinion", "id": "Tweet ID", "style": "Style"}
LABELS = {"against": "oppose", "favor": "SUPPORT"}
FAST = ("--trainer.fast_dev_run", "true", "--trainer.accelerator", "cpu", "--data.max_length", "48")


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Posts with two stances, in columns and labels of their own, as a spreadsheet in German writes them."""
    rows = [row for row in corpus_rows(150) if row["stance"] in LABELS]
    own = [{NAMES[name]: LABELS.get(value, value) for name, value in row.items()} for row in rows]
    path = write_corpus(tmp_path / "my posts.csv", own)
    path.write_text(path.read_text().replace(",", ";"), encoding="cp1252")
    return path


def test_a_corpus_of_ones_own_trains_as_it_is(
    command_line: CommandLine, posts: Path, encoder: str, tmp_path: Path
) -> None:
    output = command_line("init", tmp_path / "new one", "--corpus", posts, "--pretrained_model", encoder)
    assert "100 rows; text is 'Tweet', target is 'Topic', stance is 'Opinion', id is 'Tweet ID'" in output
    assert "labels: oppose means against (50), SUPPORT means favor (50)" in output
    told = output.splitlines()[-1].strip()
    base, data = tmp_path / "new one" / "base.yaml", tmp_path / "new one" / "data.yaml"
    assert told == f"python -m gatbert.fit_and_test -c '{base}' --data '{data}'"
    command_line("fit_and_test", "-c", base, "--data", data, *FAST)


def test_parquet_is_written_anew(command_line: CommandLine, tmp_path: Path, encoder: str) -> None:
    write_corpus(tmp_path / "posts.csv", corpus_rows(90))
    pyarrow.parquet.write_table(pyarrow.csv.read_csv(tmp_path / "posts.csv"), tmp_path / "posts.parquet")
    folder = tmp_path / "new"
    command_line("init", folder, "--corpus", tmp_path / "posts.parquet", "--pretrained_model", encoder)
    assert f"{folder}/posts.csv" in (folder / "data.yaml").read_text()
    assert {path.name for path in folder.iterdir()} == {"data.yaml", "base.yaml", "train.sh", "posts.csv"}
    command_line("fit", "-c", folder / "base.yaml", "--data", folder / "data.yaml", *FAST)


@pytest.mark.slow
def test_the_script_looks_then_trains(posts: Path, command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    folder = tmp_path / "new one"
    command_line("init", folder, "--corpus", posts, "--pretrained_model", encoder)
    environment = {**package_environment(), "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}
    script = ["bash", str(folder / "train.sh"), "--trainer.max_epochs", "1", *FAST[2:]]
    done = subprocess.run(script, capture_output=True, text=True, check=False, env=environment, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "ok      training" in done.stdout
    assert (folder / "results" / "text" / "version_0" / "predictions.test.csv").is_file()
    script += ["--trainer.accelerator", "gpu"]
    faulty = subprocess.run(script, capture_output=True, text=True, check=False, env=environment)
    assert (faulty.returncode, "fault   device" in faulty.stdout) == (1, True)
    assert not (folder / "results" / "text" / "version_1").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], "FOLDER must be given"),
        (["new"], "which corpus? give --corpus FILE"),
        (["new", "--corpus", "lost.csv"], "lost.csv does not exist"),
        (["new", "--corpus", "posts.csv", "--columns", "{stance: mood}"], "no column 'mood'"),
        (["new", "--corpus", "posts.csv", "--columns", "{stance: style}"], "say it by --labels"),
        (["new", "--corpus", "posts.csv", "--labels", "{against: angry}"], "'angry'"),
        (["new", "--corpus", "posts.csv", "--delimiter", ";;"], "delimiter ';;' is not accepted"),
        (["new", "--corpus", "posts.csv", "--encoding", "utf-99"], "utf-99"),
        ([".", "--corpus", "posts.csv"], "exists already"),
    ],
)
def test_careless_arguments_get_a_sentence(
    command_line: CommandLine, args: list[str], words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_corpus(tmp_path / "posts.csv", corpus_rows(90))
    monkeypatch.chdir(tmp_path)
    sentence = command_line.refused("init", *args)
    assert words in sentence
    assert not (tmp_path / "new").exists()
