"""Classifiers are found again by their class paths, and what is none is refused."""

import pytest

from gatbert.errors import UserError
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.class_paths import class_path, full_path, import_classifier, known_classifiers
from tests.classifiers import BagOfTokens


@pytest.mark.parametrize("classifier", [TextClassifier, BagOfTokens])
def test_class_paths_lead_back(classifier: type[StanceClassifier]) -> None:
    assert import_classifier(class_path(classifier)) is classifier


def test_paths_of_this_package_are_public() -> None:
    assert class_path(TextClassifier) == "gatbert.stance_classifier.TextClassifier"


@pytest.mark.parametrize("path", ["NoModule", "no.module.C", "gatbert.stance_classifier.None_", "pathlib.Path"])
def test_what_is_no_classifier_is_refused(path: str) -> None:
    with pytest.raises(UserError, match=path.replace(".", r"\.")):
        import_classifier(path)


def test_short_names_are_those_of_this_package() -> None:
    path = "gatbert.stance_classifier.TextClassifier"
    assert full_path("Text") == full_path("TextClassifier") == full_path(path) == path
    assert full_path("my_package.Mine") == "my_package.Mine"
    assert known_classifiers()[path] is TextClassifier
