"""Texts, targets and contexts of any iterables become samples, one for each text; what does not fit is named."""

from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.predictor.texts import samples_of


def test_one_target_is_for_all_and_several_are_for_one_each() -> None:
    one = list(samples_of(["a", "b"], "t"))
    assert [(sample.id, sample.text, sample.target, dict(sample.meta)) for sample in one] == [
        ("1", "a", "t", {}),
        ("2", "b", "t", {}),
    ]
    each = samples_of(iter(["a", "b"]), iter(["t", "u"]), iter(["", "above"]), "de")
    assert [(sample.target, sample.context, dict(sample.meta)) for sample in each] == [
        ("t", "", {"language": "de"}),
        ("u", "above", {"language": "de"}),
    ]


def test_nothing_is_read_ahead() -> None:
    texts = iter(["a", "b"])
    next(samples_of(texts, "t"))
    assert next(texts) == "b"


@pytest.mark.parametrize(
    ("texts", "targets", "contexts", "words"),
    [
        (["good", None], "zoo", None, "text 2 is a NoneType"),
        (["good", " "], "zoo", None, "text 2 is empty"),
        (["good"], [float("nan")], None, "target 1 is a float"),
        (["good", "bad"], ["zoo"], None, "1 targets and more texts"),
        (["good"], ["zoo", "homework"], None, "1 texts and more targets"),
        (["good", "bad"], "zoo", ["above"], "context 2 is missing"),
        (["good"], "zoo", [1], "context 1 is a int"),
        (["good"], "zoo", ["above", "beside"], "more contexts than texts"),
    ],
)
def test_what_does_not_fit_is_named(texts: Any, targets: Any, contexts: Any, words: str) -> None:
    with pytest.raises(UserError, match=words):
        list(samples_of(texts, targets, contexts))
