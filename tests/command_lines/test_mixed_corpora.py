"""Several corpora in one training, from the command line: trained, tested, reported, tagged."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from gatbert.corpora.graph_corpus import read_info
from tests.command_line import CommandLine, rows_of, training_arguments
from tests.knowledge.dump import graph_of
from tests.tiny import corpus_rows, write_corpus

SHARES = [0.5, 0.2, 0.3]


@pytest.fixture
def mixed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A ``--data`` file of a corpus with three stances in two files, and one with two, divided by semicolons."""
    monkeypatch.chdir(tmp_path)
    rows = corpus_rows(150)
    for name, some in {"three_a": rows[:40], "three_b": rows[40:80]}.items():
        write_corpus(Path(f"{name}.csv"), some)
    labels = {"against": "CON", "favor": "PRO", "neutral": "unclear"}
    lines = [f"{row['id']};{row['text']};{row['target']};{labels[row['stance']]}" for row in rows[80:]]
    Path("two.csv").write_text("\n".join(["id;text;target;stance", *lines]) + "\n", encoding="utf-16")
    two = {"paths": "two.csv", "delimiter": ";", "encoding": "utf-16", "stances": ["against", "favor"]}
    meaning = {"CON": "against", "PRO": "favor", "unclear": None}
    corpora: list[dict[str, Any]] = [
        {"name": "three", "paths": "three_*.csv", "shares": SHARES},
        {"name": "two", **two, "labels": meaning, "shares": SHARES, "weight": 0.5},
    ]
    return write_data(Path("mixed.yaml"), corpora)


def write_data(path: Path, corpora: list[dict[str, Any]]) -> Path:
    init_args = {"corpora": corpora, "sampling": "balanced", "batch_size": 8, "max_length": 48}
    path.write_text(yaml.safe_dump({"class_path": "MixedDataModule", "init_args": init_args}))
    return path


@pytest.mark.slow
def test_a_mix_is_trained_and_reported_by_corpus(mixed: Path, command_line: CommandLine, encoder: str) -> None:
    output = command_line("fit_and_test", *training_arguments(encoder, Path("results")), "--data", mixed)
    assert "unclear is skipped (24)" in output
    run = Path("results/gatbert/v1")
    predictions = rows_of(run / "predictions.test.csv")
    sizes = Counter(row["corpus"] for row in predictions)
    assert f"{sizes['three']} of three and {sizes['two']} of two" in output
    for row in predictions:
        assert row["id"].startswith(f"{row['corpus']}/")
        assert (float(row["prob_neutral"]) == 0) == (row["corpus"] == "two")
    command_line("report", run, "--output", "report")
    report = json.loads(Path("report/report.json").read_text())
    for group in report["groups"]:
        assert {row["value"]: row["num_samples"] for row in group["breakdowns"]["corpus"]} == sizes
    said = "The baselines were trained on "
    assert [note for note in report["notes"] if note.startswith(said) and "three_a.csv, three_b.csv, two.csv" in note]
    again = ["--data", mixed, "--data.sampling", "proportional", *training_arguments(encoder, Path("results"))[-4:]]
    command_line("test", "--ckpt_path", run / "checkpoints" / "last.ckpt", *again[:-1], "v2")
    assert Counter(row["corpus"] for row in rows_of(run.parent / "v2" / "predictions.test.csv")) == sizes


@pytest.mark.slow
def test_one_of_a_mix_is_tagged_as_training_splits_it(
    mixed: Path, command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    graph = graph_of(tmp_path / "mine", [("zoo", "RelatedTo", "animal"), ("tax", "RelatedTo", "money")]).folder
    for name in ("two", "three"):
        output = command_line("tag", "--graph", graph, "--output", name, "--data", mixed, "--corpus", name)
        assert ("label unclear: 24 rows skipped" in output) == (name == "two")
    tagged: list[dict[str, Any]] = [
        {"name": name, **{split: f"{name}/{split}.parquet" for split in ("train", "val", "test")}}
        for name in ("two", "three")
    ]
    assert read_info(Path("two/train.parquet")).stances == ("against", "favor")
    tagged[0]["stances"] = ["against", "favor"]
    data = write_data(Path("tagged.yaml"), tagged)
    arguments = [*training_arguments(encoder, Path("results")), "--trainer.max_epochs", "1"]
    command_line("fit_and_test", *arguments, "--data", mixed, "--trainer.logger.init_args.version", "text")
    graphs = ["--classifier", "Hybrid", "--data", data, "--data.corpus_type", "graph"]
    command_line("fit_and_test", *arguments, *graphs, "--trainer.logger.init_args.version", "graph")
    ids = [
        {row["id"] for row in rows_of(Path(f"results/gatbert/{name}/predictions.test.csv"))}
        for name in ("text", "graph")
    ]
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--corpus", "four"], ["--corpus four is none of mixed.yaml", "three, two"]),
        ([], ["--corpus None is none of mixed.yaml", "three, two"]),
        (["--corpus", "two", "--train", "two.csv"], ["--data and --train are both given"]),
    ],
)
def test_what_is_to_be_tagged_is_named(
    mixed: Path, command_line: CommandLine, tmp_path: Path, arguments: list[str], words: list[str]
) -> None:
    (tmp_path / "mine").mkdir()
    graph = graph_of(tmp_path / "mine", [("zoo", "RelatedTo", "animal")]).folder
    sentence = command_line.refused("tag", "--graph", graph, "--output", "out", "--data", mixed, *arguments)
    assert [word for word in words if word not in sentence] == []
