"""Texts and targets of any size: those within the limits pass, the others are named."""

import pytest

from gatbert.app.limits import TARGET_CHARACTERS, Limits
from gatbert.errors import UserError


def test_what_is_just_within_the_limits_passes() -> None:
    Limits(max_characters=10).check("a" * 10, "b" * TARGET_CHARACTERS)


@pytest.mark.parametrize(
    ("text", "target", "sentence"),
    [
        ("", "zoo", "The text is empty; write a text."),
        (None, None, "The text is empty; write a text."),
        ("good", " \n", "The target is empty; write a target."),
        ("a" * 100_000, "zoo", "The text has 100,000 characters; accepted are 10."),
        ("good", "a" * 501, "The target has 501 characters; accepted are 500."),
    ],
)
def test_others_get_a_sentence(text: str | None, target: str | None, sentence: str) -> None:
    with pytest.raises(UserError) as caught:
        Limits(max_characters=10).check(text, target)
    assert str(caught.value) == sentence


def test_a_row_is_named_by_its_place() -> None:
    with pytest.raises(UserError, match=r"^a\.csv:3: the target is empty$"):
        Limits().check("good", "", "a.csv:3")
