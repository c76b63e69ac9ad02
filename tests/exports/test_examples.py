"""The lines that a card shows are Python, say what the classifier reads, and hold what names they are given."""

import ast
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.exports.examples import in_words, pipeline_example, python_example, quoted
from gatbert.exports.inputs import pipeline_input
from gatbert.samples.pair_settings import PairSettings
from tests.pretrained.test_checkpoints import GRAPH_RECIPE, RECIPE


@given(st.text())
def test_any_text_is_a_string_that_ends_no_block(text: str) -> None:
    assert ast.literal_eval(quoted(text)) == text
    assert "`" not in quoted(text)
    assert len(quoted(text).split("\n")) == 1


@pytest.mark.parametrize(
    ("recipe", "has_graph", "words"),
    [
        (replace(RECIPE, pair=PairSettings()), False, 'gatbert.load("me", classifier="m.C")'),
        (RECIPE, False, 'contexts="what it answers"'),
        (GRAPH_RECIPE, False, 'graph="FOLDER OF THE GRAPH"'),
        (
            replace(RECIPE, pair=PairSettings(background="text")),
            False,
            'backgrounds={"wind power": "what is known of it"}',
        ),
    ],
)
def test_what_gatbert_asks_for_is_given(recipe: Any, has_graph: bool, words: str) -> None:
    shown = python_example("me", recipe, has_graph)
    assert words in shown
    ast.parse(shown)
    assert "graph=" not in python_example("me", GRAPH_RECIPE, has_graph=True)


def test_what_a_pipeline_asks_for_is_given() -> None:
    pair = PairSettings("{text}", "The author is in favor of {target}.")
    shown = pipeline_example("me/model", pipeline_input(pair, 48, ()), 48, own_code=True)
    ast.parse(shown)
    assert (
        '{"text": "Turbines everywhere, and the birds pay for it.", "text_pair": "The author is in favor of wind'
        in shown
    )
    assert 'truncation="only_first", max_length=48' in shown
    assert "trust_remote_code=True" in shown
    one = pipeline_example("me", pipeline_input(PairSettings("{target}: {text}", ""), None, ()), None, own_code=False)
    assert "text_pair" not in one
    assert "truncation" not in one
    assert "trust" not in one


def test_templates_are_told_in_words() -> None:
    assert (in_words("{target}"), in_words("{text}"), in_words("")) == ("the target", "the text", "")
    assert in_words("a {text}") == "this, filled in: a {text}"
