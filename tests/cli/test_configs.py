"""Every file under configs/ runs through the real command line, on tiny corpora laid out as the real ones are."""

from pathlib import Path

import pytest

from tests.cli.conftest import CONFIGS
from tests.commands import CommandLine
from tests.corpora.files import FORMATS
from tests.tiny import corpus_rows

FILES = sorted(path for path in CONFIGS.rglob("*.yaml"))

CORPUS_FILES = {
    "semeval": [
        "semeval2016/trainingdata-all-annotations.txt",
        "semeval2016/trialdata-all-annotations.txt",
        "semeval2016/testdata-taskA-all-annotations.txt",
    ],
    "vast": ["vast/vast_train.csv", "vast/vast_dev.csv", "vast/vast_test.csv"],
    "ezstance": ["ezstance/subtaskA_noun_phrase_test.csv"],
}


@pytest.fixture
def corpora(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay out a folder for GATBERT_DATA."""
    rows = corpus_rows(300)
    for corpus_type, names in CORPUS_FILES.items():
        for number, name in enumerate(names):
            (tmp_path / name).parent.mkdir(exist_ok=True)
            corpus, part = FORMATS[corpus_type], rows[number :: len(names)]
            written = [
                corpus.row(row["target"], row["text"] + f" {row['id']}", row["stance"], row["id"]) for row in part
            ]
            corpus.write(tmp_path / name, written)
    monkeypatch.setenv("GATBERT_DATA", str(tmp_path))


@pytest.fixture
def graph_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command_line: CommandLine) -> None:
    """Tag the demo's posts, in the folder in which ``make demo`` keeps them."""
    monkeypatch.chdir(tmp_path)
    demo, folder = "pkg:gatbert/assets/demo", Path("results/demo_graph")
    splits = [word for split in ("train", "val", "test") for word in (f"--{split}", f"{demo}/{split}.csv")]
    command_line("build_graph", "--output", folder / "graph", "--conceptnet", f"{demo}/assertions.csv")
    command_line("tag", "--graph", folder / "graph", "--output", folder / "corpus", *splits)


@pytest.mark.usefixtures("corpora", "graph_corpus")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CONFIGS)))
def test_config_trains_and_tests(path: Path, command_line: CommandLine, encoder: str) -> None:
    flags = {"data": ["--data", path], "model": ["--model", path, "--data", CONFIGS / "raw_data.yaml"]}
    own = flags.get(path.stem.rpartition("_")[2] if path.stem != "data" else "data", ["-c", path])
    if own[0] == "-c" and path.parent == CONFIGS:
        own += ["--data", CONFIGS / "raw_data.yaml"]
    small = ["--pretrained_model", encoder, "--data.max_length", "64", "--trainer.accelerator", "cpu"]
    output = command_line("fit_and_test", "-c", CONFIGS / "base.yaml", *own, *small, "--trainer.fast_dev_run", "true")
    assert "test_macro_f1" in output
