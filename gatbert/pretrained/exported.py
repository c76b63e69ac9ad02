"""An exported model: weights in safetensors, a tokenizer, and in JSON what a checkpoint says about itself.

``model.safetensors`` and ``config.json`` are what transformers loads: the encoder, maybe with a head of its family.
``gatbert.safetensors`` has all other weights, and ``gatbert.json`` says how they go together. An export may come from a
stranger: each file is compared with its size and checksum, and none of them can run code.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from gatbert.errors import UserError
from gatbert.files.documents import read_json
from gatbert.files.manifest import MANIFEST, ListedFile, check_listed
from gatbert.files.records import from_plain, to_plain
from gatbert.pretrained.weights import ENCODER

FORMAT_VERSION = 1

MODEL, OTHER_WEIGHTS = "model.safetensors", "gatbert.safetensors"
TOKENIZER_FILES = ("tokenizer.json", "tokenizer_config.json")
GRAPH, CONCEPT_VECTORS = "graph", "concept_vectors"
"""Folders in an export that may hold what is elsewhere otherwise."""

REMEDY = "get it again, or export the model again"


@dataclass(frozen=True)
class Manifest:
    """Hold what ``gatbert.json`` says.

    Attributes:
        gatbert: Version of gatbert that wrote it.
        recipe: How to rebuild the classifier, in the plain form of a ``Recipe``; its tokenizer is in files beside it.
        encoder_prefix: What the names of the encoder's weights begin with in ``model.safetensors``.
        for_transformers: Other weights there, which are the head as transformers computes it.
        copies: Weights that are others as well, each with the name of that other.
        files: All files but this one and the model card.
    """

    gatbert: str
    recipe: Mapping[str, Any]
    encoder_prefix: str
    for_transformers: tuple[str, ...]
    copies: Mapping[str, str]
    files: Mapping[str, ListedFile]

    def to_plain(self) -> dict[str, Any]:
        """Return the manifest as plain values."""
        return {"format_version": FORMAT_VERSION, **to_plain(self)}


def read_export(folder: Path) -> tuple[dict[str, Any], dict[str, Tensor]]:
    """Return the recipe in an export, in plain form, and the weights by the names that checkpoints have for them.

    A graph in the export, and vectors of concepts, are found there.

    Raises:
        UserError: If a file is missing, cut short, changed, or no such file.
    """
    manifest = _read_manifest(folder)
    check_listed(folder, manifest.files, REMEDY)
    recipe = {**manifest.recipe, "tokenizer": {name: _text(folder / name) for name in TOKENIZER_FILES}}
    inside = {name.partition("/")[0] for name in manifest.files if "/" in name}
    for kind, (section, name) in {
        GRAPH: ("tagging", "graph"),
        CONCEPT_VECTORS: ("classifier_options", "concept_vectors"),
    }.items():
        if kind in inside and isinstance(recipe.get(section), dict):
            recipe[section] = {**recipe[section], name: str(folder / kind)}
    return recipe, _weights(folder, manifest)


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    values = read_json(path)
    if (version := values.pop("format_version", None)) != FORMAT_VERSION:
        raise UserError(
            f"{path} has export format {str(version)[:20]}; this gatbert reads {FORMAT_VERSION}; {REMEDY}, or use the "
            "version that wrote it"
        )
    manifest = from_plain(Manifest, values, str(path))
    for name in (MODEL, *TOKENIZER_FILES):
        if name not in manifest.files:
            raise UserError(f"{path} is damaged: it names no {name}; {REMEDY}")
    return manifest


def _weights(folder: Path, manifest: Manifest) -> dict[str, Tensor]:
    """Return all weights by the names that checkpoints have for them."""
    prefix = manifest.encoder_prefix
    found = {
        f"{ENCODER}{name.removeprefix(prefix)}": weight
        for name, weight in _tensors(folder / MODEL).items()
        if name not in manifest.for_transformers
    }
    if OTHER_WEIGHTS in manifest.files:
        found |= _tensors(folder / OTHER_WEIGHTS)
    for name, other in manifest.copies.items():
        if other not in found:
            raise UserError(f"{folder / MANIFEST} is damaged: there is no weight {other[:60]!r}; {REMEDY}")
        found[name] = found[other]
    return found


def _tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (SafetensorError, OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: it is no safetensors file; {REMEDY}") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except ValueError as error:
        raise UserError(f"{path} is no UTF-8; {REMEDY}") from error
