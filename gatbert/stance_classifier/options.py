"""Classifiers by their path and options: the arguments of the constructor beyond what the data decide."""

import importlib
import inspect
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Literal

from jsonargparse import ArgumentError, ArgumentParser
from transformers import PreTrainedModel
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Preprocessor
from gatbert.errors import UserError
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.concept_encoder import GraphEncoderName
from gatbert.ranges import Count, Dropout, PositiveInt, check_ranges
from gatbert.samples import Relations
from gatbert.stance_classifier.base import StanceClassifier

ConceptEmbedding = Literal["subwords", "file", "kge"]

GIVEN = ("self", "encoder", "num_stances", "relations", "concept_vector_size")
"""Arguments of a constructor that are no options: encoder, data and files decide them."""


@dataclass(frozen=True)
class ClassifierOptions:
    """Hold the options of all classifiers, of which each takes some; one that is ``None`` is not given.

    Attributes:
        pooling: State that goes to the head: the first token's, the mean over tokens, or, beside a graph, means over
            target, text and the concepts linked with each (seeds).
        head_dropout: Dropout probability before the head, 0 to less than 1.
        graph_encoder: Layers of External and Concat over concepts: relational attention, or a graph convolution.
        att_type: How typed edges enter attention.
        num_graph_layers: Layers that read the graph.
        max_concepts: Most concepts of a sample.
        concept_embeddings: What stands for a concept: its subwords, or a vector from a file or of embed_graph (kge).
        concept_vectors: File or folder of these vectors.
        classifier_args: Options of a classifier of your own, checked against its constructor.
    """

    pooling: Literal["first", "mean", "seeds"] | None = None
    head_dropout: Dropout | None = None
    graph_encoder: GraphEncoderName | None = None
    att_type: AttentionTypeName | None = None
    num_graph_layers: PositiveInt | None = None
    max_concepts: Count | None = None
    concept_embeddings: ConceptEmbedding | None = None
    concept_vectors: str | None = None
    classifier_args: dict[str, Any] | None = None


OPTION_NAMES = tuple(field.name for field in fields(ClassifierOptions))


@dataclass(frozen=True)
class ConceptVectorOptions:
    """Say what stands for a concept, in every classifier whose constructor takes ``concept_vector_size``.

    Attributes:
        concept_embeddings: What stands for a concept: the mean of its subwords, or a vector from a file or of a
            knowledge-graph embedding.
        concept_vectors: Where these vectors are.
    """

    concept_embeddings: ConceptEmbedding = "subwords"
    concept_vectors: str | None = None

    def __post_init__(self) -> None:
        if (self.concept_embeddings == "subwords") != (self.concept_vectors is None):
            raise UserError(
                f"concept_embeddings {self.concept_embeddings} with concept_vectors {self.concept_vectors}: file and "
                "kge need concept_vectors, subwords has none"
            )


def classifier_options(*values: Any, **named: Any) -> dict[str, Any]:
    """Return those of ``ClassifierOptions`` that are given, by name, ``classifier_args`` among the others."""
    given = {name: value for name, value in vars(ClassifierOptions(*values, **named)).items() if value is not None}
    own = given.pop("classifier_args", {})
    return {**given, **own}


def class_path(classifier: type[StanceClassifier]) -> str:
    """Return the import path of a classifier, the shortest public one for those of this package."""
    public = getattr(importlib.import_module("gatbert.stance_classifier"), classifier.__name__, None)
    module = "gatbert.stance_classifier" if public is classifier else classifier.__module__
    return f"{module}.{classifier.__qualname__}"


def known_classifiers() -> dict[str, type[StanceClassifier]]:
    """Return the classifiers of this package that can be trained, by class path."""
    found = vars(importlib.import_module("gatbert.stance_classifier")).values()
    classes = [one for one in found if isinstance(one, type) and issubclass(one, StanceClassifier)]
    return {class_path(one): one for one in classes if not inspect.isabstract(one)}


def full_path(name: str) -> str:
    """Return the class path of a classifier that may be named in short, as ``Hybrid`` or ``HybridClassifier``."""
    known = known_classifiers()
    short = {path.rpartition(".")[2].removesuffix("Classifier"): path for path in known}
    return short.get(name.removesuffix("Classifier"), name)


def classifier_of_checkpoint(
    path: str, checkpoint: str | Path, named: str | type[StanceClassifier] | None = None
) -> type[StanceClassifier]:
    """Return the classifier that a checkpoint asks for; nothing is imported because a checkpoint says so.

    Args:
        path: Class path in the checkpoint.
        checkpoint: The checkpoint, for errors.
        named: Classifier that the user has named, for one that is not of this package.

    Raises:
        UserError: If it is not of this package and the user has not named it, or has named another.
    """
    known = known_classifiers()
    chosen = import_classifier(full_path(named)) if isinstance(named, str) else named
    if chosen is not None and class_path(chosen) == path:
        return chosen
    if chosen is not None:
        raise UserError(f"{checkpoint} was trained with the classifier {path}, not with {class_path(chosen)}")
    if path not in known:
        raise UserError(
            f"{checkpoint} asks for the classifier {path}, which is not of gatbert; if you trust it, name it: "
            f"--classifier {path}, or gatbert.load(..., classifier={path!r})"
        )
    return known[path]


def import_by_path(path: str) -> Any:
    """Import what a dotted path names.

    Raises:
        ImportError: If there is no such module, or no such name in it.
    """
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (AttributeError, ValueError) as error:
        raise ImportError(str(error)) from error


def import_classifier(path: str) -> type[StanceClassifier]:
    """Import a classifier by its path.

    Raises:
        UserError: If it cannot be imported, or is no classifier.
    """
    try:
        found = import_by_path(path)
    except ImportError as error:
        raise UserError(
            f"classifier {path!r} cannot be imported ({error}); accepted are "
            f"{', '.join(known.rpartition('.')[2] for known in known_classifiers())}, and class paths, such as "
            "my_package.MyClassifier"
        ) from error
    if not (isinstance(found, type) and issubclass(found, StanceClassifier)):
        raise UserError(f"classifier {path!r} is not a subclass of gatbert.stance_classifier.StanceClassifier")
    return found


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
        names = [field.name for field in fields(ConceptVectorOptions) if field.name in arguments]
        source = ConceptVectorOptions(**{name: arguments.pop(name) for name in names}).concept_vectors
        if source is not None:
            arguments["concept_vector_size"] = concept_vector_size or ConceptVectors(source).size
    return classifier(encoder, num_stances, **arguments)


def build_preprocessor(
    classifier: type[StanceClassifier], tokenizer: Tokenizer, max_length: int | None, options: Mapping[str, Any]
) -> Preprocessor:
    """Build the preprocessor of a classifier, with those of its options that the preprocessor takes too.

    Vectors of concepts are opened when the preprocessor first looks one up: a model can be loaded where they are not.
    """
    takes = inspect.signature(classifier.preprocessor).parameters
    shared = {name: value for name, value in options.items() if name in takes}
    if (source := shared.get("concept_vectors")) is not None:
        shared["concept_vectors"] = partial(ConceptVectors, source)
    return classifier.preprocessor(tokenizer, max_length, **shared)
