"""``gatbert explain``: the deciding concept comes first, and mistakes are one sentence."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

import gatbert
from gatbert import __version__
from gatbert.corpora.controlled import POLES
from tests.command_line import CommandLine, training_arguments
from tests.controlled import train, write_chains

CPU = ("--trainer.accelerator", "cpu")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A classifier of the graph after one epoch, and its ``--data`` file."""
    folder = tmp_path_factory.mktemp("begun")
    data = write_chains(folder, num_texts=60)
    return train(folder, data, "ExternalClassifier", "--trainer.max_epochs", "1"), data


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A classifier of the graph that knows controlled data, and its ``--data`` file."""
    folder = tmp_path_factory.mktemp("external")
    # Without distractors: with all three poles in sight, this classifier also decides by elimination.
    data = write_chains(folder, distractors=0)
    return train(folder, data, "ExternalClassifier", "--trainer.max_epochs", "15"), data


def best(concepts: list[dict[str, Any]], method: str) -> str:
    """Return the concept with the highest score."""
    found: str = max(concepts, key=lambda concept: concept["scores"][method])["text"]
    return found


@pytest.mark.slow
def test_the_deciding_concept_comes_first(
    command_line: CommandLine, trained: tuple[Path, Path], tmp_path: Path
) -> None:
    checkpoint, data = trained
    output = tmp_path / "explained"
    said = command_line("explain", checkpoint, "--data", data, *CPU, "--max_samples", "60", "--output", output)
    found = json.loads((output / "explanations.json").read_text())
    samples = found["samples"]
    assert len(samples) == found["summary"]["num_samples"] == 60
    right = [sample for sample in samples if sample["gold"] == sample["predicted"]]
    assert len(right) >= 57
    first = [best(sample["concepts"], "leave_one_out") == POLES[sample["gold"]] for sample in right]
    assert sum(first) >= 0.95 * len(first)
    faithful = found["summary"]["faithfulness"]
    assert faithful.keys() == {"leave_one_out", "integrated_gradients", "attention_mass"}
    assert faithful["leave_one_out"]["low"] > 0
    assert "leave_one_out beats random" in " ".join(said.split())
    assert found["summary"]["completeness_gap"]["largest"] < 0.1
    page = (output / "explanations.html").read_text()
    summary = found["summary"]
    assert summary["classifier"] == "gatbert.stance_classifier.ExternalClassifier"
    assert (summary["checkpoint"], summary["split"], summary["gatbert"]) == (str(checkpoint), "test", __version__)
    assert list(summary["files"]) == [str(checkpoint.parents[4] / "mine.yaml")]
    facts = dict(re.findall("<dt>(.*?)</dt><dd>(.*?)</dd>", page))
    assert facts == {
        "model": f"ExternalClassifier on {checkpoint.parents[4] / 'encoder'}",
        "checkpoint": str(checkpoint),
        "data": f"test split of {checkpoint.parents[4] / 'mine.yaml'}",
        "made": f"{summary['created'][:10]}, gatbert {__version__}",
    }
    assert all(f"{label}: {value}" in said for label, value in facts.items())
    assert page_data(page)["no_graphs"] is None


@pytest.mark.slow
def test_named_samples_are_explained_as_among_others(
    command_line: CommandLine, begun: tuple[Path, Path], tmp_path: Path
) -> None:
    checkpoint, data = begun
    command = ("explain", checkpoint, "--data", data, *CPU, "--output")
    command_line(*command, tmp_path / "some", "--max_samples", "3")
    some = json.loads((tmp_path / "some" / "explanations.json").read_text())["samples"]
    names = [sample["id"] for sample in some]
    command_line(*command, tmp_path / "one", f"--ids={names[2]}, {names[0]}")
    assert json.loads((tmp_path / "one" / "explanations.json").read_text())["samples"] == [some[2], some[0]]
    refused = command_line.refused(*command, tmp_path / "two", "--ids", "nobody")
    assert "the test split has no sample 'nobody'" in refused
    assert not (tmp_path / "two").exists()
    assert "exists already" in command_line.refused(*command, tmp_path / "one")


def test_samples_are_those_of_the_split_with_its_transforms(
    command_line: CommandLine, begun: tuple[Path, Path], tmp_path: Path
) -> None:
    checkpoint, data = begun
    output = tmp_path / "val"
    options = ("--split", "val", "--max_samples", "2", "--data.transforms", "[rm_external]", "--output", output)
    command_line("explain", checkpoint, "--data", data, *CPU, *options)
    found = json.loads((output / "explanations.json").read_text())
    run = json.loads((checkpoint.parent.parent / "run.json").read_text())
    assert found["summary"]["split"] == "val"
    assert run["data"]["splits"]["val"]["num_samples"] > 2
    assert [sample["concepts"] for sample in found["samples"]] == [[], []]
    page = (output / "explanations.html").read_text()
    assert f"val split of {checkpoint.parents[4] / 'mine.yaml'}, with rm_external" in page
    # These samples are linked with no concepts; their corpus has graphs, and they are on the page.
    assert page_data(page)["no_graphs"] is None
    assert [graph["concepts"] for graph in page_data(page)["graphs"]] == [[], []]


def test_mistakes_are_one_sentence(
    command_line: CommandLine, begun: tuple[Path, Path], data: Path, tmp_path: Path
) -> None:
    checkpoint, chains = begun
    output = ("--output", tmp_path / "out")
    assert "the first argument must be a checkpoint" in command_line.refused("explain", "--data", chains, *output)
    missing = command_line.refused("explain", tmp_path / "no.ckpt", "--data", chains, *output)
    assert "no.ckpt does not exist" in missing
    assert "reads a graph, and the corpus has none" in command_line.refused(
        "explain", checkpoint, "--data", data, "--data.max_length", "64", *output
    )
    assert "--output must be given" in command_line.refused("explain", checkpoint, "--data", chains)
    few = command_line.refused("explain", checkpoint, "--data", chains, *output, "--max_samples", "0")
    assert "--max_samples 0 is not accepted; accepted is at least 1" in few
    assert not (tmp_path / "out").exists()


def test_text_is_explained_word_by_word(
    command_line: CommandLine, run_folder: Path, data: Path, tmp_path: Path
) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    output = tmp_path / "explained"
    command_line("explain", checkpoint, "--data", data, *CPU, "--max_samples", "4", "--output", output)
    for sample in json.loads((output / "explanations.json").read_text())["samples"]:
        words = [word["text"] for word in sample["words"] if not word["in_target"]]
        assert words == sample["text"].split()
        assert sample["concepts"] == []
        assert sum(sample["probabilities"].values()) == pytest.approx(1.0, abs=1e-4)
    page = page_data((output / "explanations.html").read_text())
    assert (page["no_graphs"], page["graphs"]) == ("The corpus has no graphs.", [])


def test_a_classifier_of_ones_own_is_opened_as_load_opens_it(
    command_line: CommandLine, common: list[str], data: Path, tmp_path: Path
) -> None:
    own = ["--classifier", "tests.classifiers.BagOfTokens"]
    command_line("fit", *common, *own)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    explain = ("explain", checkpoint, "--data", data, *CPU, "--max_samples", "4", "--output")
    assert "which is not of gatbert" in command_line.refused(*explain, tmp_path / "refused")
    assert "attention_mass is missing: " in " ".join(command_line(*explain, tmp_path / "explained", *own).split())
    predictor = gatbert.load(checkpoint, classifier=own[1])
    for sample in json.loads((tmp_path / "explained" / "explanations.json").read_text())["samples"]:
        predicted = predictor.predict(sample["text"], sample["target"])
        assert sample["probabilities"] == pytest.approx(predicted, abs=1e-5)


@pytest.mark.slow
def test_a_classifier_of_texts_reads_no_concepts_of_a_corpus_with_graphs(
    command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    data = write_chains(tmp_path, num_texts=40)
    command_line("fit", *training_arguments(encoder, tmp_path / "results"), "--data", data)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    output = tmp_path / "explained"
    command_line("explain", checkpoint, "--data", data, *CPU, "--max_samples", "2", "--output", output)
    page = (output / "explanations.html").read_text()
    assert page_data(page)["no_graphs"] == "This classifier reads no concepts."
    assert '<p id="no-graphs">This classifier reads no concepts.</p>' in page


def page_data(page: str) -> dict[str, Any]:
    found = re.search('<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data
