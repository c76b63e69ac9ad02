"""The graph classifiers from the command line: train, test, predict, and what is refused before training."""

import csv
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import gatbert
from gatbert.corpora.controlled import RELATIONS, SyntheticSettings, generate
from gatbert.corpora.graph_corpus import GraphCorpusInfo, Tagged, write_graph_corpus
from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.configurations import build_encoder
from gatbert.pretrained.weights import CLASSIFIER, check_shapes, weights
from gatbert.samples.relations import Relations, vocabulary
from gatbert.stance_classifier.options import build_classifier
from tests.classifiers import BagOfConcepts
from tests.command_line import CommandLine, training_arguments
from tests.knowledge.dump import graph_of

CLASSIFIERS = ["TextClassifier", "HybridClassifier", "ExternalClassifier", "ConcatClassifier"]
GRAPH_CLASSIFIERS = CLASSIFIERS[1:]


def others_are_slow(classifiers: list[str]) -> list[Any]:
    """Return classifiers as parameters, of which Hybrid alone is of the fast suite."""
    return [name if "Hybrid" in name else pytest.param(name, marks=pytest.mark.slow) for name in classifiers]


def path_of(classifier: str) -> str:
    return f"gatbert.stance_classifier.{classifier}"


@pytest.fixture
def synthetic(tmp_path: Path) -> Path:
    """A ``--data`` file over a few controlled samples."""
    (tmp_path / "mine.yaml").write_text("{num_texts: 20, hops: 1}")
    partitions = {str(tmp_path / "mine.yaml"): [0.5, 0.25, 0.25]}
    init_args = {"corpus_type": "synthetic", "partitions": partitions, "batch_size": 8, "max_length": 64}
    path = tmp_path / "synthetic_data.yaml"
    path.write_text(yaml.safe_dump({"class_path": "RandomSplitDataModule", "init_args": init_args}))
    return path


def write_corpus(path: Path, relations: Relations, num_texts: int = 4) -> Path:
    """Write controlled samples as a graph corpus that claims some relations."""
    samples = generate(SyntheticSettings(num_texts=num_texts, hops=1))
    tagged = (Tagged(sample, True, False, True, True, num_cut=0, unlinked=()) for sample in samples)
    write_graph_corpus(path, tagged, GraphCorpusInfo(relations, "0" * 64, "graphs/mine"))
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("classifier", others_are_slow(CLASSIFIERS))
def test_trained_tested_and_predicted(
    command_line: CommandLine, encoder: str, synthetic: Path, tmp_path: Path, classifier: str
) -> None:
    trained_tested_and_predicted(command_line, encoder, synthetic, tmp_path, classifier)


def test_a_gated_hybrid_says_how_far_its_gates_are_open(
    command_line: CommandLine, encoder: str, synthetic: Path, tmp_path: Path
) -> None:
    options = ["--model.graph_gate", "zero", "--model.pooling", "mean", "--model.token_relation", "true"]
    trained_tested_and_predicted(command_line, encoder, synthetic, tmp_path, "HybridClassifier", *options)
    (last,) = [row for row in rows(tmp_path / "results/gatbert/v1/metrics.csv") if row["gate_layer1"]]
    assert 0 < float(last["gate_layer1"]) < 1
    assert 0 < float(last["gate_layer2"]) < 1


def trained_tested_and_predicted(
    command_line: CommandLine, encoder: str, synthetic: Path, tmp_path: Path, classifier: str, *options: str
) -> None:
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", synthetic, *options]
    output = command_line("fit_and_test", *args, "--classifier", path_of(classifier), "--trainer.max_epochs", "1")
    assert "test_macro_f1" in output
    folder = tmp_path / "results" / "gatbert" / "v1"
    best = next((folder / "checkpoints").glob("epoch*.ckpt"))
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    command_line("test", "--ckpt_path", best, "--data", synthetic, *again)
    tested = tmp_path / "again" / "gatbert" / "version_0" / "predictions.test.csv"
    assert tested.read_text() == (folder / "predictions.test.csv").read_text()
    files = ["--data.corpus_type", "synthetic", "--data.predict", tmp_path / "mine.yaml"]
    command_line("predict", "--ckpt_path", best, "--data", "SplitDataModule", *files, *again)
    predicted = tmp_path / "again" / "gatbert" / "version_1" / "predictions.predict.csv"
    wanted = {row["id"]: row["prob_favor"] for row in rows(tested)}
    found = {row["id"]: row["prob_favor"] for row in rows(predicted)}
    assert len(found) == 60
    for name, value in wanted.items():
        assert float(found[name]) == pytest.approx(float(value), abs=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize("classifier", others_are_slow(GRAPH_CLASSIFIERS))
@pytest.mark.parametrize(
    "option",
    [
        ["--trainer.precision", "bf16-mixed"],
        ["--model.gradient_checkpointing", "true"],
        ["--data.transforms", "[rm_external]"],
        ["--data.transforms", "[cls_global_edges, shuffle_relations]"],
        ["--data.transforms", "[mask_target, shuffle_graph]"],
        ["--model.max_concepts", "2"],
    ],
    ids=lambda option: option[1],
)
def test_options_run(
    command_line: CommandLine, encoder: str, synthetic: Path, tmp_path: Path, classifier: str, option: list[str]
) -> None:
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", synthetic, *option]
    fast = ["--classifier", path_of(classifier), "--trainer.fast_dev_run", "true"]
    assert "test_macro_f1" in command_line("fit_and_test", *args, *fast)


@pytest.mark.slow
@pytest.mark.parametrize("classifier", others_are_slow(GRAPH_CLASSIFIERS))
def test_vectors_of_a_knowledge_graph_embedding(
    command_line: CommandLine, encoder: str, synthetic: Path, tmp_path: Path, classifier: str
) -> None:
    graph = graph_of(tmp_path, [(f"c{i}", "IsA", f"c{i + 1}") for i in range(30)] + [("harbour", "Causes", "damage")])
    small = ["--size", "8", "--epochs", "2", "--model", "RotatE"]
    output = command_line("embed_graph", "--graph", graph.folder, "--output", tmp_path / "kge", *small)
    assert "Test facts" in output
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", synthetic, "--trainer.max_epochs", "1"]
    kge = ["--model.concept_embeddings", "kge", "--model.concept_vectors", tmp_path / "kge"]
    command_line("fit_and_test", *args, "--classifier", path_of(classifier), *kge)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    assert "test_macro_f1" in command_line("test", "--ckpt_path", checkpoint, "--data", synthetic, *again)


def test_what_does_not_fit_is_refused_before_training(
    command_line: CommandLine, encoder: str, synthetic: Path, common: list[str], tmp_path: Path
) -> None:
    hybrid = ["--classifier", path_of("HybridClassifier")]
    on_graphs = [*training_arguments(encoder, tmp_path / "results"), "--data", synthetic, *hybrid]
    wrong_id = write_corpus(tmp_path / "wrong.parquet", Relations(()))
    one, other = (
        write_corpus(tmp_path / f"{name}.parquet", vocabulary([name, "Causes", "HasContext", "RelatedTo"]))
        for name in ("AtLocation", "Zeal")
    )
    far = tmp_path / "far.tsv"
    far.write_text("favor\t1\t1\t1\tzoos\tyes\tzoo\t0,3,2\n")
    splits = ["--data", "SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64"]
    before = [*training_arguments(encoder, tmp_path / "results"), *hybrid, *splits]
    cases: list[tuple[list[object], list[str]]] = [
        ([*common, *hybrid], ["HybridClassifier reads a graph", "gatbert tag", "corpus_type graph"]),
        ([*before, "--data.train", wrong_id], ["wrong.parquet:1", "relation id", "accepted is 1 to 2"]),
        ([*before, "--data.train", one, "--data.test", other], ["Zeal.parquet has other relations", "AtLocation"]),
        ([*before, "--data.train", far], ["far.tsv:1", "outside the 3 nodes"]),
        ([*on_graphs, "--model.att_type", "dense"], ["att_type", "edge_as_att"]),
        ([*on_graphs, "--model.graph_encoder", "rgcn"], ["HybridClassifier", "graph_encoder", "att_type"]),
        ([*on_graphs, "--model.num_graph_layers", "9"], ["num_graph_layers 9", "1 to 2"]),
        ([*on_graphs, "--model.concept_embeddings", "file"], ["concept_vectors"]),
        ([*on_graphs, "--model.concept_vectors", "nowhere.txt"], ["concept_embeddings subwords", "nowhere.txt"]),
        (
            [*on_graphs, "--model.concept_embeddings", "file", "--model.concept_vectors", "nowhere.txt"],
            ["nowhere.txt does not exist", "word2vec"],
        ),
    ]
    for args, words in cases:
        error = command_line.refused("fit", *args)
        assert all(word in error for word in words), error
        assert not (tmp_path / "results" / "gatbert" / "v1" / "checkpoints").exists()


def test_a_checkpoint_refuses_other_relations_and_says_which(
    command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    own = write_corpus(tmp_path / "own.parquet", RELATIONS, num_texts=20)
    splits = ["--data", "SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64"]
    args = [*training_arguments(encoder, tmp_path / "results"), "--classifier", path_of("ExternalClassifier"), *splits]
    command_line("fit", *args, "--data.train", own, "--data.val_fraction", "0.3", "--trainer.max_epochs", "1")
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    other = write_corpus(tmp_path / "other.parquet", vocabulary(["AtLocation", "Causes", "RelatedTo"]))
    error = command_line.refused("test", "--ckpt_path", checkpoint, *splits, "--data.test", other, *again)
    assert "relation 3 is 'AtLocation' in the data and 'Causes' in" in error
    assert "gatbert tag --graph" in error
    assert "test_macro_f1" in command_line("test", "--ckpt_path", checkpoint, *splits, "--data.test", own, *again)


def test_a_loaded_checkpoint_tags_texts_itself(command_line: CommandLine, encoder: str, tmp_path: Path) -> None:
    facts = [("wind power", "Causes", "noise"), ("noise", "Causes", "harm"), ("zoo", "AtLocation", "city")]
    graph = graph_of(tmp_path, facts)
    posts = [f"{i},{i} times the zoo means harm,wind power,{'favor' if i % 2 else 'against'}" for i in range(12)]
    (tmp_path / "posts.csv").write_text("\n".join(["id,text,target,stance", *posts]) + "\n")
    command_line("tag", "--graph", graph.folder, "--output", tmp_path / "out", "--train", tmp_path / "posts.csv")
    data = ["--data.train", tmp_path / "out" / "train.parquet", "--data.val_fraction", "0.4"]
    splits = ["--data", "SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64", *data]
    args = [*training_arguments(encoder, tmp_path / "results"), "--classifier", path_of("HybridClassifier"), *splits]
    command_line("fit", *args, "--trainer.max_epochs", "1", "--data.stances", "[against, favor]")
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    moved = graph.folder.rename(tmp_path / "moved")
    with pytest.raises(UserError, match=r"is not here; give load\(..., graph=FOLDER\)"):
        gatbert.load(checkpoint)
    model = gatbert.load(checkpoint, graph=moved)
    moved.rename(graph.folder)
    linked, same = (
        model.predict(["the zoo means harm"], "wind power")[0] for model in (model, gatbert.load(checkpoint))
    )
    assert linked == same
    assert sum(linked.values()) == pytest.approx(1, abs=1e-5)
    assert model.tag is not None
    model.tag = None
    with pytest.raises(UserError, match="has no graph"):
        model.predict(["the zoo means harm"], "wind power")
    (tmp_path / "else").mkdir()
    with pytest.raises(UserError, match=rf"else.* has the checksum .*{graph.checksum[:12]}"):
        gatbert.load(checkpoint, graph=graph_of(tmp_path / "else", [("a", "IsA", "b")]).folder)


@pytest.mark.slow
def test_a_loaded_checkpoint_tags_and_changes_texts_as_its_training_corpus_was(
    command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    facts = [("wind power", "Causes", "noise"), ("noise", "Causes", "harm"), ("zoo", "AtLocation", "city")]
    graph = graph_of(tmp_path, facts)
    posts = [
        f"{i},{i} times noise means harm to the zoo,wind power,{('favor', 'against', 'neutral')[i % 3]}"
        for i in range(18)
    ]
    (tmp_path / "posts.csv").write_text("\n".join(["id,text,target,stance", *posts]) + "\n")
    how = ["--sampling", "naive", "--max_concepts", "2", "--linking.degree_cap", "9", "--vocabulary", "train"]
    (tmp_path / "new.csv").write_text("id,text,target,stance\nnew,a new noise,wind power,favor\n")
    files = ["--train", tmp_path / "posts.csv", "--test", tmp_path / "new.csv"]
    command_line("tag", "--graph", graph.folder, "--output", tmp_path / "out", *files, *how)
    tagged = tmp_path / "out" / "train.parquet"
    splits = ["--data", "SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64"]
    data = [*splits, "--data.train", tagged, "--data.val_fraction", "0.4", "--data.test", "null"]
    args = [*training_arguments(encoder, tmp_path / "results"), "--classifier", path_of("HybridClassifier")]
    changes = ["--data.transforms", "[cls_global_edges]", "--trainer.max_epochs", "1"]
    command_line("fit", *args, *data, *changes)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    command_line("predict", "--ckpt_path", checkpoint, *splits, "--data.predict", tagged, *again)
    with (tmp_path / "again" / "gatbert" / "version_0" / "predictions.predict.csv").open(newline="") as file:
        expected = [[float(row[f"prob_{s}"]) for s in ("against", "favor", "neutral")] for row in csv.DictReader(file)]
    texts = [post.split(",")[1] for post in posts]
    found = gatbert.load(checkpoint).predict(texts, "wind power")
    np.testing.assert_allclose([list(one.values()) for one in found], expected, atol=1e-6)

    command_line("tag", "--graph", graph.folder, "--output", tmp_path / "other", "--train", tmp_path / "posts.csv")
    other = tmp_path / "other" / "train.parquet"
    error = command_line.refused("test", "--ckpt_path", checkpoint, *splits, "--data.test", other, *again)
    assert "tagged otherwise than these data" in error
    assert "linking.degree_cap 9 and 0" in error


def test_a_classifier_of_ones_own_is_handed_the_relations_and_the_size_of_vectors(
    command_line: CommandLine, encoder: str, synthetic: Path, tmp_path: Path
) -> None:
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("harbour 1 0 2\ndamage 0.5 -1 3\n")
    own = ["--classifier", "tests.classifiers.BagOfConcepts"]
    options = ["--model.concept_embeddings", "file", "--model.concept_vectors", vectors]
    args = [*training_arguments(encoder, tmp_path / "results"), "--data", synthetic, "--trainer.max_epochs", "1"]
    command_line("fit", *args, *own, *options, "--model.classifier_args", "{depth: 1}")
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    recipe = Recipe.read(checkpoint)
    assert recipe.relations == RELATIONS
    assert recipe.concept_vector_size == 3
    assert recipe.classifier_options == {"depth": 1, "concept_embeddings": "file", "concept_vectors": str(vectors)}
    again = ["--trainer.accelerator", "cpu", "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    assert "test_macro_f1" in command_line("test", "--ckpt_path", checkpoint, "--data", synthetic, *own, *again)
    rebuilt = build_classifier(
        BagOfConcepts, build_encoder(recipe.encoder_config), 3, recipe.relations, recipe.classifier_options
    )
    assert rebuilt.relations == RELATIONS
    check_shapes(rebuilt, weights(read_checkpoint(checkpoint), CLASSIFIER, checkpoint), checkpoint)


@pytest.mark.slow
def test_vectors_are_needed_where_concepts_are_looked_up_and_may_lie_elsewhere(
    command_line: CommandLine, encoder: str, tmp_path: Path
) -> None:
    graph = graph_of(tmp_path, [("wind power", "Causes", "noise"), ("noise", "Causes", "harm")])
    posts = [f"{i},{i} times noise means harm,wind power,{('favor', 'against', 'neutral')[i % 3]}" for i in range(12)]
    (tmp_path / "posts.csv").write_text("\n".join(["id,text,target,stance", *posts]) + "\n")
    command_line("tag", "--graph", graph.folder, "--output", tmp_path / "out", "--train", tmp_path / "posts.csv")
    vectors = tmp_path / "vectors.txt"
    vectors.write_text("noise 1 0 2\nharm 0.5 -1 3\n")
    splits = ["--data", "SplitDataModule", "--data.corpus_type", "graph", "--data.max_length", "64"]
    data = [*splits, "--data.train", tmp_path / "out" / "train.parquet", "--data.val_fraction", "0.4"]
    args = [*training_arguments(encoder, tmp_path / "results"), "--classifier", path_of("ExternalClassifier"), *data]
    kge = ["--model.concept_embeddings", "file", "--model.concept_vectors", vectors, "--trainer.max_epochs", "1"]
    command_line("fit", *args, *kge)
    checkpoint = tmp_path / "results" / "gatbert" / "v1" / "checkpoints" / "last.ckpt"
    before = gatbert.load(checkpoint).predict("noise means harm", "wind power")
    elsewhere = vectors.rename(tmp_path / "elsewhere.txt")
    model = gatbert.load(checkpoint)
    with pytest.raises(UserError, match=r"vectors\.txt does not exist"):
        model.predict("noise means harm", "wind power")
    moved = gatbert.load(checkpoint, concept_vectors=str(elsewhere)).predict("noise means harm", "wind power")
    assert moved == before
    test = ["--data.test", tmp_path / "out" / "train.parquet", "--trainer.accelerator", "cpu"]
    again = [*splits, *test, "--trainer.logger.init_args.save_dir", tmp_path / "again"]
    assert "vectors.txt does not exist" in command_line.refused("test", "--ckpt_path", checkpoint, *again)
    where = ["--model.concept_vectors", elsewhere]
    assert "test_macro_f1" in command_line("test", "--ckpt_path", checkpoint, *again, *where)
    elsewhere.write_text("noise 1 0 2\nharm 0.5 -1 4\n")
    assert "was trained with" in command_line.refused("test", "--ckpt_path", checkpoint, *again, *where)
