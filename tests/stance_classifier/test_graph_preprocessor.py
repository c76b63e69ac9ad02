"""How words, tokens and edges meet, whatever the tokenizer."""

import logging
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerBase, PreTrainedTokenizerFast

from gatbert.batches import Encoded
from gatbert.batches.rows import UNREACHABLE
from gatbert.knowledge.concept_vectors import ConceptVectors
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.stance_classifier import graph_preprocessor
from gatbert.stance_classifier.hybrid import HybridPreprocessor
from gatbert.stance_classifier.word_tokens import IN_TARGET, IN_TEXT
from tests.graphs import random_samples

RELATION = 5
TARGET, TEXT = ("Wind", "power"), ("Zürich's", "taxes", ",", "#harm", "taxes")


def sample(
    edges: list[tuple[int, int, int]], concepts: tuple[str, ...] = ("wind power", "tax"), repeat: int = 1
) -> GraphSample:
    """Return a post, and edges between its seven words and concepts."""
    return GraphSample(
        id="a",
        target="Wind  power",
        text="Zürich's taxes, #harm  taxes" + " good" * (repeat - 1),
        words=(*TARGET, *TEXT, *["good"] * (repeat - 1)),
        num_target_words=2,
        concepts=concepts,
        edges=np.array(edges, np.int32).reshape(-1, 3).T,
    )


def byte_level() -> PreTrainedTokenizerBase:
    """Return a tokenizer of RoBERTa's kin: bytes, spaces that belong to the next word, two separators."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {piece: index for index, piece in enumerate(["<s>", "</s>", "<unk>", "<pad>", *alphabet, "Ġt", "ax"])}
    tokenizer = Tokenizer(models.BPE(vocabulary, [("Ġ", "t"), ("a", "x")]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.RobertaProcessing(("</s>", 1), ("<s>", 0), add_prefix_space=False)
    special = {"cls_token": "<s>", "sep_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **special)


def sentence_piece() -> PreTrainedTokenizerBase:
    """Return a tokenizer of XLM-R's kin: likely pieces, spaces that are a sign of the next word, two separators."""
    letters = sorted({letter for letter in "Wind power Zürich's taxes, #harm good" if letter != " "})
    pieces = [(piece, -2.0) for piece in ("▁", *letters)] + [("▁tax", -1.0), ("ower", -1.0), ("es", -1.0)]
    special = {"cls_token": "<s>", "pad_token": "<pad>", "sep_token": "</s>", "unk_token": "<unk>"}
    tokenizer = Tokenizer(models.Unigram([*((token, 0.0) for token in special.values()), *pieces], unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=128, **special)


@pytest.fixture(params=["wordpiece", "byte-level", "sentence-piece"])
def tokenizer(request: pytest.FixtureRequest, encoder: str) -> PreTrainedTokenizerBase:
    others = {"byte-level": byte_level, "sentence-piece": sentence_piece}
    return others[request.param]() if request.param in others else load_tokenizer(encoder)


def encode(tokenizer: PreTrainedTokenizerBase, one: GraphSample, **options: Any) -> Encoded:
    (encoded,) = HybridPreprocessor(tokenizer, **options).encode([one])
    return encoded


def tokens_of_word(tokenizer: PreTrainedTokenizerBase, one: GraphSample, word: int) -> set[int]:
    """Return the tokens that share a character with a word, each looked up by the tokenizer itself."""
    second = word >= one.num_target_words
    text = one.text if second else one.target
    end = 0
    first = one.num_target_words if second else 0
    for earlier in one.words[first : word + 1]:
        start = text.index(earlier, end)
        end = start + len(earlier)
    encoding = tokenizer(one.target, one.text)
    found = set()
    for token, sequence in enumerate(encoding.sequence_ids(0)):
        if sequence == int(second):
            span = encoding.token_to_chars(token)
            if max(span.start, start) < min(span.end, end):
                found.add(token)
    return found


@pytest.mark.parametrize("word", range(7))
def test_an_edge_of_a_word_goes_to_all_of_its_tokens(tokenizer: PreTrainedTokenizerBase, word: int) -> None:
    one = sample([(word, 7, WORD_CONCEPT), (7, word, WORD_CONCEPT)])
    encoded = encode(tokenizer, one)
    num_tokens = len(encoded.arrays["input_ids"])
    heads, tails, relations = encoded.arrays["edges"]
    expected = tokens_of_word(tokenizer, one, word)
    assert expected
    assert set(heads[tails == num_tokens].tolist()) == set(tails[heads == num_tokens].tolist()) == expected
    assert set(relations.tolist()) == {WORD_CONCEPT}


def test_tokens_are_those_of_the_tokenizer_and_concepts_follow_a_space(tokenizer: PreTrainedTokenizerBase) -> None:
    one = sample([(0, 7, WORD_CONCEPT), (7, 8, RELATION)])
    arrays = encode(tokenizer, one).arrays
    assert arrays["input_ids"].tolist() == tokenizer(one.target, one.text)["input_ids"]
    ends = np.cumsum(arrays["concept_lengths"])
    for start, end, concept in zip(ends - arrays["concept_lengths"], ends, one.concepts, strict=True):
        alone = tokenizer(f" {concept}", add_special_tokens=False)["input_ids"]
        assert arrays["concept_tokens"][start:end].tolist() == alone


def test_edges_between_concepts_keep_their_parallels_and_repeats_go(tokenizer: PreTrainedTokenizerBase) -> None:
    one = sample([(7, 8, RELATION), (7, 8, RELATION + 1), (7, 8, RELATION), (8, 7, RELATION)])
    arrays = encode(tokenizer, one).arrays
    count = len(arrays["input_ids"])
    expected = [[count, count, count + 1], [count + 1, count + 1, count], [RELATION, RELATION + 1, RELATION]]
    assert arrays["edges"].tolist() == expected


def test_groups_and_hops(encoder: str) -> None:
    one = sample(
        [(0, 7, WORD_CONCEPT), (1, 7, WORD_CONCEPT), (3, 8, WORD_CONCEPT), (8, 9, RELATION), (10, 9, RELATION)],
        concepts=("wind power", "tax", "cost", "money"),
    )
    arrays = encode(load_tokenizer(encoder), one).arrays
    groups = arrays["node_groups"][-4:].tolist()
    assert groups == [IN_TARGET, IN_TEXT, 0, 0]
    # The first token reads words in a step, their concepts in two, what those read in three, and the last one never.
    assert arrays["hops_to_first_token"].tolist() == [2, 2, 3, UNREACHABLE]


def test_what_does_not_fit_is_cut_with_its_edges_counted_and_logged(
    encoder: str, caplog: pytest.LogCaptureFixture
) -> None:
    edges = [(0, 7 + 39, WORD_CONCEPT), (45, 46, WORD_CONCEPT), (46, 47, RELATION), (47, 48, RELATION)]
    one = sample(edges, concepts=("wind power", "tax", "cost"), repeat=40)
    with caplog.at_level(logging.WARNING, logger="gatbert"):
        arrays = encode(load_tokenizer(encoder), one, max_length=24, max_concepts=2).arrays
    assert len(arrays["input_ids"]) == 24
    assert len(arrays["concept_lengths"]) == 2
    # The link of the first word and the edge between the two concepts are left.
    assert arrays["edges"].tolist() == [[1, 24], [24, 25], [WORD_CONCEPT, RELATION]]
    lost = [
        word for word in range(2, 46) if not any(t < 23 for t in tokens_of_word(load_tokenizer(encoder), one, word))
    ]
    assert f"1 of 1 texts are longer than max_length 24: {len(lost)} words" in caplog.text
    assert "1 of 1 graphs have more than max_concepts 2: the 1 farthest concepts are cut" in caplog.text


def test_many_samples_are_encoded_as_each_alone(tokenizer: PreTrainedTokenizerBase) -> None:
    random = np.random.default_rng(0)
    samples = []
    for _ in range(300):  # more than are encoded together
        edges = [(int(random.integers(7)), 7 + int(random.integers(2)), WORD_CONCEPT) for _ in range(3)]
        samples.append(sample(edges, repeat=1 + int(random.integers(3))))
        samples[-1] = sample([], concepts=()) if random.random() < 0.2 else samples[-1]
    together = HybridPreprocessor(tokenizer).encode(samples)
    for one, among in zip(samples, together, strict=True):
        alone = encode(tokenizer, one)
        assert alone.size == among.size
        for name, array in alone.arrays.items():
            np.testing.assert_array_equal(array, among.arrays[name], err_msg=name)


def test_vectors_stand_for_concepts_that_have_one(encoder: str, tmp_path: Path) -> None:
    np.save(tmp_path / "mine.npy", np.array([[1.0, 2], [3, 4]], np.float32))
    (tmp_path / "mine.txt").write_text("Wind_Power\nzoo\n")
    preprocessor = HybridPreprocessor(
        load_tokenizer(encoder), concept_vectors=partial(ConceptVectors, str(tmp_path / "mine.npy"))
    )
    batch = preprocessor.collate(preprocessor.encode([sample([(0, 7, WORD_CONCEPT), (2, 8, WORD_CONCEPT)])]))
    assert batch.has_vector is not None
    assert batch.concept_vectors is not None
    assert batch.has_vector.tolist() == [True, False]
    assert batch.concept_vectors.tolist() == [[1.0, 2.0], [0.0, 0.0]]


def test_subwords_are_the_same_however_little_is_remembered(encoder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    samples: list[GraphSample] = random_samples()
    tokenizer = load_tokenizer(encoder)
    wanted = HybridPreprocessor(tokenizer).encode(samples)
    monkeypatch.setattr(graph_preprocessor, "CACHED_CONCEPTS", 1)
    preprocessor = HybridPreprocessor(tokenizer)
    for _ in range(2):
        for one, other in zip(preprocessor.encode(samples), wanted, strict=True):
            assert {name: array.tolist() for name, array in one.arrays.items()} == {
                name: array.tolist() for name, array in other.arrays.items()
            }
