"""Settings of tagging: numbers in their ranges, and what both ways of sampling are."""

from typing import Any, get_args

import pytest

from gatbert.corpora.tagging_settings import LinkingSettings, Sampling, TaggingSettings
from gatbert.errors import UserError
from gatbert.tagging import subgraphs


@pytest.mark.parametrize("name", get_args(Sampling))
def test_every_sampling_is_a_function_of_its_name(name: str) -> None:
    assert callable(getattr(subgraphs, name))


@pytest.mark.parametrize(
    ("kind", "values", "words"),
    [
        (LinkingSettings, {"max_words": 0}, "linking.max_words 0 is not accepted; accepted is at least 1"),
        (LinkingSettings, {"degree_cap": -1}, "linking.degree_cap -1 is not accepted"),
        (TaggingSettings, {"hops": -1}, "hops -1 is not accepted"),
        (TaggingSettings, {"max_concepts": -1}, "max_concepts -1 is not accepted"),
        (TaggingSettings, {"min_relevance": 1.5}, "min_relevance 1.5 is not accepted; accepted is -1 to 1"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(kind: Any, values: dict[str, float], words: str) -> None:
    with pytest.raises(UserError, match=words):
        kind(**values)
