"""Loading: from any source the same model, on the device that is asked for."""

from pathlib import Path

import numpy as np
import pytest
import torch

import gatbert
from gatbert.errors import UserError
from gatbert.predictor.loading import device_of
from tests.command_line import rows_of


def test_a_run_folder_answers_as_its_test_did(run_folder: Path) -> None:
    rows = rows_of(run_folder / "predictions.test.csv")
    posts = {row["id"]: row["text"] for row in rows_of(run_folder.parents[2] / "posts.csv")}
    model = gatbert.load(run_folder)
    found = model.predict([posts[row["id"]] for row in rows], [row["target"] for row in rows])
    expected = [[float(row[f"prob_{stance}"]) for stance in model.stances] for row in rows]
    np.testing.assert_allclose([[*one.values()] for one in found], expected, atol=1e-6)
    assert [one.stance for one in found] == [row["predicted"] for row in rows]


def test_devices_are_those_of_torch() -> None:
    assert device_of("cpu") == torch.device("cpu")
    assert device_of("auto").type == ("cuda" if torch.cuda.is_available() else "cpu")
    for wrong in ("gpu", "cuda:99", ""):
        with pytest.raises(UserError, match=rf"device '{wrong}' cannot be used \(.*\); accepted are auto, cpu, cuda"):
            device_of(wrong)
