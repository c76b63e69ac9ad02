"""Classifiers by their options: the arguments of the constructor beyond what the data decide."""

import inspect
from collections.abc import Mapping, Sequence
from typing import Any, cast

from jsonargparse import ArgumentError, ArgumentParser
from torch import nn
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.errors import UserError
from gatbert.pretrained.nli_head import NliHead, start_nli_head
from gatbert.ranges import check_ranges
from gatbert.samples import Relations
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier.base import StanceClassifier
from gatbert.stance_classifier.class_paths import class_path
from gatbert.stance_classifier.concept_sources import (
    preprocessor_arguments,
    start_projections,
    vector_options,
    vector_size,
    without_vectors,
)
from gatbert.stance_classifier.option_groups import ConceptVectorOptions

GIVEN = ("self", "encoder", "num_stances", "relations", "concept_vector_size")
"""Arguments of a constructor that are no options: encoder, data and files decide them."""


def resolve_options(classifier: type[StanceClassifier], given: Mapping[str, Any]) -> dict[str, Any]:
    """Check options against the constructor of a classifier and fill in its defaults.

    Args:
        classifier: The classifier.
        given: Options by name.

    Returns:
        All options, as plain values.

    Raises:
        UserError: If the classifier is abstract, does not take an option, or takes another type of value.
    """
    name = classifier.__name__
    if inspect.isabstract(classifier):
        raise UserError(f"classifier {class_path(classifier)} is abstract; give one of its subclasses")
    sources = (classifier, ConceptVectorOptions) if _takes(classifier, "concept_vector_size") else (classifier,)
    takes = [option for one in sources for option in inspect.signature(one.__init__).parameters if option not in GIVEN]
    if unknown := sorted(set(given) - set(takes)):
        raise UserError(f"{name} takes no option {', '.join(unknown)}; it takes {', '.join(takes) or 'none'}")
    parser = ArgumentParser(exit_on_error=False)
    for one in sources:
        parser.add_class_arguments(one, skip=set(GIVEN))
    try:
        options = dict(parser.parse_object(dict(given)).as_dict())
    except ArgumentError as error:
        raise UserError(f"an option of {name} has a wrong value: {' '.join(str(error).split())}") from error
    check_ranges(classifier.__init__, options)
    return options


def with_reader(options: Mapping[str, Any], pretrained_model: str) -> dict[str, Any]:
    """Return options in which the encoder that reads definitions is named: the pretrained one, unless another is."""
    reads = options.get("concept_embeddings") == "definition" and options.get("concept_vectors") is None
    return {**options, "concept_vectors": pretrained_model} if reads else dict(options)


def reads_graph(classifier: type[StanceClassifier]) -> bool:
    """Tell whether a classifier reads a graph: its constructor then takes the relations."""
    return _takes(classifier, "relations")


def _takes(classifier: type[StanceClassifier], argument: str) -> bool:
    return argument in inspect.signature(classifier.__init__).parameters


def build_classifier(
    classifier: type[StanceClassifier],
    encoder: PreTrainedModel,
    num_stances: int,
    relations: Relations | None,
    options: Mapping[str, Any],
    concept_vector_size: int | None = None,
) -> StanceClassifier:
    """Build a classifier.

    Args:
        classifier: Which.
        encoder: Pretrained text encoder.
        num_stances: Size of the label set.
        relations: Relations of the data; ``None`` if they have no graphs.
        options: All its options.
        concept_vector_size: Size of the vectors of concepts, where it is known: they are then not opened.

    Raises:
        UserError: If it reads a graph and the data have none, or there are no vectors where the options say.
    """
    arguments = dict(options)
    if reads_graph(classifier):
        if relations is None:
            raise UserError(
                f"{classifier.__name__} reads a graph, and the corpus has none; tag it with gatbert tag, then give "
                "--data.corpus_type graph and the tagged files (see configs/graph_data.yaml)"
            )
        arguments["relations"] = relations
    if _takes(classifier, "concept_vector_size"):
        vectors = vector_options(arguments)
        arguments = without_vectors(arguments) | {"concept_vector_size": vector_size(vectors, concept_vector_size)}
        built = classifier(encoder, num_stances, **arguments)
        start_projections(built, cast(nn.Embedding, encoder.get_input_embeddings()), vectors)
        return built
    return classifier(encoder, num_stances, **arguments)


def build_started(
    classifier: type[StanceClassifier],
    encoder: PreTrainedModel,
    pretrained_model: str,
    stances: Sequence[str],
    relations: Relations | None,
    options: Mapping[str, Any],
) -> StanceClassifier:
    """Build a classifier whose head starts as that of the pretrained model, where its options ask for it.

    Arguments and errors as in ``build_classifier`` and ``start_nli_head``.
    """
    built = build_classifier(classifier, encoder, len(stances), relations, options)
    if isinstance(head := getattr(built, "head", None), NliHead):
        start_nli_head(head, encoder, pretrained_model, stances)
    return built


def build_preprocessor(
    classifier: type[StanceClassifier],
    tokenizer: Tokenizer,
    max_length: int | None,
    options: Mapping[str, Any],
    pair: PairSettings | None = None,
    reader_sha256: str | None = None,
) -> Preprocessor:
    """Build the preprocessor of a classifier, with those of its options that the preprocessor takes too.

    Vectors of concepts are opened when the preprocessor first looks one up: a model can be loaded where they are not.

    Args:
        classifier: Which.
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a sample; ``None`` for the tokenizer's own limit.
        options: All its options.
        pair: What is read of a sample as text; by default target and text.
        reader_sha256: Checksum that the encoder of definitions must have, if that is known.

    Raises:
        UserError: If the classifier does not read what is asked for.
    """
    takes = inspect.signature(classifier.preprocessor).parameters
    given = {**without_vectors(options), **preprocessor_arguments(options, reader_sha256)}
    shared = {name: value for name, value in given.items() if name in takes}
    if pair is not None and pair.reads_concepts and reads_graph(classifier):
        raise UserError(
            f"{classifier.__name__} reads no background {pair.background}, as it reads concepts as a graph; give "
            "--classifier Text, or --data.background text"
        )
    if "pair" in takes:
        shared["pair"] = pair
    elif pair not in (None, PairSettings()):
        raise UserError(
            f"the preprocessor of {classifier.__name__} takes no pair: it reads target and text, and neither templates "
            "nor a background; leave them out"
        )
    return classifier.preprocessor(tokenizer, max_length, **shared)
