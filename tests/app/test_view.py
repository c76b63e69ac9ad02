"""What is shown of an answer: every text whole and escaped, tints and frames where the contributions are."""

import re
from functools import partial
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.app.view import AGAINST, FOR, answer, pieces, problem, tint
from gatbert.samples.words import split_words
from tests.app.made import HOSTILE, shown_model, tagged

PROBABILITIES = {"against": 0.7, "favor": 0.2, "neutral": 0.1}


class Tags(HTMLParser):
    """Keep the names of the tags, and the text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.names.add(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(max_size=60))
def test_the_pieces_are_the_text(text: str) -> None:
    words = split_words(text)
    found = pieces(text, words, [(0.0, True)] * len(words), 1.0)
    assert "".join(piece.text for piece in found) == text
    assert [piece.text for piece in found if piece.told] == words


def test_tints_say_which_way_and_how_much() -> None:
    assert tint(1.0, 2.0) == f"rgba({FOR}, 0.350)"
    assert tint(-3.0, 2.0) == f"rgba({AGAINST}, 0.700)"
    assert tint(0.0, 2.0) == ""


@pytest.mark.parametrize("name", ["text", "hybrid"])
def test_no_text_becomes_markup(encoder: str, name: str) -> None:
    model = shown_model(encoder, name)
    explanation = model.explain(HOSTILE, "<script>")
    for html in (
        answer(HOSTILE, model, {HOSTILE: 1.0}, explanation, HOSTILE),
        answer("a", model, PROBABILITIES, no_explanation=HOSTILE),
        problem(HOSTILE),
    ):
        tags = Tags(html)
        assert not {"script", "img"} & tags.names
        assert HOSTILE in " ".join(tags.text.split())


def test_an_answer_is_shown_before_it_is_explained(encoder: str) -> None:
    html = answer("demo", shown_model(encoder), PROBABILITIES)
    assert re.findall(r"likeliest\">(\w+)<", html) == ["against"]
    assert "70.0 %" in html
    assert "Looking for what decided" in html


def test_the_concepts_that_decide_are_named_and_framed(encoder: str) -> None:
    model = shown_model(encoder, "hybrid-gate")
    explanation = model.explain("good bad help we they", "zoo tax")
    html = answer("graph", model, PROBABILITIES, explanation)
    scores = explanation.scores["leave_one_out"]
    num_words = len(explanation.sample.words)
    best = int(np.argmax(abs(scores[num_words:])))
    assert re.findall(r"<li><span[^>]*>([^<]*)</span>", html)[0] == explanation.sample.concepts[best]
    (framed,) = re.findall(r"<style>#\w+ :is\(\.(n\d+) rect", html)
    group = re.search(rf'<g class="{framed}">.*?</g>', html, re.DOTALL)
    assert group is not None
    assert explanation.sample.concepts[best] in group[0]
    assert html.count(">layer ") == len(model.gates()) > 0
    assert re.search(rf"\d+ of {len(explanation.sample.concepts)} concepts reach the answer", html)


def test_what_reads_no_text_and_what_finds_no_concept_is_said(encoder: str) -> None:
    model = shown_model(encoder, "external")
    assert "reads the concepts alone" in answer("a", model, PROBABILITIES, model.explain("good bad", "zoo"))
    model.predictor.tag = partial(tagged, num_concepts=0)
    html = answer("a", model, PROBABILITIES, model.explain("good bad", "zoo"))
    assert "no concept that links" in html
    assert "<svg" not in html
