"""Names that a corpus knows: whole after a round trip, and refused where they are none."""

import base64
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora import known_names
from gatbert.corpora.known_names import KnownNames
from gatbert.errors import UserError

phrases = st.frozensets(st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), min_size=1))


@given(phrases, phrases)
def test_names_are_the_same_after_a_round_trip(names: frozenset[str], common: frozenset[str]) -> None:
    known = KnownNames(names, common)
    assert KnownNames.from_plain(known.to_plain(), "it") == known


def test_first_words_are_those_of_names_of_several_words() -> None:
    assert KnownNames(frozenset({"joe biden", "trump", "new york times"})).first_words == {"joe", "new"}


@pytest.mark.parametrize("values", [None, {}, {"names": "", "common": 3}, {"names": "????", "common": ""}])
def test_what_are_no_names_is_refused(values: Any) -> None:
    with pytest.raises(UserError, match=r"run\.ckpt is damaged: known_names are no lists of phrases"):
        KnownNames.from_plain(values, "run.ckpt")


def test_no_more_is_unpacked_than_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_names, "MOST_BYTES", 100)
    packed = base64.b64encode(zlib.compress(b"a" * 101)).decode()
    with pytest.raises(UserError, match="too long"):
        KnownNames.from_plain({"names": packed, "common": packed}, "it")
