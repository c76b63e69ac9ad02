"""From a run folder, a checkpoint or an export to a classifier that predicts."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import torch

from gatbert.errors import UserError
from gatbert.knowledge import KnowledgeGraph
from gatbert.predictor.predictor import StancePredictor
from gatbert.predictor.sources import checkpoint_of
from gatbert.pretrained.checkpoints import Recipe
from gatbert.samples import Sample
from gatbert.stance_classifier import StanceClassifier
from gatbert.tagging.build import build_tagger


def load(
    source: str | Path,
    graph: str | Path | None = None,
    classifier: str | type[StanceClassifier] | None = None,
    concept_vectors: str | None = None,
    pretrained_model: str | None = None,
    device: str = "auto",
) -> StancePredictor:
    """Load a trained classifier; needs no network but for the hub and, but for an adapter (lora), no base weights.

    Texts are tagged and changed just as the training corpus was, with the very graph.

    Args:
        source: A run folder, whose best checkpoint is taken, as ``test`` takes it; a checkpoint, a ``.ckpt`` file; an
            exported folder; or the id of an export on the hub of Hugging Face, such as OWNER/NAME.
        graph: Folder of the knowledge graph with which texts are tagged, for classifiers that read concepts; by default
            the one with which the training corpus was tagged, where it was.
        classifier: Class or class path of the classifier, if it is not of gatbert: a checkpoint alone imports nothing.
        concept_vectors: Where the vectors of concepts, or the encoder of definitions, are, if no longer where they were
            in training.
        pretrained_model: Where the encoder of an adapter is, if no longer where it was in training.
        device: Where it computes, as torch names it: cpu, cuda, cuda:1; by default (auto) on a GPU, if there is one.

    Raises:
        UserError: If there is no such model, or it is damaged or not of gatbert, its classifier is another or not
            named, the graph, or the encoder of an adapter, is missing or another one, or there is no such device.
    """
    where = device_of(device)
    checkpoint = checkpoint_of(source)
    predictor = StancePredictor.from_checkpoint(checkpoint, classifier, concept_vectors, pretrained_model)
    predictor.classifier.to(where)
    recipe = predictor.recipe
    if recipe is None or not recipe.reads_concepts:
        return predictor
    return replace(predictor, tag=_tagger(recipe, checkpoint, graph))


def device_of(name: str) -> torch.device:
    """Return the device of a name.

    Raises:
        UserError: If there is none.
    """
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(0, device=device)  # says whether it is there
    except (RuntimeError, AssertionError, NotImplementedError) as error:
        reason = str(error).strip().splitlines()[0]
        raise UserError(
            f"device {name!r} cannot be used ({reason[:120]}); accepted are auto, cpu, cuda, cuda:1"
        ) from error
    return device


def _tagger(recipe: Recipe, checkpoint: str | Path, folder: str | Path | None) -> Callable[[Sample], Sample]:
    """Return what gives a sample its graph, as the samples of training got theirs."""
    info = recipe.tagging
    if info is None:
        raise UserError(
            f"the classifier of {checkpoint} reads concepts, and its training corpus was not tagged by gatbert tag: "
            "raw texts cannot be tagged as it was; predict tagged files with gatbert predict"
        )
    if folder is None and not Path(info.graph).is_dir():
        raise UserError(
            f"the classifier of {checkpoint} reads concepts, and {info.graph} is not here; give load(..., graph=FOLDER)"
        )
    graph = KnowledgeGraph(info.graph if folder is None else folder)
    tagger = build_tagger(info, graph)
    return lambda sample: tagger.tag(sample).sample
