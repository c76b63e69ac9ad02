"""Other words for a sample: what is said changes, and the graph follows the words."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.errors import UserError
from gatbert.samples import FIRST_TOKEN, GraphSample, Sample
from gatbert.samples.relations import WORD_CONCEPT
from gatbert.samples.rewording import drop_hashtags, negated_prefix, paraphrase_target, typos
from gatbert.samples.transforms import TransformName, transformed
from gatbert.samples.words import split_words, word_spans
from tests.graphs import random_sample

TEXT = "Save  the #pandas, don't feed them! #zoos"
POST = Sample("p1", TEXT, "wind power", "favor")
WORDS = (*split_words("wind power"), *split_words(TEXT))
CONCEPTS = ("wind", "panda", "feed", "animal")
LINKED = (("wind", "wind"), ("#pandas", "panda"), ("feed", "feed"))


def linked() -> GraphSample:
    """Return the post with a concept for each of three words, and one beyond that nothing mentions."""
    edges = []
    for word, concept in LINKED:
        ends = WORDS.index(word), len(WORDS) + CONCEPTS.index(concept)
        edges += [(*ends, WORD_CONCEPT), (*ends[::-1], WORD_CONCEPT)]
    edges.append((len(WORDS) + 1, len(WORDS) + 3, 5))
    return GraphSample(
        "p1", TEXT, "wind power", "favor", words=WORDS, num_target_words=2, concepts=CONCEPTS, edges=np.array(edges).T
    )


def links(sample: Sample) -> list[tuple[int, str, str]]:
    """Return which word, at which place, is linked with which concept."""
    assert isinstance(sample, GraphSample)
    nodes = [*sample.words, *sample.concepts]
    return [(int(a), nodes[a], nodes[b]) for a, b, kind in sample.edges.T if kind == WORD_CONCEPT and a < b]


@pytest.mark.parametrize("post", [POST, linked()], ids=["text", "graph"])
def test_the_prefix_is_against_the_gold_stance(post: Sample) -> None:
    posts = [replace(post, stance=stance) for stance in ("favor", "against", "neutral", None)]
    found = [sample.text for sample in negated_prefix(posts, "")]
    assert found == [f"I hate wind power, but {TEXT}", f"I love wind power, but {TEXT}", TEXT, TEXT]


def test_the_target_in_the_prefix_is_linked_as_the_target_is() -> None:
    (found,) = negated_prefix([linked()], "")
    assert isinstance(found, GraphSample)
    assert found.words == (*split_words("wind power"), *split_words(found.text))
    assert sorted(links(found)) == [
        (0, "wind", "wind"),
        (4, "wind", "wind"),
        (10, "#pandas", "panda"),
        (13, "feed", "feed"),
    ]
    assert found.concepts == CONCEPTS
    assert (len(found.words) + 1, len(found.words) + 3, 5) in set(map(tuple, found.edges.T.tolist()))


@pytest.mark.parametrize("post", [POST, linked()], ids=["text", "graph"])
def test_hashtags_go_with_their_links(post: Sample) -> None:
    (found,) = drop_hashtags([post], "")
    assert found.text == "Save the , don't feed them!"
    if isinstance(found, GraphSample):
        assert [(word, concept) for _, word, concept in links(found)] == [("wind", "wind"), ("feed", "feed")]
        assert found.concepts == ("wind", "feed", "animal")


def test_a_text_of_hashtags_alone_stays() -> None:
    only = replace(POST, text="#save #pandas")
    assert drop_hashtags([only], "") == [only]


def test_a_paraphrase_has_the_links_of_the_words_at_the_same_place() -> None:
    (found,) = paraphrase_target([linked()], {"wind power": "turbines that turn in the wind"})
    assert isinstance(found, GraphSample)
    assert (found.target, found.num_target_words, found.text) == ("turbines that turn in the wind", 6, TEXT)
    assert [word for _, word, concept in links(found) if concept == "wind"] == ["turbines", "that", "turn"]
    (short,) = paraphrase_target([linked()], {"wind power": "turbines"})
    assert [word for _, word, concept in links(short) if concept == "wind"] == ["turbines"]
    with pytest.raises(UserError, match="no wording for the target 'wind power'"):
        paraphrase_target([POST], {"zoos": "animal parks"})


def test_typos_are_in_a_fifth_of_the_longer_words_and_the_same_each_time() -> None:
    posts = [
        Sample(f"p{number}", "regulation of the markets #regulation https://regulation.org", "x")
        for number in range(2000)
    ]
    found = typos(posts, "")
    assert found == typos(posts[::-1], "")[::-1]
    words = [sample.text.split() for sample in found]
    for place, word in enumerate(posts[0].text.split()):
        share = np.mean([own[place] != word for own in words])
        assert share == (pytest.approx(0.2, abs=0.03) if word in ("regulation", "markets") else 0)
    assert all(abs(len(own[0]) - len("regulation")) <= 1 for own in words)


def test_a_word_with_a_typo_has_no_links() -> None:
    samples = [replace(linked(), id=f"p{number}") for number in range(100)]
    seen = set()
    for found in typos(samples, ""):
        assert isinstance(found, GraphSample)
        has_feed = "feed" in found.words
        assert has_feed == ("feed" in found.concepts) == ("feed" in [word for _, word, _ in links(found)])
        seen.add(has_feed)
    assert seen == {True, False}


@given(
    st.integers(0, 99),
    st.sampled_from(["negated_prefix", "typos", "drop_hashtags", "paraphrase_target"]),
    st.booleans(),
)
def test_graphs_stay_whole(seed: int, name: TransformName, is_global: bool) -> None:
    (sample,) = transformed([random_sample(seed)], ["cls_global_edges"] if is_global else [], "")
    (found,) = transformed([sample], [name], "", {sample.target: "an entirely new wording"})
    assert isinstance(sample, GraphSample)
    assert isinstance(found, GraphSample)
    nodes = len(found.words) + len(found.concepts)
    assert found.edges.shape[0] == 3
    assert np.isin(found.edges[:2], [FIRST_TOKEN, *range(nodes)]).all()
    assert (found.edges[:2] == FIRST_TOKEN).sum() == 2 * is_global * len(found.concepts)
    half = found.num_target_words
    word_spans(found.target, found.words[:half])
    word_spans(found.text, found.words[half:])
    assert len(found.definitions) == len(found.concepts)
    assert set(found.concepts) <= set(sample.concepts)
