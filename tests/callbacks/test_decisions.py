"""Temperature and thresholds are those of the validation that has just ended, of samples that count, and no other."""

from types import SimpleNamespace
from typing import Any

import pytest
import torch

from gatbert.batches import NO_GOLD, REPEATED
from gatbert.callbacks import Decisions
from gatbert.errors import UserError
from gatbert.evaluation.decision import fit_temperature, fit_thresholds
from gatbert.samples.decision import Decision
from gatbert.samples.stances import STANCES

GENERATOR = torch.Generator().manual_seed(0)
LOGITS = 3 * torch.randn(60, 3, generator=GENERATOR)
GOLD = (LOGITS / 2 + torch.randn(60, 3, generator=GENERATOR)).argmax(-1)


def validated(callback: Decisions, command: str = "fit", noise: bool = False) -> Decision:
    """Return what a validation leaves in the module, in batches of twenty; noise are rows that do not count."""
    trainer: Any = SimpleNamespace(state=SimpleNamespace(fn=command), world_size=1)
    module: Any = SimpleNamespace(decision=Decision(3.0), stances=STANCES)
    callback.on_validation_start(trainer, module)
    for start in (40, 0, 20):
        rows = torch.arange(start, start + 20)
        gold, index, logits = GOLD[rows], rows, LOGITS[rows]
        if noise:
            gold = torch.cat([gold, torch.tensor([NO_GOLD, 2])])
            index = torch.cat([index, torch.tensor([100 + start, REPEATED])])
            logits = torch.cat([logits, torch.tensor([[9.0, 0, 0], [9.0, 0, 0]])])
        batch: Any = SimpleNamespace(stance_index=gold, sample_index=index)
        callback.on_validation_batch_end(trainer, module, logits.softmax(-1), batch)
    callback.on_validation_epoch_end(trainer, module)
    found: Decision = module.decision
    return found


@pytest.mark.parametrize("noise", [False, True])
def test_the_temperature_is_that_of_the_validation_samples(noise: bool) -> None:
    found = validated(Decisions(), noise=noise)
    assert found.temperature == pytest.approx(fit_temperature(LOGITS.double().numpy(), GOLD.numpy()), rel=1e-4)
    assert found.temperature > 1.1
    assert found.thresholds == {}


def test_thresholds_are_asked_for() -> None:
    found = validated(Decisions(temperature=False, thresholds="macro_f1"))
    expected = fit_thresholds(LOGITS.log_softmax(-1).double().numpy(), GOLD.numpy(), STANCES, "macro_f1")
    assert found == Decision(1.0, dict(zip(STANCES, expected, strict=True)))
    assert len(set(expected)) > 1


def test_nothing_is_found_where_nothing_is_asked_for() -> None:
    assert validated(Decisions(temperature=False)) == Decision()


def test_a_validation_of_its_own_keeps_the_decision_of_the_checkpoint() -> None:
    assert validated(Decisions(), "validate") == Decision(3.0)


def test_each_validation_begins_anew() -> None:
    callback = Decisions()
    assert validated(callback) == validated(callback)


def test_a_score_that_the_label_set_lacks_is_refused() -> None:
    module: Any = SimpleNamespace(stances=("agree", "disagree"))
    with pytest.raises(UserError, match="favor_against_f1"):
        Decisions(thresholds="favor_against_f1").on_fit_start(SimpleNamespace(), module)  # type: ignore[arg-type]
