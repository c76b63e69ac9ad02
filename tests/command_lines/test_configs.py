"""Every file under configs/ runs through the real command line, on tiny corpora laid out as the real ones are."""

import shutil
from pathlib import Path

import pytest
import yaml

from gatbert.files.paths import resolve
from gatbert.stance_classifier.class_paths import import_classifier
from gatbert.stance_classifier.options import resolve_options
from tests.command_line import CONFIGS, CommandLine
from tests.corpora.files import FORMATS
from tests.corpora.published import WRITERS
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
            size = len(rows) // len(names)
            corpus, part = FORMATS[corpus_type], rows[number * size : (number + 1) * size]
            written = [
                corpus.row(row["target"], row["text"] + f" {row['id']}", row["stance"], row["id"]) for row in part
            ]
            corpus.write(tmp_path / name, written)
    for where, write in WRITERS.values():
        write(tmp_path / where)
    monkeypatch.setenv("GATBERT_DATA", str(tmp_path))


@pytest.fixture
def tagged_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lay the demo's tagged posts where ``make demo`` does."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(resolve("pkg:gatbert/assets/demo/tagged"), "results/demo_graph/corpus")


def arguments(path: Path) -> list[str | Path]:
    """Return how a user gives a config: as --data, as --model of its classifier, or as a layer of its own."""
    name, _, kind = path.stem.rpartition("_")
    if path.parent == CONFIGS and kind == "model":
        classifier = f"gatbert.stance_classifier.{name.capitalize()}Classifier"
        return ["--classifier", classifier, "--model", path, "--data", CONFIGS / "graph_data.yaml"]
    if "data" in path.stem:
        return ["--data", path]
    data: list[str | Path] = ["--data", CONFIGS / "raw_data.yaml"] if path.parent == CONFIGS else []
    return ["-c", path, *data]


@pytest.mark.slow
@pytest.mark.usefixtures("corpora", "tagged_demo")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CONFIGS)))
def test_config_trains_and_tests(path: Path, command_line: CommandLine, encoder: str) -> None:
    small = ["--pretrained_model", encoder, "--data.max_length", "64", "--trainer.accelerator", "cpu"]
    args = ["-c", CONFIGS / "base.yaml", *arguments(path), *small, "--trainer.fast_dev_run", "true"]
    assert "test_macro_f1" in command_line("fit_and_test", *args)


@pytest.mark.usefixtures("corpora", "tagged_demo")
@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(CONFIGS)))
def test_every_value_of_a_config_is_that_of_an_argument(path: Path, command_line: CommandLine) -> None:
    printed = command_line("fit_and_test", "-c", CONFIGS / "base.yaml", *arguments(path), "--print_config")
    assert yaml.safe_load(printed)["early_stopping"]["monitor"] == "val_macro_f1"


@pytest.mark.parametrize("name", ["text", "hybrid", "external", "concat"])
def test_a_model_config_is_what_the_classifier_does_by_itself(name: str) -> None:
    """It lists the options with their defaults: a user sees what there is to change."""
    path = CONFIGS / f"{name}_model.yaml"
    classifier = import_classifier(f"gatbert.stance_classifier.{name.capitalize()}Classifier")
    given = {key: value for key, value in yaml.safe_load(path.read_text()).items() if value is not None}
    defaults = {key: value for key, value in resolve_options(classifier, {}).items() if value is not None}
    assert resolve_options(classifier, given) == resolve_options(classifier, {})
    assert set(given) == set(defaults)
