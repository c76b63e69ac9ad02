"""Context and background, from a corpus to a trained classifier, its predictions from Python and its explanations."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

import gatbert
from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import Recipe
from gatbert.samples.pair_settings import PairSettings
from tests.command_line import CommandLine, rows_of, run_aside, training_arguments

STANCES = ("against", "favor", "neutral")
POSTS = [f"the animal is {['good', 'bad', 'why'][n % 3]} {n}" for n in range(18)]
PARENTS = [f"what of the {['zoo', 'tax'][n % 2]}" for n in range(18)]
ABOUT = {"zoo": "a place with an animal"}
TEMPLATES = [
    *("--data.first", "{text}", "--data.second", "the {target} after {context}"),
    *("--data.background", "text", "--data.max_target_length", "4"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with posts that have a context, the same tagged, and what is known of their target."""
    folder = tmp_path_factory.mktemp("templates")
    with (folder / "posts.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text", "target", "stance", "parent"])
        writer.writerows([n, text, "zoo", STANCES[n % 3], PARENTS[n]] for n, text in enumerate(POSTS))
    (folder / "about.jsonl").write_text(json.dumps(ABOUT))
    (folder / "graph.tsv").write_text("RelatedTo\tzoo\tanimal\n")
    run_aside("build_graph", "--output", folder / "graph", "--triples", folder / "graph.tsv")
    files = ["--train", folder / "posts.csv", "--test", folder / "posts.csv", "--duplicates", "allow"]
    columns = ["--columns", "{context: parent}"]
    run_aside("tag", "--graph", folder / "graph", "--output", folder / "tagged", *files, *columns)
    return folder


def corpus_flags(folder: Path, classifier: str, *names: str) -> list[str]:
    """Return the flags that name a corpus and the file of backgrounds."""
    if classifier == "Text":
        data = ["--data.columns", "{context: parent}", *(f"--data.{name}={folder / 'posts.csv'}" for name in names)]
    else:
        tagged = (f"--data.{name}={folder / 'tagged' / name}.parquet" for name in names)
        data = ["--data.corpus_type", "graph", *tagged]
    about = f"--data.background_file={folder / 'about.jsonl'}"
    return ["--data", "SplitDataModule", "--data.max_length", "48", "--data.duplicates", "allow", *data, about]


@pytest.mark.parametrize("classifier", ["Text", "Hybrid"])
def test_trained_tested_explained_and_asked_about_raw_text(
    command_line: CommandLine, encoder: str, folder: Path, tmp_path: Path, classifier: str
) -> None:
    data = [*corpus_flags(folder, classifier, "train", "test"), "--data.val_fraction", "0.4"]
    flags = ["--classifier", classifier, *TEMPLATES, "--trainer.max_epochs", "1"]
    command_line("fit_and_test", *training_arguments(encoder, tmp_path / "results"), *data, *flags)
    run = tmp_path / "results" / "gatbert" / "v1"
    checkpoint = run / "checkpoints" / "last.ckpt"
    assert Recipe.read(checkpoint).pair == PairSettings("{text}", "the {target} after {context}", "text", 4)
    test = ["test", "--ckpt_path", checkpoint, *corpus_flags(folder, classifier, "test")]
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    command_line(*test, *again)
    expected = [
        [float(row[f"prob_{stance}"]) for stance in STANCES]
        for row in rows_of(tmp_path / "again" / "gatbert" / "version_0" / "predictions.test.csv")
    ]
    model = gatbert.load(checkpoint)
    found = model.predict(POSTS, "zoo", contexts=PARENTS, backgrounds=ABOUT)
    np.testing.assert_allclose([list(one.values()) for one in found], expected, atol=1e-5)
    assert model.predict(POSTS, "zoo", contexts="", backgrounds=ABOUT) != found
    error = command_line.refused(*test, *again, "--data.second", "{target}")
    assert "--data.second {target} contradicts the checkpoint" in error
    command_line("explain", checkpoint, "--output", tmp_path / "explained", *test[3:], "--max_samples", "1")
    (one,) = json.loads((tmp_path / "explained" / "explanations.json").read_text())["samples"]
    assert all(word["read"] for word in one["words"])
    mass = sum(node["scores"]["attention_mass"] for node in [*one["words"], *one["concepts"]])
    # What is left goes to special tokens, to words of the template, to context and background.
    assert mass + one["attention_on_special_tokens"] == pytest.approx(1, abs=1e-4)


def test_predictions_without_what_is_read_are_refused(
    command_line: CommandLine, encoder: str, folder: Path, tmp_path: Path
) -> None:
    data = [*corpus_flags(folder, "Text", "train"), "--data.val_fraction", "0.4"]
    command_line("fit", *training_arguments(encoder, tmp_path / "results"), *data, *TEMPLATES)
    model = gatbert.load(tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt")
    for given, words in (
        ({"backgrounds": ABOUT}, r"reads a context beside the text; give predict\(\.\.\., contexts=\)"),
        ({"contexts": PARENTS}, r"reads a background beside the text; give predict\(\.\.\., backgrounds=\)"),
        ({"contexts": PARENTS[:2], "backgrounds": ABOUT}, "context 3 is missing; give one for all texts"),
        ({"contexts": [*PARENTS, ""], "backgrounds": ABOUT}, "more contexts than texts"),
        ({"contexts": [None] * 18, "backgrounds": ABOUT}, "context 1 is a NoneType"),
    ):
        with pytest.raises(UserError, match=words):
            model.predict(POSTS, "zoo", **given)
