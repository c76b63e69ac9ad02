"""What the graph classifiers share: how samples with graphs become index arrays."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from transformers import BatchEncoding
from transformers import PreTrainedTokenizerBase as Tokenizer

from gatbert.batches import Encoded
from gatbert.batches.packed import UNREACHED, TakeVectors
from gatbert.errors import UserError
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.ranges import Count, check_ranges
from gatbert.samples import FIRST_TOKEN, GraphSample, Sample
from gatbert.samples.phrases import PhraseCache
from gatbert.samples.words import word_spans
from gatbert.stance_classifier.pairs import PairPreprocessor

CHUNK = 256
"""Samples whose arrays are made together."""

MAX_CONCEPTS = 128

CACHED_CONCEPTS = 1 << 18
"""Concepts whose subwords are remembered, in about 60 MB."""

IN_TARGET, IN_TEXT = 1, 2
"""Group of a token; of a concept, the sum of the groups of the words that it is linked with."""

Ints = npt.NDArray[np.integer[Any]]

logger = logging.getLogger("gatbert")


class GraphPreprocessor(PairPreprocessor):
    """Encode target and text as a sentence pair, and the graph as edges between tokens and concepts.

    Text that does not fit is cut from its end, with the edges of its words; concepts are cut from the far end of their
    order. An edge of a word goes to all of its tokens. What was cut is counted and logged.

    Args:
        tokenizer: Fast tokenizer of the encoder.
        max_length: Most tokens of a pair, special ones included; ``None`` for the tokenizer's own limit.
        max_concepts: Most concepts of a sample.
        concept_vectors: File or folder of vectors that stand for concepts; see ``ConceptVectors``.
    """

    def __init__(
        self,
        tokenizer: Tokenizer,
        max_length: int | None = None,
        max_concepts: Count = MAX_CONCEPTS,
        concept_vectors: str | None = None,
    ) -> None:
        super().__init__(tokenizer, max_length)
        check_ranges(GraphPreprocessor.__init__, {"max_concepts": max_concepts})
        self.max_concepts: int = max_concepts
        self.concept_vectors = concept_vectors
        self._subwords = PhraseCache(self._find_subwords, CACHED_CONCEPTS)

    @cached_property
    def vectors(self) -> ConceptVectors | None:
        """The vectors, opened when they are first looked up: a model can be loaded where they are not."""
        return None if self.concept_vectors is None else ConceptVectors(self.concept_vectors)

    @property
    def take_vectors(self) -> TakeVectors | None:
        """Give the vectors of rows of the file of vectors, if there is one."""
        return None if self.vectors is None else self.vectors.take

    def settings(self) -> Mapping[str, Any]:
        """Return the tokenizer's whole definition, the limits, and which vectors are looked up."""
        vectors = None if self.vectors is None else self.vectors.identity
        return {**super().settings(), "max_concepts": self.max_concepts, "vectors": vectors}

    def encode(self, samples: Sequence[Sample]) -> list[Encoded]:
        """Encode samples, with one call of the fast tokenizer for many texts and one for the concepts new in them.

        Each sample has the arrays ``input_ids`` and, for some encoders, ``token_type_ids`` ``(tokens,)``;
        ``concept_tokens``, the subwords of all its concepts, and ``concept_lengths`` ``(concepts,)``, how many each
        has; ``concept_rows``, where they have vectors, the row of each or -1 ``(concepts,)``; ``concept_levels``
        ``(concepts,)``, how many steps of attention lie between each and the first token;
        ``node_groups`` ``(tokens + concepts,)``; and ``edges`` ``(3, edges)``: node that attends, node that it
        attends to, relation, ascending, where tokens come before concepts.

        Raises:
            UserError: If a sample has no graph, or a target leaves no room for its text.
        """
        graphs = [_checked(sample) for sample in samples]
        encoded: list[Encoded] = []
        cut = _Cut()
        for start in range(0, len(graphs), CHUNK):
            encoded += self._encode_chunk(graphs[start : start + CHUNK], cut)
        cut.log(len(graphs), self.max_length, self.max_concepts)
        return encoded

    def _encode_chunk(self, samples: Sequence[GraphSample], cut: "_Cut") -> Iterator[Encoded]:
        encoding = self.tokenize(samples, with_offsets=True)
        concepts = [sample.concepts[: self.max_concepts] for sample in samples]
        subwords = self._tokenize_concepts(concepts)
        text = _Tokens.of(encoding, samples)
        num_concepts = np.array([len(some) for some in concepts])
        cut_texts = self.cut(encoding)
        lost = text.lost_words(self.max_length)
        for sample, words, kept in zip(samples, lost.tolist(), num_concepts.tolist(), strict=True):
            cut.count(words, len(sample.concepts) - kept)
        nodes = _Nodes(text, num_concepts)
        edges = nodes.edges(samples)
        levels = _levels(nodes, edges)
        groups = _groups(nodes, edges)
        cuts = np.searchsorted(edges[0], nodes.starts[1:])
        for index, (own, start) in enumerate(zip(np.split(edges, cuts, axis=1), nodes.starts, strict=True)):
            num_tokens, size = int(text.lengths[index]), int(nodes.sizes[index])
            arrays = {
                name: np.asarray(encoding[name][index], np.int32)
                for name in ("input_ids", "token_type_ids")
                if name in encoding
            }
            if self.vectors is not None:
                arrays["concept_rows"] = self.vectors.rows(concepts[index])
            yield Encoded(
                {
                    **arrays,
                    "concept_tokens": np.concatenate([np.zeros(0, np.int32), *subwords[index]]),
                    "concept_lengths": np.array([len(piece) for piece in subwords[index]], np.int32),
                    "concept_levels": levels[start + num_tokens : start + size],
                    "node_groups": groups[start : start + size],
                    "edges": (own - np.array([[start], [start], [0]])).astype(np.int32),
                },
                size=size,
                cut=cut_texts[index],
            )

    def _tokenize_concepts(self, concepts: Sequence[Sequence[str]]) -> list[list[Ints]]:
        """Return the subwords of each concept of each sample."""
        subwords = self._subwords.of(sorted({concept for some in concepts for concept in some}))
        return [[subwords[concept] for concept in some] for some in concepts]

    def _find_subwords(self, concepts: Sequence[str]) -> Iterator[Ints]:
        # A concept is tokenized as it would be within a text: after a space.
        ids = self.tokenizer([f" {concept}" for concept in concepts], add_special_tokens=False, verbose=False)
        unknown = [self.tokenizer.unk_token_id]
        return (np.asarray(pieces or unknown, np.int32) for pieces in ids["input_ids"])


@dataclass(frozen=True)
class _Tokens:
    """Hold the tokens of several samples end to end, and which of them each word became.

    Attributes:
        lengths: Number of tokens of each sample ``(samples,)``.
        groups: ``IN_TARGET``, ``IN_TEXT``, or 0 for special tokens ``(tokens,)``.
        word_starts: Number of words before each sample ``(samples,)``.
        first: First token of each word ``(words,)``.
        count: How many tokens each word has, 0 if it was cut ``(words,)``.
    """

    lengths: Ints
    groups: Ints
    word_starts: Ints
    first: Ints
    count: Ints

    @classmethod
    def of(cls, encoding: BatchEncoding, samples: Sequence[GraphSample]) -> "_Tokens":
        lengths = np.array([len(ids) for ids in encoding["input_ids"]])
        offsets = np.concatenate([np.asarray(spans, np.int64) for spans in encoding["offset_mapping"]])
        # Special tokens belong to no sequence: None, which becomes nan.
        sequences = np.concatenate([np.asarray(encoding.sequence_ids(i), float) for i in range(len(samples))])
        groups = np.nan_to_num(sequences + IN_TARGET).astype(np.int8)
        # All characters are counted through, target and text of one sample after those of another.
        sizes = [len(piece) for sample in samples for piece in (sample.target, sample.text)]
        base = (np.cumsum(sizes) - sizes).reshape(-1, 2)
        shift = base[np.repeat(np.arange(len(samples)), lengths), np.maximum(groups - 1, 0)]
        real = np.flatnonzero((groups > 0) & (offsets[:, 1] > offsets[:, 0]))
        token_starts, token_ends = (offsets[real] + shift[real, None]).T
        word_starts, word_ends = (
            np.array(
                [
                    span
                    for sample, shifts in zip(samples, base.astype(int).tolist(), strict=True)
                    for span in _spans(sample, shifts)
                ],
                np.int64,
            )
            .reshape(-1, 2)
            .T
        )
        first = np.searchsorted(token_ends, word_starts, side="right")
        last = np.searchsorted(token_starts, word_ends, side="left")
        num_words = np.array([len(sample.words) for sample in samples])
        return cls(
            lengths,
            groups,
            np.cumsum(num_words) - num_words,
            real[np.minimum(first, len(real) - 1)],
            np.maximum(last - first, 0),
        )

    def lost_words(self, max_length: int) -> Ints:
        """Return how many words of each sample that fills ``max_length`` have no token ``(samples,)``."""
        sample = np.searchsorted(self.word_starts, np.arange(len(self.count)), side="right") - 1
        lost = np.bincount(sample, self.count == 0, len(self.lengths)).astype(np.int64)
        return np.where(self.lengths == max_length, lost, 0)


class _Nodes:
    """Number the nodes of several samples: tokens, then concepts, sample after sample."""

    def __init__(self, text: _Tokens, num_concepts: Ints) -> None:
        self.text = text
        self.num_concepts = num_concepts
        self.sizes = text.lengths + num_concepts
        self.starts = np.cumsum(self.sizes) - self.sizes
        self.is_token = np.arange(self.sizes.sum()) - np.repeat(self.starts, self.sizes) < np.repeat(
            text.lengths, self.sizes
        )
        self._node_of_token = np.flatnonzero(self.is_token)

    def edges(self, samples: Sequence[GraphSample]) -> Ints:
        """Return the edges of all samples between nodes ``(3, edges)``, ascending, none twice."""
        edges = np.concatenate([sample.edges for sample in samples], axis=1).astype(np.int64)
        sample = np.repeat(np.arange(len(samples)), [sample.edges.shape[1] for sample in samples])
        num_words = np.array([len(sample.words) for sample in samples])[sample]
        # Words attend to each other in any case; concepts may be cut.
        kept = (edges[:2] - num_words < self.num_concepts[sample]).all(0) & (edges[:2] >= num_words).any(0)
        edges, sample, num_words = edges[:, kept], sample[kept], num_words[kept]
        firsts, counts = zip(*(self._range(ends, sample, num_words) for ends in edges[:2]), strict=True)
        # An edge of words stands for one between each token of the one and each of the other.
        copies = counts[0] * counts[1]
        turn = np.arange(copies.sum()) - np.repeat(np.cumsum(copies) - copies, copies)
        num_tails = np.repeat(counts[1], copies)
        heads = np.repeat(firsts[0], copies) + turn // num_tails
        tails = np.repeat(firsts[1], copies) + turn % num_tails
        return _unique(heads, tails, np.repeat(edges[2], copies))

    def _range(self, ends: Ints, sample: Ints, num_words: Ints) -> tuple[Ints, Ints]:
        """Return the first node of each end of an edge, and how many nodes it stands for."""
        is_word = (ends >= 0) & (ends < num_words)
        word = np.where(is_word, self.text.word_starts[sample] + ends, 0)
        nodes = self.starts[sample] + self.text.lengths[sample] + ends - num_words
        count = np.ones(len(ends), np.int64)
        if is_word.any():
            nodes[is_word] = self._node_of_token[self.text.first[word[is_word]]]
            count[is_word] = self.text.count[word[is_word]]
        nodes = np.where(ends == FIRST_TOKEN, self.starts[sample], nodes)
        return nodes, count


def _unique(heads: Ints, tails: Ints, relations: Ints) -> Ints:
    """Sort edges by head, tail and relation, and drop those that stand twice."""
    num_tails, num_relations = int(tails.max(initial=0)) + 1, int(relations.max(initial=0)) + 1
    keys = np.sort((heads * num_tails + tails) * num_relations + relations)  # np.unique hashes, which takes longer
    pairs, relations = np.divmod(keys[np.diff(keys, prepend=-1) > 0], num_relations)
    return np.stack([*np.divmod(pairs, num_tails), relations])


def _levels(nodes: _Nodes, edges: Ints) -> Ints:
    """Return how many steps of attention lie between each node and the first token of its sample ``(nodes,)``."""
    level = np.where(nodes.is_token, 1, UNREACHED).astype(np.uint8)
    level[nodes.starts] = 0
    heads, tails = edges[:2]
    for step in range(UNREACHED - 1):
        reached = tails[(level[heads] == step) & (level[tails] > step + 1)]
        if step and not len(reached):
            break
        level[reached] = step + 1
    return level


def _groups(nodes: _Nodes, edges: Ints) -> Ints:
    """Return the group of each node ``(nodes,)``."""
    groups = np.zeros(len(nodes.is_token), np.int8)
    groups[nodes.is_token] = nodes.text.groups
    links = nodes.is_token[edges[0]] & ~nodes.is_token[edges[1]]
    heads, tails = edges[:2, links]
    for group in (IN_TARGET, IN_TEXT):
        groups[tails[groups[heads] == group]] |= group
    return groups


def _spans(sample: GraphSample, shifts: Sequence[int]) -> Iterator[tuple[int, int]]:
    parts = (
        (sample.target, sample.text),
        (sample.words[: sample.num_target_words], sample.words[sample.num_target_words :]),
    )
    for text, words, shift in zip(*parts, shifts, strict=True):
        yield from ((start + shift, end + shift) for start, end in word_spans(text, words))


def _checked(sample: Sample) -> GraphSample:
    if not isinstance(sample, GraphSample):
        raise UserError(
            f"sample {sample.id} has no graph, which this classifier reads; tag the corpus with gatbert tag, then give "
            "--data.corpus_type graph and the tagged files (configs/graph_data.yaml)"
        )
    return sample


@dataclass
class _Cut:
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
