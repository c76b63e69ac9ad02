"""The options of classifiers as users give them, each once; what a classifier takes of them, its constructor says."""

from dataclasses import dataclass, fields
from typing import Any, Literal

from gatbert.errors import UserError
from gatbert.nn.attention_types import AttentionTypeName
from gatbert.nn.concept_encoder import GraphEncoderName
from gatbert.nn.relational_encoder import GraphGateName
from gatbert.ranges import Count, Dropout, PositiveInt

ConceptEmbedding = Literal["subwords", "file", "kge", "definition"]


@dataclass(frozen=True)
class ClassifierOptions:
    """Hold the options of all classifiers, of which each takes some; one that is ``None`` is not given.

    Attributes:
        pooling: State that goes to the head: the first token's, the last one's (of decoders), or the mean over tokens;
            beside a graph also that over tokens of the target, over concepts, or means over target, text and the
            concepts linked with each (seeds); of TextClassifier also nli, the head of a pretrained model of natural
            language inference itself.
        head_dropout: Dropout probability before each layer of the head, 0 to less than 1.
        head_layers: Layers of the head: 1 is linear, more have GELU between them.
        head_hidden_size: Size between layers of the head; by default that of what it reads.
        graph_encoder: Layers of External and Concat over concepts: relational attention, or a graph convolution.
        att_type: How typed edges enter attention.
        num_graph_layers: Layers that read the graph.
        num_bases: Matrices of which those of all relations are composed, in rel_mat and hetero.
        graph_gate: Whether tokens read the graph through a gate that is closed at the start (zero).
        graph_dropout: Probability that the tokens of a sample read no graph in a step of training; with gates alone.
        token_relation: Whether tokens, too, meet each other through a relation with parameters.
        max_concepts: Most concepts of a sample.
        concept_embeddings: What stands for a concept: its subwords, a vector from a file or of embed_graph (kge), or
            what an encoder reads in the concept and its definition.
        concept_vectors: File or folder of these vectors; for definition the encoder, by default pretrained_model.
        classifier_args: Options of a classifier of your own, checked against its constructor.
    """

    pooling: Literal["first", "last", "mean", "target", "concepts", "seeds", "nli"] | None = None
    head_dropout: Dropout | None = None
    head_layers: PositiveInt | None = None
    head_hidden_size: PositiveInt | None = None
    graph_encoder: GraphEncoderName | None = None
    att_type: AttentionTypeName | None = None
    num_graph_layers: PositiveInt | None = None
    num_bases: PositiveInt | None = None
    graph_gate: GraphGateName | None = None
    graph_dropout: Dropout | None = None
    token_relation: bool | None = None
    max_concepts: Count | None = None
    concept_embeddings: ConceptEmbedding | None = None
    concept_vectors: str | None = None
    classifier_args: dict[str, Any] | None = None


OPTION_NAMES = tuple(field.name for field in fields(ClassifierOptions))


@dataclass(frozen=True)
class ConceptVectorOptions:
    """Say what stands for a concept, in every classifier whose constructor takes ``concept_vector_size``.

    Attributes:
        concept_embeddings: What stands for a concept: the mean of its subwords, a vector from a file or of a
            knowledge-graph embedding, or the reading of the concept and its definition by a frozen encoder.
        concept_vectors: Where these vectors are, or the encoder.
    """

    concept_embeddings: ConceptEmbedding = "subwords"
    concept_vectors: str | None = None

    def __post_init__(self) -> None:
        needs, has = self.concept_embeddings in ("file", "kge"), self.concept_vectors is not None
        if (needs and not has) or (has and self.concept_embeddings == "subwords"):
            raise UserError(
                f"concept_embeddings {self.concept_embeddings} with concept_vectors {self.concept_vectors}: file and "
                "kge need concept_vectors, subwords has none"
            )

    @property
    def reader(self) -> str | None:
        """The encoder that reads definitions, if one does."""
        return self.concept_vectors if self.concept_embeddings == "definition" else None


def classifier_options(*values: Any, **named: Any) -> dict[str, Any]:
    """Return those of ``ClassifierOptions`` that are given, by name, ``classifier_args`` among the others."""
    given = {name: value for name, value in vars(ClassifierOptions(*values, **named)).items() if value is not None}
    own = given.pop("classifier_args", {})
    return {**given, **own}
