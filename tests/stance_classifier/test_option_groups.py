"""Options are written down once: they are those that the classifiers of this package take."""

from typing import Any

import pytest

from gatbert.errors import UserError
from gatbert.stance_classifier.class_paths import known_classifiers
from gatbert.stance_classifier.option_groups import OPTION_NAMES, ConceptVectorOptions, classifier_options
from gatbert.stance_classifier.options import resolve_options


def test_the_group_has_the_options_of_all_classifiers_and_no_others() -> None:
    taken = {option for classifier in known_classifiers().values() for option in resolve_options(classifier, {})}
    assert taken == set(OPTION_NAMES) - {"classifier_args"}


def test_what_is_not_given_is_left_to_the_classifier() -> None:
    assert classifier_options() == {}
    assert classifier_options(pooling="mean", max_concepts=0) == {"pooling": "mean", "max_concepts": 0}
    assert classifier_options(att_type="hetero", classifier_args={"depth": None}) == {
        "att_type": "hetero",
        "depth": None,
    }
    values = ["mean", *[None] * (len(OPTION_NAMES) - 2), {"depth": 2}]
    assert classifier_options(*values) == {"pooling": "mean", "depth": 2}


@pytest.mark.parametrize("options", [{"concept_embeddings": "kge"}, {"concept_vectors": "mine.txt"}])
def test_vectors_are_named_with_what_they_are_for(options: dict[str, Any]) -> None:
    with pytest.raises(UserError, match="file and kge need concept_vectors, subwords has none"):
        ConceptVectorOptions(**options)
