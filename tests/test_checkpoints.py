"""Recipes travel through checkpoint files, and every other file is refused in one sentence."""

from pathlib import Path
from typing import Any

import pytest
import torch

from gatbert.checkpoints import RECIPE_KEY, Recipe, read_checkpoint
from gatbert.errors import UserError

RECIPE = Recipe("m.C", {"pooling": "mean"}, "somewhere", {"model_type": "bert"}, {"a.json": "{}"}, ["a", "b"], 64, None)


def saved(path: Path, values: dict[str, Any]) -> Path:
    torch.save(values, path)
    return path


def test_recipe_survives_a_file(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.ckpt", {RECIPE_KEY: RECIPE.plain(), "state_dict": {"w": torch.ones(2)}})
    assert Recipe.read(path) == RECIPE
    assert read_checkpoint(path)["state_dict"]["w"].tolist() == [1, 1]


@pytest.mark.parametrize("kind", ["missing", "cut", "text", "foreign", "newer", "code"])
def test_every_other_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"{kind}.ckpt"
    words = {"missing": "does not exist", "foreign": "not one that gatbert wrote", "newer": "format 99"}
    if kind == "cut":
        whole = saved(path, {RECIPE_KEY: RECIPE.plain(), "w": torch.ones(1000)}).read_bytes()
        path.write_bytes(whole[: len(whole) // 2])
    elif kind == "text":
        path.write_text("no checkpoint")
    elif kind == "foreign":
        saved(path, {"state_dict": {}})
    elif kind == "newer":
        saved(path, {RECIPE_KEY: {**RECIPE.plain(), "format_version": 99}})
    elif kind == "code":
        saved(path, {RECIPE_KEY: Path})  # a class: weights_only=True does not load it
    with pytest.raises(UserError, match=words.get(kind, "cannot be read")) as refused:
        Recipe.read(path)
    assert str(path) in str(refused.value)
