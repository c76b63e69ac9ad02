"""What all ways to split share: settings that are plain, and ids that tell samples apart."""

import json

from hypothesis import given
from hypothesis import strategies as st

from gatbert.corpora.fields import content_id
from gatbert.corpora.splits.corpus_splits import CorpusSplits, with_distinct_ids
from gatbert.corpora.splits.given_splits import GivenSplits
from gatbert.corpora.splits.random_splits import RandomSplits
from gatbert.samples import Sample


@given(st.lists(st.sampled_from("abc")))
def test_samples_whose_ids_are_made_of_their_content_are_told_apart(texts: list[str]) -> None:
    samples = [Sample(content_id("zoos", text), text, "zoos") for text in texts]
    found = with_distinct_ids(samples)
    assert len({sample.id for sample in found}) == len(samples)
    assert [sample.text for sample in found] == texts
    assert [one.id for one in with_distinct_ids(found)] == [one.id for one in found]


def test_ids_of_the_corpus_stay_as_they_are() -> None:
    samples = [Sample("7", "a", "zoos"), Sample("7", "a", "zoos"), Sample("7-2", "b", "zoos")]
    assert with_distinct_ids(samples) == samples


def test_settings_are_plain_and_name_the_way() -> None:
    ways: list[CorpusSplits] = [RandomSplits(partitions={"a.csv": [0.5, 0.25, 0.25]}), GivenSplits(train="a.csv")]
    for way in ways:
        plain = json.loads(json.dumps(way.settings()))
        assert plain["kind"] == type(way).__name__
        assert plain["stances"] == ["against", "favor", "neutral"]
    assert ways[0].settings() != RandomSplits(partitions={"a.csv": [0.5, 0.5, 0.0]}).settings()
