"""From a run to the folder of an exported model, which is there whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from gatbert.exports.card import Card, card_text
from gatbert.exports.folder import CARD, write_knowledge, write_manifest, write_model
from gatbert.exports.hub_model import HubModel, hub_model
from gatbert.exports.measured import Measured, read_ablation, read_measured
from gatbert.exports.onnx import OnnxModel, check_onnx, write_int8, write_onnx
from gatbert.exports.source import Opened, Source, find_source, open_source
from gatbert.files.paths import atomic_folder, resolve
from gatbert.stance_classifier import StanceClassifier

ABLATION = "ablation"
"""Folder in that of a run in which an ablation is looked for."""


@dataclass(frozen=True)
class Choices:
    """Say how a checkpoint is opened; see ``gatbert.commands.export``."""

    classifier: str | type[StanceClassifier] | None = None
    pretrained_model: str | None = None
    concept_vectors: str | None = None
    graph: str | None = None


@dataclass(frozen=True)
class Extras:
    """Say what goes into an export beside the model; see ``gatbert.commands.export``."""

    with_graph: bool = False
    onnx: bool = False
    onnx_int8: bool = False
    ablation: str | None = None
    language: Sequence[str] = ()
    license: str | None = None


def export_model(run: str | Path, folder: Path, name: str, choices: Choices, extras: Extras) -> HubModel:
    """Write an export.

    Args:
        run: Run folder or checkpoint.
        folder: The folder to write; it must not exist, or be empty.
        name: What the model is called in its card: the folder, or a repository of the hub.
        choices: How the checkpoint is opened.
        extras: What goes along.

    Returns:
        What transformers can load of it.

    Raises:
        UserError: If the checkpoint cannot be opened, or something that is asked for is not there.
    """
    source = find_source(run)
    opened = open_source(source, choices.classifier, choices.concept_vectors, choices.pretrained_model)
    if extras.onnx or extras.onnx_int8:
        check_onnx(opened.predictor)
    measured = read_measured(source)
    model = hub_model(opened.predictor)
    card = Card(name, opened, source, model, measured, language=_languages(extras, measured), license=extras.license)
    if (ablation := _ablation_folder(extras, source)) is not None:
        card = replace(card, ablation=read_ablation(ablation, opened.recipe, source.checkpoint))
    with atomic_folder(folder) as aside:
        manifest = write_model(aside, opened, model)
        if extras.with_graph:
            write_knowledge(aside, opened.recipe, choices.graph, choices.concept_vectors)
        onnx = _write_onnx(aside, opened, source, measured, extras)
        card = replace(card, onnx=onnx, has_graph=extras.with_graph)
        (aside / CARD).write_text(card_text(card), encoding="utf-8")
        write_manifest(aside, manifest)
    return model


def _write_onnx(
    folder: Path, opened: Opened, source: Source, measured: Measured | None, extras: Extras
) -> OnnxModel | None:
    """Write the forms in ONNX that are asked for."""
    if not (extras.onnx or extras.onnx_int8):
        return None
    found = write_onnx(folder, opened.predictor)
    if extras.onnx_int8:
        return replace(found, int8=write_int8(folder, opened.predictor, source, measured))
    return found


def _languages(extras: Extras, measured: Measured | None) -> Sequence[str]:
    """Return the languages that are told, or those of the samples that were predicted, where they name theirs."""
    if extras.language or measured is None:
        return extras.language
    return sorted({str(code) for code in measured.predictions.flags.get("language", ()) if code})


def _ablation_folder(extras: Extras, source: Source) -> Path | None:
    """Return where an ablation is: where the user says, or in the folder of the run."""
    if extras.ablation is not None:
        return resolve(extras.ablation)
    found = None if source.run is None or not source.is_best else source.run / ABLATION
    return found if found is not None and (found / "ablation.json").is_file() else None
