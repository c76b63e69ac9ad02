"""What concepts say, from WordNet's files to a trained classifier: as text after the text, and as embeddings."""

import csv
import json
import shutil
from pathlib import Path

import numpy as np
import pytest

import gatbert
from gatbert.corpora.graph_corpus import read_graph_corpus, read_info
from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import Recipe
from gatbert.pretrained.text_reader import open_reader
from tests.command_line import CommandLine, run_aside, training_arguments
from tests.knowledge.dump import write_wordnet
from tests.tiny import save_encoder

STANCES = ("against", "favor", "neutral")
POSTS = [f"the ending of a pregnancy is {['good', 'bad', 'why'][n % 3]} {n}" for n in range(18)]
SPLITS = ["--data", "SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64"]
TEXT = ["--classifier", "Text", "--data.background", "definition"]
HYBRID = ["--classifier", "Hybrid", "--model.concept_embeddings", "definition"]


@pytest.fixture(scope="module")
def tagged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a graph, posts that were tagged with definitions, and the same without."""
    folder = tmp_path_factory.mktemp("definitions")
    rows = [f"{n},{text},abortion,{STANCES[n % 3]}" for n, text in enumerate(POSTS)]
    (folder / "posts.csv").write_text("\n".join(["id,text,target,stance", *rows]) + "\n")
    (folder / "more.tsv").write_text("Causes\tpregnancy\tbaby\n")
    sources = ["--wordnet", write_wordnet(folder / "dict"), "--triples", folder / "more.tsv"]
    run_aside("build_graph", "--output", folder / "graph", *sources)
    for name, kept in (("with", "true"), ("without", "false")):
        files = ["--train", folder / "posts.csv", "--test", folder / "posts.csv", "--duplicates", "allow"]
        run_aside("tag", "--graph", folder / "graph", "--output", folder / name, *files, "--definitions", kept)
    return folder


def splits_of(folder: Path, *names: str) -> list[str]:
    """Return the flags that name tagged files."""
    return [*SPLITS, "--data.duplicates", "allow", *(f"--data.{name}={folder / name}.parquet" for name in names)]


def trained(command_line: CommandLine, encoder: str, tagged: Path, results: Path, flags: list[str]) -> Path:
    """Train for an epoch on the tagged posts, and return the run."""
    data = [*splits_of(tagged / "with", "train", "test"), "--data.val_fraction", "0.4"]
    output = command_line(
        "fit_and_test", *training_arguments(encoder, results), *data, *flags, "--trainer.max_epochs", "1"
    )
    assert "test_macro_f1" in output
    return results / "gatbert" / "v1"


def probabilities(run: Path) -> list[list[float]]:
    """Return the probabilities of the last checkpoint's test."""
    with (run / "predictions.test.csv").open(newline="") as file:
        return [[float(row[f"prob_{stance}"]) for stance in STANCES] for row in csv.DictReader(file)]


def test_tag_keeps_glosses_and_what_edges_say(tagged: Path, command_line: CommandLine) -> None:
    sample = next(read_graph_corpus(tagged / "with" / "train.parquet")).sample
    says = dict(zip(sample.concepts, sample.definitions, strict=True))
    assert says["abortion"] == "the ending of pregnancy"
    assert says["pregnancy"] == "the state of carrying a baby"
    assert read_info(tagged / "with" / "train.parquet").settings.definitions
    plain = next(read_graph_corpus(tagged / "without" / "train.parquet")).sample
    assert (plain.concepts, plain.definitions) == (sample.concepts, ())
    output = command_line("inspect_graph", "--graph", tagged / "graph", "--concept", "abortion")
    assert "abortion: the ending of pregnancy" in output


@pytest.mark.parametrize("flags", [TEXT, HYBRID], ids=["text", "hybrid"])
def test_trained_tested_and_asked_about_raw_text(
    command_line: CommandLine, encoder: str, tagged: Path, tmp_path: Path, flags: list[str]
) -> None:
    run = trained(command_line, encoder, tagged, tmp_path / "results", flags)
    checkpoint = run / "checkpoints" / "last.ckpt"
    recipe = Recipe.read(checkpoint)
    assert recipe.tagging is not None
    assert recipe.tagging.settings.definitions
    assert recipe.pair.background == ("definition" if flags is TEXT else "none")
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    command_line("test", "--ckpt_path", checkpoint, *splits_of(tagged / "with", "test"), *again)
    expected = probabilities(tmp_path / "again" / "gatbert" / "version_0")
    found = gatbert.load(checkpoint).predict(POSTS, "abortion")
    np.testing.assert_allclose([list(one.values()) for one in found], expected, atol=1e-5)
    error = command_line.refused("test", "--ckpt_path", checkpoint, *splits_of(tagged / "without", "test"), *again)
    assert "definitions True and False" in error
    other = ["--data.background", "concepts"] if flags is TEXT else ["--model.concept_embeddings", "subwords"]
    error = command_line.refused("test", "--ckpt_path", checkpoint, *splits_of(tagged / "with", "test"), *again, *other)
    assert "contradicts the checkpoint" in error
    explained = ["--output", tmp_path / "explained", *splits_of(tagged / "with", "test"), "--max_samples", "1"]
    command_line("explain", checkpoint, *explained)
    (one,) = json.loads((tmp_path / "explained" / "explanations.json").read_text())["samples"]
    assert "pregnancy" in [concept["text"] for concept in one["concepts"]]
    assert any(concept["read"] for concept in one["concepts"])
    # A random encoder this small tells graphs apart in digits that are rounded off; words it does.
    assert flags is HYBRID or any(concept["scores"]["leave_one_out"] for concept in one["concepts"])
    mass = sum(node["scores"]["attention_mass"] for node in [*one["words"], *one["concepts"]])
    assert mass + one["attention_on_special_tokens"] == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("flags", [TEXT, HYBRID, ["--classifier", "External", *HYBRID[2:]]], ids=lambda f: f[1])
def test_a_corpus_without_definitions_is_refused_with_the_remedy(
    command_line: CommandLine, encoder: str, tagged: Path, tmp_path: Path, flags: list[str]
) -> None:
    data = [*splits_of(tagged / "without", "train"), "--data.val_fraction", "0.4", *flags]
    error = command_line.refused("fit", *training_arguments(encoder, tmp_path / "results"), *data)
    assert "has concepts without definitions; tag the corpus with gatbert tag --definitions true" in error
    assert not (tmp_path / "results" / "gatbert" / "v1" / "checkpoints").exists()


def test_backgrounds_that_nobody_reads_or_that_are_not_there_are_refused(
    command_line: CommandLine, encoder: str, tagged: Path, common: list[str], tmp_path: Path
) -> None:
    assert "has no concepts for background concepts" in command_line.refused(
        "fit", *common, "--data.background", "concepts"
    )
    data = [*splits_of(tagged / "with", "train"), "--data.val_fraction", "0.4", "--data.background", "definition"]
    args = [*training_arguments(encoder, tmp_path / "results"), *data, "--classifier", "Hybrid"]
    assert "HybridClassifier reads no background definition" in command_line.refused("fit", *args)


@pytest.mark.slow
def test_the_encoder_of_definitions_may_be_another_and_may_move_but_not_change(
    command_line: CommandLine, encoder: str, tagged: Path, tmp_path: Path
) -> None:
    reader = save_encoder(tmp_path / "reader", "distilbert", seed=3)
    run = trained(command_line, encoder, tagged, tmp_path / "results", [*HYBRID, "--model.concept_vectors", reader])
    checkpoint = run / "checkpoints" / "last.ckpt"
    before = gatbert.load(checkpoint).predict(POSTS, "abortion")
    moved = shutil.move(reader, tmp_path / "moved")
    open_reader(encoder)  # one process remembers the last
    with pytest.raises(UserError, match=r"concept_embeddings definition: .*concept_vectors"):
        gatbert.load(checkpoint).predict(POSTS, "abortion")
    assert gatbert.load(checkpoint, concept_vectors=str(moved)).predict(POSTS, "abortion") == before
    with pytest.raises(UserError, match="the classifier was trained with"):
        gatbert.load(checkpoint, concept_vectors=encoder).predict(POSTS, "abortion")
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    test = ["--ckpt_path", checkpoint, *splits_of(tagged / "with", "test"), *again]
    assert "trained with" in command_line.refused("test", *test, "--model.concept_vectors", encoder)
    assert "test_macro_f1" in command_line("test", *test, "--model.concept_vectors", moved)
