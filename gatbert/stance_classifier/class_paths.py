"""Classifiers by their class path: named in short or in full, imported only where a user has named them."""

import importlib
import inspect
from pathlib import Path
from typing import Any

from gatbert.errors import UserError
from gatbert.stance_classifier.base import StanceClassifier


def class_path(classifier: type[StanceClassifier]) -> str:
    """Return the import path of a classifier, the shortest public one for those of this package."""
    public = getattr(importlib.import_module("gatbert.stance_classifier"), classifier.__name__, None)
    module = "gatbert.stance_classifier" if public is classifier else classifier.__module__
    return f"{module}.{classifier.__qualname__}"


def known_classifiers() -> dict[str, type[StanceClassifier]]:
    """Return the classifiers of this package that can be trained, by class path."""
    found = vars(importlib.import_module("gatbert.stance_classifier")).values()
    classes = [one for one in found if isinstance(one, type) and issubclass(one, StanceClassifier)]
    return {class_path(one): one for one in classes if not inspect.isabstract(one)}


def full_path(name: str) -> str:
    """Return the class path of a classifier that may be named in short, as ``Hybrid`` or ``HybridClassifier``."""
    known = known_classifiers()
    short = {path.rpartition(".")[2].removesuffix("Classifier"): path for path in known}
    return short.get(name.removesuffix("Classifier"), name)


def classifier_of_checkpoint(
    path: str, checkpoint: str | Path, named: str | type[StanceClassifier] | None = None
) -> type[StanceClassifier]:
    """Return the classifier that a checkpoint asks for; nothing is imported because a checkpoint says so.

    Args:
        path: Class path in the checkpoint.
        checkpoint: The checkpoint, for errors.
        named: Classifier that the user has named, for one that is not of this package.

    Raises:
        UserError: If it is not of this package and the user has not named it, or has named another.
    """
    known = known_classifiers()
    chosen = import_classifier(full_path(named)) if isinstance(named, str) else named
    if chosen is not None and class_path(chosen) == path:
        return chosen
    if chosen is not None:
        raise UserError(f"{checkpoint} was trained with the classifier {path}, not with {class_path(chosen)}")
    if path not in known:
        raise UserError(
            f"{checkpoint} asks for the classifier {path}, which is not of gatbert; if you trust it, name it: "
            f"--classifier {path}, or gatbert.load(..., classifier={path!r})"
        )
    return known[path]


def import_by_path(path: str) -> Any:
    """Import what a dotted path names.

    Raises:
        ImportError: If there is no such module, or no such name in it.
    """
    module, _, name = path.rpartition(".")
    try:
        return getattr(importlib.import_module(module), name)
    except (AttributeError, ValueError) as error:
        raise ImportError(str(error)) from error


def import_classifier(path: str) -> type[StanceClassifier]:
    """Import a classifier by its path.

    Raises:
        UserError: If it cannot be imported, or is no classifier.
    """
    try:
        found = import_by_path(path)
    except ImportError as error:
        raise UserError(
            f"classifier {path!r} cannot be imported ({error}); accepted are "
            f"{', '.join(known.rpartition('.')[2] for known in known_classifiers())}, and class paths, such as "
            "my_package.MyClassifier"
        ) from error
    if not (isinstance(found, type) and issubclass(found, StanceClassifier)):
        raise UserError(f"classifier {path!r} is not a subclass of gatbert.stance_classifier.StanceClassifier")
    return found
