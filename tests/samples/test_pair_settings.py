"""Templates: what is refused of them, and what stands where in what they make."""

from dataclasses import replace

import pytest

from gatbert.errors import UserError
from gatbert.samples import Sample
from gatbert.samples.pair_settings import AFTER_PAIR, PairSettings, Place
from tests.graphs import GRAPH

SAMPLE = Sample("a", "no {way}", "wind", context="good?", background="it blows")


def test_by_default_the_pair_is_target_and_text() -> None:
    pair = PairSettings().rendered(SAMPLE)
    assert (pair.first, pair.second, pair.after) == ("wind", "no {way}", "")
    assert pair.places == {"target": Place(0, 0, 4), "text": Place(1, 0, 8)}
    assert PairSettings().fields == {"target", "text"}


def test_what_is_said_of_a_sample_is_never_read_as_a_template() -> None:
    settings = PairSettings("{context} {{x}} {text}", "In favor of {target}.", background="text")
    pair = settings.rendered(SAMPLE)
    assert (pair.first, pair.second, pair.after) == ("good? {x} no {way}", "In favor of wind.", "it blows")
    strings = (pair.first, pair.second, pair.after)
    values = {"context": "good?", "text": "no {way}", "target": "wind", "background": "it blows"}
    assert {name: strings[place[0]][place[1] : place[2]] for name, place in pair.places.items()} == values
    assert settings.fields == {"context", "text", "target", "background"}
    assert list(pair.word_places(replace(GRAPH, text="no {way}", target="wind", words=("wind", "way")))) == [
        *[Place(1, 12, 16), Place(0, 14, 17)]
    ]


def test_a_background_stands_where_a_template_has_it_or_after_the_pair() -> None:
    inside = PairSettings(second="{text} ({background})", background="concepts").rendered(GRAPH)
    assert inside.second == f"{GRAPH.text} (zoo; wind; animal)"
    assert inside.after == ""
    after = PairSettings(background="concepts").rendered(GRAPH)
    assert after.after == "zoo; wind; animal"
    assert after.places["background"] == Place(AFTER_PAIR, 0, 17)
    assert PairSettings(background="text").rendered(replace(SAMPLE, background="")).after == ""


@pytest.mark.parametrize(
    ("first", "second", "background", "words"),
    [
        ("{target}", "", "none", "have no {text}; both target and text must stand in one of them"),
        ("on it", "{text}", "none", "have no {target}"),
        ("{target}", "{text} {stance}", "none", "second '{text} {stance}' has {stance}; known are {target}, {text}"),
        ("{target}", "{text!r}", "none", "has {text!r}; known are"),
        ("{target:>9}", "{text}", "none", "has {target:>9}; known are"),
        ("{target}", "{}{text}", "none", "has {}; known are"),
        ("{target}", "{text", "none", "cannot be read (expected '}' before end of string)"),
        ("{target} {text}", "{text}", "none", "have {text} more than once"),
        ("{target}", "{background} {text}", "none", "has {background}, and background is none"),
    ],
)
def test_templates_that_cannot_be_meant_are_refused(first: str, second: str, background: str, words: str) -> None:
    with pytest.raises(UserError) as refused:
        PairSettings(first, second, background=background)  # type: ignore[arg-type]
    assert words in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_target_has_a_token_at_least() -> None:
    with pytest.raises(UserError, match="max_target_length 0 is not accepted; accepted is at least 1"):
        PairSettings(max_target_length=0)
