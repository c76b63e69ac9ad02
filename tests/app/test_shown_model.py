"""A model of the page answers and explains as the model itself does."""

from pathlib import Path

import numpy as np
import pytest

from gatbert.app.shown_model import by_name, name_of, open_model
from gatbert.errors import UserError
from gatbert.explanations.explain import LEAVE_ONE_OUT, explain
from gatbert.samples import Sample
from gatbert.samples.pair_settings import PairSettings
from tests.app.made import shown_model, tagged
from tests.graphs import STANCES


def test_a_checkpoint_is_opened_by_its_path(run_folder: Path) -> None:
    model = open_model(str(run_folder / "checkpoints" / "last.ckpt"))
    assert (model.name, model.relations, model.gates()) == ("gatbert/v1/last", None, [])
    (found,) = model.predict(["good zoo"], ["zoo"])
    assert tuple(found) == STANCES
    assert sum(found.values()) == pytest.approx(1)


def test_what_the_page_does_not_ask_for_is_refused(run_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PairSettings, "fields", frozenset({"context"}))
    with pytest.raises(UserError, match="reads a context beside the text, which the page does not ask for"):
        open_model(str(run_folder / "checkpoints" / "last.ckpt"))


@pytest.mark.parametrize("name", ["text", "hybrid-gate"])
def test_why_is_told_by_leave_one_out_of_the_very_sample(encoder: str, name: str) -> None:
    model = shown_model(encoder, name)
    found = model.explain("good bad help", "zoo tax")
    sample = Sample("1", "good bad help", "zoo tax")
    whole = explain(model.predictor, tagged(sample) if model.relations else sample)
    np.testing.assert_allclose(found.scores[LEAVE_ONE_OUT], whole.scores[LEAVE_ONE_OUT], atol=1e-6)
    assert bool(model.gates()) == (name == "hybrid-gate")
    assert all(0 <= gate <= 1 for gate in model.gates())


def test_names_are_the_ends_of_paths_and_differ(encoder: str) -> None:
    assert (
        name_of("/a/results/demo/version_0/checkpoints/epoch=2-val_f1=0.76.ckpt")
        == "demo/version_0/epoch=2-val_f1=0.76"
    )
    assert name_of("owner/name") == "owner/name"
    model = shown_model(encoder)
    assert list(by_name([model, model])) == ["text (1)", "text (2)"]
    assert list(by_name([model])) == ["text"]
