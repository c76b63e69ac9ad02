"""What the sample explorer of a page is given."""

from dataclasses import replace

import numpy as np

from gatbert.evaluation.corpus import Corpus
from gatbert.evaluation.explorer import explorer_samples
from gatbert.evaluation.predictions import UNKNOWN_STANCE
from gatbert.evaluation.report import Group
from tests.evaluation.made import made_predictions


def test_a_gold_stance_that_is_not_known_is_null() -> None:
    found = made_predictions(np.random.default_rng(0), 3, 1.0)
    hidden = replace(found, gold=np.array([0, UNKNOWN_STANCE, 2]))
    samples = explorer_samples([Group("text", [hidden])], Corpus({}, None, []))
    assert samples["gold"] == [0, None, 2]
