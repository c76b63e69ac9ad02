"""The folder of an export has all that its classifier needs, whatever it reads."""

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import gatbert
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.errors import UserError
from gatbert.exports import Choices, Extras, export_model
from gatbert.files.manifest import MANIFEST
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.concept_vectors import write_vectors
from gatbert.predictor import StancePredictor
from gatbert.pretrained.adapters import Lora
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.stance_classifier import (
    ConcatClassifier,
    ExternalClassifier,
    HybridClassifier,
    StanceClassifier,
    TextClassifier,
)
from tests.exports.made import graph_logits, predicted, write_checkpoint
from tests.graphs import RELATIONS
from tests.knowledge.dump import graph_of
from tests.tiny import save_encoder

READING_GRAPHS = [ExternalClassifier, ConcatClassifier, HybridClassifier]


@pytest.fixture
def own_encoder(tmp_path: Path) -> str:
    """An encoder that a test may remove."""
    return save_encoder(tmp_path / "encoder")


@pytest.mark.parametrize("lora", [None, Lora(rank=2)], ids=["whole", "lora"])
@pytest.mark.parametrize("classifier", [TextClassifier, *READING_GRAPHS])
def test_it_gives_the_same_numbers_without_base_weights(
    classifier: type[StanceClassifier], lora: Lora | None, own_encoder: str, tmp_path: Path
) -> None:
    relations = None if classifier is TextClassifier else RELATIONS
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", own_encoder, classifier, relations, lora=lora)
    wanted = graph_logits(StancePredictor.from_checkpoint(checkpoint))
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    shutil.rmtree(own_encoder)
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    found = graph_logits(StancePredictor.from_checkpoint(tmp_path / "elsewhere"))
    torch.testing.assert_close(found, wanted, rtol=0, atol=1e-6 if lora is None else 1e-5)
    assert Recipe.read(tmp_path / "elsewhere").adapter is None
    assert wanted.std(0).min() > 1e-3


def test_what_two_parts_share_is_written_once(own_encoder: str, tmp_path: Path) -> None:
    checkpoint = write_checkpoint(tmp_path / "a.ckpt", own_encoder, ConcatClassifier, RELATIONS)
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    copies = json.loads((tmp_path / "out" / MANIFEST).read_text())["copies"]
    words = "embeddings.word_embeddings.weight"
    assert copies[f"classifier.concept_layers.{words}"] == f"classifier.encoder.{words}"
    before, after = (read_checkpoint(path)["state_dict"] for path in (checkpoint, tmp_path / "out"))
    assert after.keys() == before.keys()


@pytest.fixture
def graph(tmp_path: Path) -> KnowledgeGraph:
    """A small graph."""
    return graph_of(tmp_path, [("wind power", "Causes", "noise"), ("zoo", "HasA", "animal"), ("tax", "IsA", "cost")])


def of_graph(path: Path, encoder: str, graph: KnowledgeGraph, **options: Any) -> Path:
    """Write the checkpoint of a classifier that was trained on a corpus tagged with a graph."""
    info = GraphCorpusInfo(graph.relations, graph.checksum, str(graph.folder))
    return write_checkpoint(path, encoder, HybridClassifier, graph.relations, tagging=info, **options)


def test_the_graph_goes_along(own_encoder: str, graph: KnowledgeGraph, tmp_path: Path) -> None:
    write_vectors_of(tmp_path / "vectors")
    options = {"concept_embeddings": "file", "concept_vectors": str(tmp_path / "vectors")}
    checkpoint = of_graph(tmp_path / "a.ckpt", own_encoder, graph, **options)
    wanted = predicted(gatbert.load(checkpoint))
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras(with_graph=True))
    for path in (own_encoder, graph.folder, tmp_path / "vectors"):
        shutil.rmtree(path)
    shutil.move(tmp_path / "out", tmp_path / "elsewhere")
    torch.testing.assert_close(predicted(gatbert.load(tmp_path / "elsewhere")), wanted, rtol=0, atol=1e-6)
    card = (tmp_path / "elsewhere" / "README.md").read_text()
    assert f"(checksum {graph.checksum[:12]}), which is in this folder" in card
    assert 'gatbert.load("out")' in card
    flipped = tmp_path / "elsewhere" / "graph" / "weights.npy"
    content = flipped.read_bytes()
    flipped.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(UserError, match=r"graph/weights\.npy is not as it was written"):
        gatbert.load(tmp_path / "elsewhere")


def write_vectors_of(folder: Path) -> None:
    folder.mkdir()
    phrases = ["wind power", "noise", "zoo", "animal", "tax"]
    write_vectors(folder, phrases, np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32))


def test_the_graph_stays_where_it_is(own_encoder: str, graph: KnowledgeGraph, tmp_path: Path) -> None:
    checkpoint = of_graph(tmp_path / "a.ckpt", own_encoder, graph)
    wanted = predicted(gatbert.load(checkpoint))
    export_model(checkpoint, tmp_path / "out", "out", Choices(), Extras())
    torch.testing.assert_close(predicted(gatbert.load(tmp_path / "out")), wanted, rtol=0, atol=1e-6)
    moved = tmp_path / "moved"
    graph.folder.rename(moved)
    with pytest.raises(UserError, match=r"is not here; give load\(\.\.\., graph=FOLDER\)"):
        gatbert.load(tmp_path / "out")
    torch.testing.assert_close(predicted(gatbert.load(tmp_path / "out", graph=moved)), wanted, rtol=0, atol=1e-6)
    assert 'graph="FOLDER OF THE GRAPH"' in (tmp_path / "out" / "README.md").read_text()


def test_no_other_graph_goes_along(own_encoder: str, graph: KnowledgeGraph, tmp_path: Path) -> None:
    checkpoint = of_graph(tmp_path / "a.ckpt", own_encoder, graph)
    (tmp_path / "other").mkdir()
    other = graph_of(tmp_path / "other", [("wind power", "Causes", "harm")])
    with pytest.raises(UserError, match="the classifier was trained with"):
        export_model(checkpoint, tmp_path / "out", "out", Choices(graph=str(other.folder)), Extras(with_graph=True))
    text = write_checkpoint(tmp_path / "b.ckpt", own_encoder)
    with pytest.raises(UserError, match="with_graph: the classifier was trained on no corpus that gatbert tag tagged"):
        export_model(text, tmp_path / "out", "out", Choices(), Extras(with_graph=True))
    assert not (tmp_path / "out").exists()
    assert not list(tmp_path.glob(".out*"))
