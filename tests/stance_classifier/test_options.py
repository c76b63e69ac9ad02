"""Options are checked against the constructor of the classifier."""

import pytest

from gatbert.errors import UserError
from gatbert.stance_classifier import StanceClassifier, TextClassifier
from gatbert.stance_classifier.options import class_path, import_classifier, resolve_options
from tests.classifiers import BagOfTokens


def test_defaults_are_filled_in_and_given_options_kept() -> None:
    assert resolve_options(TextClassifier, {}) == {"pooling": "first", "head_dropout": 0.1}
    assert resolve_options(BagOfTokens, {"hidden_size": 3}) == {"hidden_size": 3, "num_graph_layers": 1}


@pytest.mark.parametrize(
    ("classifier", "given", "words"),
    [
        (TextClassifier, {"depth": 2}, "takes no option depth; it takes pooling, head_dropout"),
        (TextClassifier, {"pooling": "last"}, "pooling"),
        (BagOfTokens, {"hidden_size": "wide"}, "hidden_size"),
        (StanceClassifier, {}, "abstract"),
    ],
)
def test_wrong_options_are_refused(classifier: type[StanceClassifier], given: dict[str, object], words: str) -> None:
    with pytest.raises(UserError, match=words):
        resolve_options(classifier, given)


@pytest.mark.parametrize("classifier", [TextClassifier, BagOfTokens])
def test_class_paths_lead_back(classifier: type[StanceClassifier]) -> None:
    assert import_classifier(class_path(classifier)) is classifier


def test_paths_of_this_package_are_public() -> None:
    assert class_path(TextClassifier) == "gatbert.stance_classifier.TextClassifier"


@pytest.mark.parametrize("path", ["NoModule", "no.module.C", "gatbert.stance_classifier.None_", "pathlib.Path"])
def test_what_is_no_classifier_is_refused(path: str) -> None:
    with pytest.raises(UserError, match=path.replace(".", r"\.")):
        import_classifier(path)
