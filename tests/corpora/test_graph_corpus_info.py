"""Damaged graph corpora, and records of others: one sentence each."""

import base64
import json
import random
import zlib
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.graph_corpus import GraphCorpusInfo
from gatbert.corpora.graph_corpus_info import LATER
from gatbert.corpora.known_names import KnownNames
from gatbert.corpora.tagging_settings import LinkingSettings, TaggingSettings
from gatbert.errors import UserError
from gatbert.samples.relations import vocabulary

INFO = GraphCorpusInfo(
    vocabulary(["IsA", "RelatedTo"]),
    "0" * 64,
    "graphs/mine",
    TaggingSettings(LinkingSettings(3), "naive", hops=2, min_relevance=-0.5),
    similarity="pkg:some/model",
    allowed=(0, 5, 6, 2**31 - 1),
    kept=(0, 7),
    known_names=KnownNames(frozenset({"joe biden", "jos\u00e9"}), frozenset({"abortion"})),
    stances=("no", "yes"),
    corpus_type="tsv",
    columns={"style": "Style", "id": None},
    labels={"con": "no"},
    checksums={"train": "1" * 64},
)


def is_plain(value: Any) -> bool:
    if isinstance(value, dict):
        return all(type(key) is str and is_plain(item) for key, item in value.items())
    return all(map(is_plain, value)) if type(value) is list else type(value) in (str, int, float, bool, type(None))


def test_a_record_survives_plain_values_and_json() -> None:
    for info in (
        INFO,
        replace(INFO, allowed=None, columns=None, labels=None, similarity=None),
        replace(INFO, allowed=()),
    ):
        plain = info.to_plain()
        assert is_plain(plain)
        for values in (plain, json.loads(json.dumps(plain))):
            again = GraphCorpusInfo.from_plain(values)
            assert again == info
            assert again.graph == info.graph
            assert again.to_plain() == plain
    with pytest.raises(AttributeError):
        INFO.graph = "other"  # type: ignore[misc]  # it is to fail


@given(st.sets(st.integers(0, 2**31 - 1), max_size=50))
def test_allowed_concepts_survive(ids: set[int]) -> None:
    info = replace(INFO, allowed=tuple(sorted(ids)))
    assert GraphCorpusInfo.from_plain(info.to_plain()) == info


def test_many_allowed_concepts_are_short() -> None:
    info = replace(INFO, allowed=tuple(sorted(random.Random(0).sample(range(1_000_000), 50_000))))  # noqa: S311
    assert len(info.to_plain()["allowed"]) < 100_000


WRONG: list[Any] = [None, 7, -1, 1.5, "text", True, [], [3], {}, {"a": 3}, [["a"]], float("nan"), "missing"]


@pytest.mark.parametrize("value", WRONG)
@pytest.mark.parametrize("key", INFO.to_plain())
def test_any_wrong_value_of_a_record_is_one_sentence(key: str, value: Any) -> None:
    """Only values of the right type are read, and then they are what they were."""
    plain = INFO.to_plain()
    values = {name: old for name, old in plain.items() if name != key} if value == "missing" else {**plain, key: value}
    try:
        info = GraphCorpusInfo.from_plain(values, "it")
    except UserError as error:
        assert str(error).startswith("it ")  # noqa: PT017
    else:
        assert info.to_plain() == {**LATER, **values}  # what older records lack may be missing


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        (("settings", "hops"), -1, "hops -1 is not accepted; accepted is at least 0"),
        (("settings", "min_relevance"), float("nan"), "min_relevance nan is not accepted"),
        (("settings", "sampling"), "some", "'some' is not accepted; accepted is bridge, naive"),
        (("settings", "linking", "max_words"), 0, "linking.max_words 0 is not accepted"),
        (("settings", "linking", "stop_words"), 1, "stop_words 1 is not accepted; accepted is bool"),
        (("settings", "more"), 1, "'more' is none of"),
        (("relations", "names"), ["a", "a"], "2 relations: no vocabulary"),
        (("relations", "names"), [str(n) for n in range(16_001)], "16001 relations: no vocabulary"),
        (("relations", "symmetric"), ["b"], "no vocabulary"),
        (("format_version",), 1, "has graph corpus format 1; this gatbert reads 3; tag the corpus again"),
        (("allowed",), "?", "allowed is no list of concepts"),
        (("allowed",), base64.b64encode(b"abc").decode(), "allowed is no list of concepts"),
        (("allowed",), base64.b64encode(zlib.compress(b"abc")).decode(), "allowed is no list of concepts"),
        (("allowed",), base64.b64encode(zlib.compress(bytes(8))).decode(), "no ascending list"),
    ],
)
def test_what_is_not_accepted_is_named(path: tuple[str, ...], value: Any, words: str) -> None:
    plain = json.loads(json.dumps(INFO.to_plain()))
    inner = plain
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    with pytest.raises(UserError, match=words):
        GraphCorpusInfo.from_plain(plain)


@pytest.mark.parametrize("values", [None, 7, "text", [1, 2], {}])
def test_what_is_no_record_is_named(values: Any) -> None:
    with pytest.raises(UserError, match="has graph corpus format None"):
        GraphCorpusInfo.from_plain(values)


def test_two_records_tell_what_differs() -> None:
    other_graph = replace(INFO, graph_checksum="a" * 64, graph="graphs/other")
    assert INFO.tagging_difference(other_graph) == "graph 000000000000 (graphs/mine) and aaaaaaaaaaaa (graphs/other)"
    hops = replace(INFO, settings=replace(INFO.settings, hops=1))
    assert INFO.tagging_difference(hops) == "hops 2 and 1"
    words = replace(INFO, settings=replace(INFO.settings, linking=LinkingSettings(4)))
    assert INFO.tagging_difference(words) == "linking.max_words 3 and 4"
    assert INFO.tagging_difference(replace(INFO, similarity=None)) == "similarity pkg:some/model and None"
    assert INFO.tagging_difference(replace(INFO, allowed=None)) == "vocabulary train and all"
    assert INFO.tagging_difference(replace(INFO, allowed=(1,))) == "vocabulary train with 4 and 1 concepts"
    assert INFO.tagging_difference(replace(INFO, kept=(1,))) == "vocabulary train with 2 and 1 concepts"
    assert INFO.tagging_difference(replace(INFO, allowed=(), kept=None)) is None  # not known yet
    for same in (replace(INFO, stances=("a",), labels=None, checksums={}), replace(INFO, graph="moved")):
        assert INFO.tagging_difference(same) is None
    assert INFO.difference(replace(INFO, graph="moved", checksums={"test": "2"})) is None
    assert INFO.difference(replace(INFO, stances=("a",))) == "stances ('no', 'yes') and ('a',)"
    assert INFO.difference(replace(INFO, checksums={"train": "2" * 64})) == "other train files"
