"""Rows come into the table in any number, and phrases to their concepts."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.knowledge.sources import rows
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.rows import Row, add_rows, concept_key


@pytest.mark.parametrize("minds_case", [False, True])
def test_all_wanted_rows_are_added_with_their_spellings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, minds_case: bool
) -> None:
    monkeypatch.setattr(rows, "BATCH", 2)
    given = [
        Row(
            "en/may", "FormOf", "en/theresa_may", 1.0, "CC0 1.0", (("en/may", "May"), ("en/theresa_may", "Theresa May"))
        ),
        Row("en/may", "IsA", "en/month", 1.0, None, (("en/may", "may"), ("en/month", "month"))),
        Row("en/a", "IsA", "en/a", 1.0),
        Row("en/a", "IsA", "en/b", 0.5),
    ]
    assertions = Assertions(tmp_path, Choice(min_weight=0.75), lambda what, done: None)
    assert add_rows(assertions, "add", iter(given), minds_case) == 2
    assert assertions.rows("SELECT head, license FROM assertions WHERE tail = 'en/theresa_may'") == [
        ("en/may", "CC0 1.0")
    ]
    lower = {("en/may", False), ("en/month", False)} if minds_case else set()
    assert set(assertions.rows("SELECT * FROM spellings")) == {("en/may", True), ("en/theresa_may", True)} | lower
    assertions.close()


@pytest.mark.parametrize(
    ("phrase", "keep_senses", "key"),
    [
        ("Climate  Change", False, "en/climate_change"),
        ("AC/DC", False, "en/ac_dc"),
        ("/c/de/Klima/n", False, "de/Klima"),
        ("/c/en/test/n/wikt", True, "en/test/n/wikt"),
    ],
)
def test_a_phrase_or_uri_names_its_concept(phrase: str, keep_senses: bool, key: str) -> None:
    assert concept_key("x", phrase, "en", keep_senses) == key


@pytest.mark.parametrize("phrase", ["", "/", "\u0301", "/c/en/", "/c//a"])
def test_what_names_no_concept_is_told(phrase: str) -> None:
    with pytest.raises(UserError, match=r"f\.tsv:7: the head .* names no concept; accepted are phrases"):
        concept_key("f.tsv:7: the head", phrase, "en")
