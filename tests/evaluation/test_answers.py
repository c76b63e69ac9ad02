"""Answers of language models, as they come."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.table import generic_labels
from gatbert.evaluation.answers import label_of_answer
from gatbert.samples.stances import STANCES

LABELS = generic_labels(STANCES)

ANSWERS = {
    '{"stance": "favor"}': "favor",
    '{"Stance": "AGAINST", "reason": "It says {no}."}': "against",
    '```json\n{"stance": "neutral"}\n```': "neutral",
    'First I thought {"stance": "favor"}, but: {"stance": "against"}': "against",
    '{"stance": "favour"}': "favor",
    '{"stance": "unclear"} though one might say favor': None,
    '{"stance": null}': None,
    "FAVOR": "favor",
    " **Against.**": "against",
    "none": "neutral",
    "Pro": "favor",
    "The author is against zoos.": "against",
    "The author seems strongly in favor of it, as the hashtag shows.": "favor",
    "It might be favor or against.\n\n**Stance:** against": "against",
    "The stance is neutral, though a word for zoos is said.": "neutral",
    "The author is not in favor of zoos.": None,
    "She isn't really against zoos.": None,
    "It might be favor or against.": None,
    "I looked for the stance.": None,
    "I cannot answer that.": None,
    "They favorite posts about zoos.": None,
    "": None,
    "{": None,
    "{" * 5000: None,
}


@pytest.mark.parametrize("answer", ANSWERS)
def test_an_answer_is_read_as_it_is_meant_or_not_at_all(answer: str) -> None:
    label = label_of_answer(answer, LABELS)
    assert (None if label is None else LABELS[label]) == ANSWERS[answer]


@given(st.text(), st.sampled_from(STANCES), st.text())
def test_json_is_found_in_whatever_is_said_around_it(before: str, stance: str, after: str) -> None:
    said = f"{before}{json.dumps({'stance': stance})}{after.replace('{', '')}"
    assert label_of_answer(said, LABELS) == stance
