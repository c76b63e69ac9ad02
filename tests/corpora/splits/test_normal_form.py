"""Texts that differ in form alone are one text: in splits that are drawn, and in splits that are checked."""

import html
import random
import string
import unicodedata
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.splits.hashing import split_index
from gatbert.corpora.splits.normal_form import normal_form

WORDS = ["café", "energy", "<needs>", "the", "it,", "who?", "naïve", "people;", "Größe", "#wind"]

Change = Callable[[str, random.Random], str]

CHANGES: dict[str, Change] = {
    "case": lambda text, _: text.upper().replace("SS", "ß"),
    "white space": lambda text, random: text.replace(" ", random.choice([" \t", "\u00a0", "\n", "  "])) + " ",
    "entities": lambda text, _: html.escape(text),
    "double entities": lambda text, _: html.escape(html.escape(text)),
    "decomposed": lambda text, _: unicodedata.normalize("NFD", text),
    "quotes": lambda text, _: text.replace("“", '"').replace("”", "\u00bb").replace("'", "\u2019"),
    "address": lambda text, random: f"{text} https://t.co/{''.join(random.choices(string.ascii_letters, k=10))}",
    "retweet": lambda text, random: f"RT @user_{random.randrange(99)}: {text}",
    "retweet of a retweet": lambda text, _: f"RT @one: rt @two {text}",
    "end": lambda text, random: text.rstrip("?") + random.choice(["...", "\u2026", "!!", ".", " ?"]),
    "invisible": lambda text, _: text.replace(" ", "\u200b ", 1),
    "user": lambda text, random: text.replace("@somebody", f"@user_{random.randrange(99)}"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_no_changed_copy_crosses_to_another_part(change: str) -> None:
    draw = random.Random(change)  # noqa: S311
    for number in range(1_000):
        text = f"@somebody “green” isn't & {' '.join(draw.choices(WORDS, k=9))} état {number}"
        changed = CHANGES[change](text, draw)
        assert changed != text
        assert normal_form(changed) == normal_form(text)


def test_other_texts_stay_other_texts() -> None:
    texts = ["I love wind", "I love wind power", "I don't love wind", "wind", "@a", "@b", "!!!", "?", "", "#wind"]
    texts += ["https://a.org/1", "https://a.org/2", "RT @a: no", "RT @a: yes", "50% less", "50 less"]
    assert len({normal_form(text) for text in texts}) == len(texts)


def test_mentions_and_addresses_leave_their_place() -> None:
    assert normal_form("Ask @Wind_Lobby (or me@wind.org) at www.wind.org/now &amp; win…") == "ask @ (or ) at & win"


@given(st.text())
def test_every_text_has_a_form_in_which_case_and_spaces_do_not_count(text: str) -> None:
    assert normal_form(f"  {text}\t") == normal_form(text)
    assert 0 <= split_index(normal_form(text), (0.5, 0.2, 0.3), 0) < 3
    assert not text.strip() or normal_form(text)
