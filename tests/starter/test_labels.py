"""Labels say their stance by their words, or by their numbers beside each other; what they do not say is asked."""

import pytest

from gatbert.errors import UserError
from gatbert.starter.labels import label_map, stance_of_labels


@pytest.mark.parametrize(
    ("labels", "stances"),
    [
        (["FAVOR", "AGAINST", "NONE"], ["favor", "against", "neutral"]),
        (["pro", "con"], ["favor", "against"]),
        (["Support", "Oppose"], ["favor", "against"]),
        (["in_favor", "no-stance", "Disagree"], ["favor", "neutral", "against"]),
        (["-1", "0", "1"], ["against", "neutral", "favor"]),
        (["1.0", "-1.0"], ["favor", "against"]),
        (["0", "1"], ["against", "favor"]),
    ],
)
def test_what_labels_say_is_understood(labels: list[str], stances: list[str]) -> None:
    assert stance_of_labels(labels) == dict(zip(labels, stances, strict=True))
    assert label_map("y", labels, {}) == dict(zip(labels, stances, strict=True))


def test_numbers_that_corpora_mean_differently_are_asked() -> None:
    with pytest.raises(UserError, match=r"the column 'y' .* '0', '1', '2' means cannot be told; say it by --labels"):
        label_map("y", ["0", "1", "2"], {})


def test_the_user_says_the_rest_whatever_the_case() -> None:
    found = label_map("y", ["FAVOR", "AGAINST", "Query", "Deny"], {"query": "neutral", "DENY": None})
    assert found == {"FAVOR": "favor", "AGAINST": "against", "Query": "neutral", "Deny": None}


@pytest.mark.parametrize("given", [{"against": "favor"}, {"against": None}])
def test_one_stance_alone_cannot_be_trained(given: dict[str, str | None]) -> None:
    with pytest.raises(UserError, match="training needs two stances or more"):
        label_map("y", ["favor", "against"], given)
