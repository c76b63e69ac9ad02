"""The folder of an exported model: what is in it, and how it is written."""

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from safetensors.torch import save_file
from torch import Tensor

from gatbert.errors import UserError
from gatbert.exports.family_head import labelled
from gatbert.exports.hub_model import CODE, HubModel
from gatbert.exports.source import Opened
from gatbert.files.manifest import MANIFEST, listed_files
from gatbert.knowledge import KnowledgeGraph
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.knowledge.graph_files import ARRAYS, META, graph_checksum
from gatbert.pretrained.checkpoints import Recipe
from gatbert.pretrained.exported import CONCEPT_VECTORS, GRAPH, MODEL, OTHER_WEIGHTS, Manifest
from gatbert.pretrained.weights import ENCODER
from gatbert.version import __version__

CARD = "README.md"


def write_model(folder: Path, opened: Opened, model: HubModel) -> Manifest:
    """Write weights, configuration and tokenizer into a folder that exists, and return what they are.

    Args:
        folder: The folder.
        opened: The classifier.
        model: What transformers loads of it.

    Returns:
        The manifest, as yet without files.
    """
    for name, text in opened.recipe.tokenizer.items():
        (folder / name).write_text(text, encoding="utf-8")
    config = labelled(model.model.config, opened.recipe.stances)
    config.architectures = [type(model.model).__name__]
    config.save_pretrained(folder)
    if model.own_code:
        shutil.copyfile(CODE, folder / CODE.name)
    whole, prefix = model.model.state_dict(), model.encoder_prefix
    head = tuple(name for name in whole if f"{ENCODER}{name.removeprefix(prefix)}" not in opened.weights)
    _save(whole, folder / MODEL)
    others = {name: weight for name, weight in opened.weights.items() if not name.startswith(ENCODER)}
    copies = _copies(others, opened.weights)
    if others := {name: weight for name, weight in others.items() if name not in copies}:
        _save(others, folder / OTHER_WEIGHTS)
    recipe = {name: value for name, value in opened.recipe.to_plain().items() if name != "tokenizer"}
    return Manifest(__version__, recipe, prefix, head, copies, {})


def write_knowledge(folder: Path, recipe: Recipe, graph: str | Path | None, vectors: str | None) -> None:
    """Copy the knowledge graph, and vectors of concepts where there are any, into the folder of an export.

    Args:
        folder: The folder.
        recipe: What the classifier says of both.
        graph: Where the graph is by now.
        vectors: Where the vectors are by now.

    Raises:
        UserError: If the classifier reads no concepts, or the graph or vectors are not there, others, or damaged.
    """
    if recipe.tagging is None:
        raise UserError("with_graph: the classifier was trained on no corpus that gatbert tag tagged; leave it out")
    found = KnowledgeGraph(recipe.tagging.graph if graph is None else graph)
    if found.checksum != recipe.tagging.graph_checksum:
        raise UserError(
            f"with_graph: {found.folder} has the checksum {found.checksum[:12]}, and the classifier was trained with "
            f"{recipe.tagging.graph_name()}; give that graph (--graph)"
        )
    (folder / GRAPH).mkdir()
    for name in (META, *(f"{name}.npy" for name in ARRAYS)):
        shutil.copyfile(found.folder / name, folder / GRAPH / name)
    if graph_checksum(folder / GRAPH) != found.checksum:
        raise UserError(f"with_graph: {found.folder} is damaged: its arrays have another checksum; build it again")
    source = recipe.vectors_source("the checkpoint", vectors)
    if source is not None and recipe.classifier_options.get("concept_embeddings") != "definition":
        (folder / CONCEPT_VECTORS).mkdir()
        ConceptVectors(source).copy_to(folder / CONCEPT_VECTORS)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest over all files that stand in the folder by then; the model card may be changed later."""
    whole = replace(manifest, files=listed_files(folder, leave_out=(CARD,)))
    text = json.dumps(whole.to_plain(), indent=1, ensure_ascii=False)
    (folder / MANIFEST).write_text(f"{text}\n", encoding="utf-8")


def _save(weights: Mapping[str, Tensor], path: Path) -> None:
    """Write weights; those that share their memory are written once each, as safetensors asks for."""
    own = {name: weight.detach().cpu().clone().contiguous() for name, weight in weights.items()}
    save_file(own, path, {"format": "pt"})


def _copies(others: Mapping[str, Tensor], weights: Mapping[str, Tensor]) -> dict[str, str]:
    """Return which of some weights are the same in memory as one before, each with its name."""
    first: dict[Any, str] = {}
    for name in sorted(weights, key=lambda name: (not name.startswith(ENCODER), name)):
        weight = weights[name]
        first.setdefault((weight.data_ptr(), weight.shape, weight.stride(), weight.dtype), name)
    found = {
        name: first[weight.data_ptr(), weight.shape, weight.stride(), weight.dtype] for name, weight in others.items()
    }
    return {name: other for name, other in found.items() if other != name}
