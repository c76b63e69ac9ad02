"""Where the nodes of a sample are in what a classifier reads."""

import numpy as np
import pytest

from gatbert.batches.packed import GraphBatch
from gatbert.explanations.nodes import num_tokens_and_concepts, word_shares
from gatbert.pretrained.encoders import load_tokenizer
from gatbert.samples import GraphSample
from gatbert.samples.pair_settings import PairSettings
from gatbert.stance_classifier import TextPreprocessor
from gatbert.stance_classifier.sentence_pairs import SentencePairPreprocessor
from tests.explanations.models import build
from tests.graphs import GRAPH, random_samples


@pytest.mark.parametrize("name", ["hybrid", "external", "concat"])
def test_each_row_has_the_subwords_of_its_concept(encoder: str, name: str) -> None:
    model = build(encoder, name)
    encoded = model.preprocessor.encode(random_samples())
    graph = model.collate(encoded).graph
    assert isinstance(graph, GraphBatch)
    nodes = graph.node_index[graph.num_token_rows :].tolist()
    assert len(nodes) > 5
    for row, node in enumerate(nodes, start=graph.num_token_rows):
        sample = encoded[int(graph.sample_of_row[row])]
        number = node - num_tokens_and_concepts(sample)[0]
        pieces = np.split(sample.arrays["concept_tokens"], np.cumsum(sample.arrays["concept_lengths"]))[number]
        start, end = graph.subword_offsets[row : row + 2].tolist()
        assert graph.subword_ids[start:end].tolist() == pieces.tolist()


def test_each_token_of_a_background_belongs_to_its_concept(encoder: str) -> None:
    preprocessor = TextPreprocessor(load_tokenizer(encoder), 20, PairSettings(background="definition"))
    (encoded,) = preprocessor.encode([GRAPH])
    tokens = preprocessor.tokenizer.convert_ids_to_tokens(encoded.arrays["input_ids"].tolist())
    shares = word_shares(preprocessor, GRAPH)
    assert shares.shape == (len(tokens), 6) == (20, 6)
    owner = [int(row.argmax()) if row.any() else None for row in shares]
    pair = [None, *[0] * (tokens.index("[SEP]") - 1), None, 1, 2, None]
    assert owner == [*pair, *[3] * (19 - len(pair)), None]  # the definition of the first concept fills what is left
    preprocessor = TextPreprocessor(load_tokenizer(encoder), 64, PairSettings(background="concepts"))
    assert set(word_shares(preprocessor, GRAPH).argmax(1)) == {0, 1, 2, 3, 4, 5}


def test_each_token_belongs_to_its_word(encoder: str) -> None:
    preprocessor = build(encoder, "text").preprocessor
    assert isinstance(preprocessor, SentencePairPreprocessor)
    sample = GraphSample(
        "s", "wind, xyz!", "zoo wind", words=("zoo", "wind", "wind", ",", "xyz", "!"), num_target_words=2
    )
    (encoded,) = preprocessor.encode([sample])
    tokens = preprocessor.tokenizer.convert_ids_to_tokens(encoded.arrays["input_ids"].tolist())
    shares = word_shares(preprocessor, sample)
    assert tokens == ["[CLS]", "zoo", "wind", "[SEP]", "wind", ",", "x", "##y", "##z", "!", "[SEP]"]
    assert shares.shape == (11, 6)
    assert set(shares.ravel().tolist()) == {0.0, 1.0}
    owner = [int(row.argmax()) if row.any() else None for row in shares]
    assert owner == [None, 0, 1, None, 2, 3, 4, 4, 4, 5, None]
