"""A trained classifier is rebuilt from its checkpoint with all that belongs to it."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from gatbert.errors import UserError
from gatbert.pretrained.checkpoints import Recipe, read_checkpoint
from gatbert.pretrained.weights import CLASSIFIER, weights
from gatbert.stance_classifier.trained import TrainedClassifier
from tests.graphs import random_sample


def test_weights_recipe_and_decision_are_those_of_the_checkpoint(run_folder: Path) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    recipe, model = Recipe.read(checkpoint), TrainedClassifier.from_checkpoint(checkpoint)
    assert (model.recipe, model.stances, model.decision) == (recipe, recipe.stances, recipe.decision)
    assert model.source == str(checkpoint)
    assert not model.classifier.training
    expected = weights(read_checkpoint(checkpoint), CLASSIFIER, checkpoint)
    torch.testing.assert_close(model.classifier.state_dict(), expected)


def test_logits_are_alike_in_batches_of_any_size(run_folder: Path) -> None:
    model = TrainedClassifier.from_checkpoint(run_folder / "checkpoints" / "last.ckpt")
    encoded = model.preprocessor.encode([random_sample(seed) for seed in range(7)])
    torch.testing.assert_close(model.logits(encoded, 3), model.logits(encoded), atol=1e-5, rtol=0)


def test_a_transform_of_another_version_is_refused(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoint = run_folder / "checkpoints" / "last.ckpt"
    changed = replace(Recipe.read(checkpoint), transforms=("upside_down",))
    monkeypatch.setattr(Recipe, "from_checkpoint", lambda *_: changed)
    with pytest.raises(UserError, match=r"last\.ckpt names the transform 'upside_down', which this gatbert"):
        TrainedClassifier.from_checkpoint(checkpoint)
