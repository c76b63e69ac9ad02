"""What a run measured of the model that is exported, from its files: scores, calibration, ablation."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from gatbert.errors import UserError
from gatbert.evaluation.ablation import Ablation
from gatbert.evaluation.calibration import calibration, ece_before
from gatbert.evaluation.predictions import Predictions, read_predictions
from gatbert.evaluation.scores import summary_names
from gatbert.evaluation.significance import Bootstrap, Estimate
from gatbert.exports.source import Source
from gatbert.files.documents import read_json
from gatbert.files.records import from_plain
from gatbert.pretrained.checkpoints import Recipe

SPLITS = ("test", "val")


@dataclass(frozen=True, eq=False)
class Measured:
    """Hold what is known of a model on one split.

    Attributes:
        split: The split.
        predictions: Its predictions.
        scores: Scores with their intervals, by name.
        ece: Expected calibration error.
        ece_before: The same without what validation chose; ``None`` where it chose nothing.
    """

    split: str
    predictions: Predictions
    scores: Mapping[str, Estimate]
    ece: float | None
    ece_before: float | None

    @property
    def num_samples(self) -> int:
        """Samples with a gold stance, on which the scores rest."""
        return len(self.predictions.known)


@dataclass(frozen=True)
class AblationSubject:
    """Hold of what an ablation is: model and data, as the user wrote them."""

    checkpoint: str
    classifier: str
    split: str
    files: Mapping[str, str]


def read_measured(source: Source) -> Measured | None:
    """Return what the run of a model measured, on test if it tested; ``None`` if it has predicted with another one."""
    if source.run is None or not source.is_best:
        return None
    for split in SPLITS:
        path = source.run / f"predictions.{split}.csv"
        if path.is_file():
            found = read_predictions(path)
            if len(found.known):
                return _measured(split, found, source)
    return None


def read_ablation(folder: Path, recipe: Recipe, checkpoint: Path) -> tuple[AblationSubject, Ablation]:
    """Read what ``gatbert ablate`` wrote.

    Args:
        folder: Its folder.
        recipe: The model that is exported.
        checkpoint: Its checkpoint.

    Raises:
        UserError: If it is damaged, or of another model.
    """
    path = folder / "ablation.json"
    values = read_json(path)
    subject = from_plain(AblationSubject, values, str(path), complete=False)
    if (Path(subject.checkpoint).name, subject.classifier) != (checkpoint.name, recipe.classifier):
        raise UserError(
            f"{path} is about {subject.classifier} in {subject.checkpoint}, and {checkpoint} is exported; give the "
            "ablation of that, or leave --ablation out"
        )
    return subject, from_plain(Ablation, values, str(path), complete=False)


def _measured(split: str, predictions: Predictions, source: Source) -> Measured:
    """Return scores and calibration of one run's predictions."""
    stances = predictions.stances
    bootstrap = Bootstrap(predictions.cells[None], stances)
    names = [*summary_names(stances), *(f"f1_{stance}" for stance in stances)]
    decision = None if source.record is None else source.record.decision
    found = calibration([predictions])
    return Measured(
        split,
        predictions,
        {name: bootstrap.estimate(name, [0]) for name in names},
        None if found is None else found.ece,
        ece_before([predictions], [decision]),
    )
