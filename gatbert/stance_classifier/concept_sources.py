"""Where the vectors that stand for concepts come from, by the options of a classifier."""

from collections.abc import Mapping
from dataclasses import fields
from functools import partial
from typing import Any

from torch import nn

from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.nn.node_embeddings import NodeEmbeddings
from gatbert.pretrained.text_reader import TextReader, open_reader
from gatbert.stance_classifier.option_groups import ConceptVectorOptions

OPTION_NAMES = tuple(field.name for field in fields(ConceptVectorOptions))


def vector_options(options: Mapping[str, Any]) -> ConceptVectorOptions:
    """Return what the options of a classifier say about vectors of concepts."""
    return ConceptVectorOptions(**{name: options[name] for name in OPTION_NAMES if name in options})


def without_vectors(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return all other options of a classifier."""
    return {name: value for name, value in options.items() if name not in OPTION_NAMES}


def open_vectors(vectors: ConceptVectorOptions) -> ConceptVectors | TextReader | None:
    """Open what gives the vectors of concepts, or return ``None`` if their subwords stand for them.

    Raises:
        UserError: If it is not where the options say.
    """
    if vectors.concept_vectors is None:
        return None
    return ConceptVectors(vectors.concept_vectors) if vectors.reader is None else open_reader(vectors.reader)


def vector_size(vectors: ConceptVectorOptions, known: int | None = None) -> int | None:
    """Return the size of the vectors of concepts, or ``None`` if there are none.

    Args:
        vectors: Where they are.
        known: Their size, where it is known: they are then not opened.
    """
    if known is not None and vectors.concept_vectors is not None:
        return known
    opened = open_vectors(vectors)
    return None if opened is None else opened.size


def preprocessor_arguments(options: Mapping[str, Any], reader_sha256: str | None = None) -> dict[str, Any]:
    """Return what a preprocessor takes to open vectors of concepts when it first looks one up.

    Args:
        options: Options of the classifier.
        reader_sha256: Checksum that the encoder of definitions must have, if that is known.
    """
    vectors = vector_options(options)
    if vectors.concept_vectors is None:
        return {}
    if vectors.reader is None:
        return {"concept_vectors": partial(ConceptVectors, vectors.concept_vectors)}
    return {"reader": partial(open_reader, vectors.reader, reader_sha256)}


def start_projections(classifier: nn.Module, words: nn.Embedding, options: ConceptVectorOptions) -> None:
    """Let the readings of definitions, if they stand for concepts, start as embeddings of the size of words."""
    if options.reader is not None:
        for module in classifier.modules():
            if isinstance(module, NodeEmbeddings):
                module.start_like_words(words)
