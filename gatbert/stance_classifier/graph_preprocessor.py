"""What the graph classifiers share: how samples with graphs become index arrays."""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Encoded
from gatbert.batches.nodes import Ints, Nodes
from gatbert.batches.packed import TakeVectors
from gatbert.errors import UserError
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.pretrained.text_reader import TextReader
from gatbert.ranges import Count, check_ranges
from gatbert.samples import GraphSample, Sample
from gatbert.samples.pair_settings import PairSettings
from gatbert.samples.phrases import PhraseCache
from gatbert.stance_classifier.node_edges import hops_to_first_token, node_edges, node_groups
from gatbert.stance_classifier.pair_tokens import PairTokens
from gatbert.stance_classifier.readings import Readings
from gatbert.stance_classifier.sentence_pairs import CHUNK, SentencePairPreprocessor
from gatbert.stance_classifier.word_tokens import WordTokens

MAX_CONCEPTS = 128

CACHED_CONCEPTS = 1 << 18
"""Concepts whose subwords are remembered, in about 60 MB."""

logger = logging.getLogger("gatbert")


class GraphPreprocessor(SentencePairPreprocessor):
    """Encode what is read of a sample as text, and the graph as edges between tokens and concepts.

    Text that does not fit is cut from its end, with the edges of its words; concepts are cut from the far end of their
    order. An edge of a word goes to all of its tokens. What was cut is counted and logged.

    Args:
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a sentence pair, special ones included; ``None`` for the tokenizer's own limit.
        max_concepts: Most concepts of a sample.
        concept_vectors: Opens the vectors that stand for concepts, if there are any.
        reader: Opens the encoder whose reading of a concept and its definition stands for it, if there is one.
        pair: What is read of a sample as text.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        max_length: int | None = None,
        max_concepts: Count = MAX_CONCEPTS,
        concept_vectors: Callable[[], ConceptVectors] | None = None,
        reader: Callable[[], TextReader] | None = None,
        pair: PairSettings | None = None,
    ) -> None:
        super().__init__(tokenizer, max_length, pair)
        check_ranges(GraphPreprocessor.__init__, {"max_concepts": max_concepts})
        self.max_concepts: int = max_concepts
        self._open_vectors = concept_vectors
        self._readings = None if reader is None else Readings(reader)
        self._subwords = PhraseCache(self.subwords, CACHED_CONCEPTS)

    @cached_property
    def vectors(self) -> ConceptVectors | None:
        """The vectors, opened when they are first looked up: a model can be loaded where they are not."""
        return None if self._open_vectors is None else self._open_vectors()

    @property
    def take_vectors(self) -> TakeVectors | None:
        """Give the vectors of rows of the file of vectors, if there is one."""
        return None if self.vectors is None else self.vectors.take

    def settings(self) -> Mapping[str, Any]:
        """Return the tokenizer's whole definition, the limits, and which vectors are looked up."""
        vectors = None if self.vectors is None else self.vectors.identity
        reader = None if self._readings is None else self._readings.identity
        return {**super().settings(), "max_concepts": self.max_concepts, "vectors": vectors, "reader": reader}

    def encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        """Encode samples, with one call of the fast tokenizer for many texts and one for the concepts new in them.

        Each sample has the arrays ``input_ids`` and, for some encoders, ``token_type_ids`` ``(tokens,)``;
        ``concept_tokens``, the subwords of all its concepts, and ``concept_lengths`` ``(concepts,)``, how many each
        has; ``vector_rows``, if vectors stand for them, the row of each or ``NO_VECTOR`` ``(concepts,)``, in a file or
        in the ``vectors`` that all samples carry;
        ``hops_to_first_token`` ``(concepts,)``, how many steps of attention lie between each and the first token, or
        ``UNREACHABLE``; ``node_groups`` ``(tokens + concepts,)``; and ``edges`` ``(3, edges)``: node that attends, node
        that it attends to, relation, ascending, where tokens come before concepts.

        Raises:
            UserError: If a sample has no graph, or a target leaves no room for its text; or no definitions, which are
                to be read.
        """
        graphs = [_checked(sample) for sample in samples]
        encoded: list[Encoded] = []
        truncations = _TruncationCounter()
        tokens = self.tokenize(graphs)
        self.log_cuts(tokens)
        for start in range(0, len(graphs), CHUNK):
            chunk = slice(start, start + CHUNK)
            encoded += self._encode_chunk(graphs[chunk], tokens[chunk], truncations)
        truncations.log(len(graphs), self.max_length, self.max_concepts)
        return encoded if self._readings is None else self._readings.added(encoded, graphs)

    def _encode_chunk(
        self, samples: Sequence[GraphSample], tokens: Sequence[PairTokens], truncations: "_TruncationCounter"
    ) -> Iterator[Encoded]:
        """Encode some samples together, and count what did not fit."""
        concepts = [sample.concepts[: self.max_concepts] for sample in samples]
        subwords = self._tokenize_concepts(concepts)
        words = WordTokens.from_tokens(tokens, samples)
        # (samples,)
        num_concepts = np.array([len(some) for some in concepts])
        num_lost = words.num_lost(self.max_length)
        for sample, lost, kept in zip(samples, num_lost.tolist(), num_concepts.tolist(), strict=True):
            truncations.count(lost, len(sample.concepts) - kept)
        nodes = Nodes.from_counts(words.num_tokens, num_concepts)
        # (3, edges), and (nodes,) twice
        edges = node_edges(samples, words, nodes, num_concepts)
        hops = hops_to_first_token(nodes, edges)
        groups = node_groups(nodes, edges, words.groups)
        # (3, edges) of each sample
        own_edges = np.split(edges, np.searchsorted(edges[0], nodes.starts[1:]), axis=1)
        for index, (start, size) in enumerate(zip(nodes.starts.tolist(), nodes.sizes.tolist(), strict=True)):
            first_concept = start + int(nodes.num_tokens[index])
            arrays: dict[str, Ints] = {
                **tokens[index].arrays,
                "concept_tokens": np.concatenate([np.zeros(0, np.int32), *subwords[index]]),
                "concept_lengths": np.array([len(piece) for piece in subwords[index]], np.int32),
                "hops_to_first_token": hops[first_concept : start + size],
                "node_groups": groups[start : start + size],
                "edges": (own_edges[index] - np.array([[start], [start], [0]])).astype(np.int32),
            }
            if self.vectors is not None:
                arrays["vector_rows"] = self.vectors.rows(concepts[index])
            yield Encoded(arrays, size=size, cut="text" in tokens[index].cut)

    def _tokenize_concepts(self, concepts: Sequence[Sequence[str]]) -> list[list[Ints]]:
        """Return the subwords of each concept of each sample."""
        subwords = self._subwords.look_up(sorted({concept for some in concepts for concept in some}))
        return [[subwords[concept] for concept in some] for some in concepts]


def _checked(sample: Sample) -> GraphSample:
    """Return a sample that has a graph, or raise ``UserError``."""
    if not isinstance(sample, GraphSample):
        raise UserError(
            f"sample {sample.id} has no graph, which this classifier reads; tag the corpus with gatbert tag, then give "
            "--data.corpus_type graph and the tagged files (configs/graph_data.yaml)"
        )
    return sample


@dataclass
class _TruncationCounter:
    """Count what did not fit: samples and words, samples and concepts."""

    texts: int = 0
    words: int = 0
    graphs: int = 0
    concepts: int = 0

    def count(self, words: int, concepts: int) -> None:
        """Count what of a sample was cut."""
        self.texts += words > 0
        self.words += words
        self.graphs += concepts > 0
        self.concepts += concepts

    def log(self, num_samples: int, max_length: int, max_concepts: int) -> None:
        """Say what was cut, if anything was."""
        if self.texts:
            logger.warning(
                "%d of %d texts are longer than max_length %d: %d words and their edges are cut",
                *(self.texts, num_samples, max_length, self.words),
            )
        if self.graphs:
            logger.warning(
                "%d of %d graphs have more than max_concepts %d: the %d farthest concepts are cut",
                *(self.graphs, num_samples, max_concepts, self.concepts),
            )
