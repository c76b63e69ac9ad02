"""A model as the page shows it: its name, what it answers, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import gatbert
from gatbert.errors import UserError
from gatbert.explanations import Explanation
from gatbert.predictor import StancePredictor
from gatbert.samples import Relations, Sample

NOT_ASKED = ("context", "background")
"""Fields of a sample that the page does not ask for."""

NAME_PARTS = 3


@dataclass(frozen=True, eq=False)
class ShownModel:
    """Hold a model of the page.

    Attributes:
        name: What it is called there.
        predictor: The model.
        relations: Relations of the graphs that it reads; ``None`` if it reads no concepts.
    """

    name: str
    predictor: StancePredictor
    relations: Relations | None

    def predict(self, texts: Sequence[str], targets: Sequence[str]) -> list[Mapping[str, float]]:
        """Return the probability of each stance for each text; errors as in ``StancePredictor.predict``."""
        return [*self.predictor.predict(list(texts), list(targets), progress=False)]

    def explain(self, text: str, target: str) -> Explanation:
        """Return what each word and concept contributes, by leave-one-out alone, which a reader waits for."""
        return self.predictor.explain_sample(Sample("1", text, target), quick=True)

    def gates(self) -> list[float]:
        """Return how far each layer lets the graph in, 0 to 1; nothing for a classifier without gates."""
        found = self.predictor.classifier.measures()
        return [float(value) for name, value in found.items() if name.startswith("gate_layer")]


def open_model(source: str, graph: str | None = None, classifier: str | None = None) -> ShownModel:
    """Open a model for the page.

    Args:
        source: What ``gatbert.load`` takes.
        graph: As in ``gatbert.load``.
        classifier: As in ``gatbert.load``.

    Raises:
        UserError: As in ``gatbert.load``; and if the classifier reads what the page does not ask for.
    """
    predictor = gatbert.load(source, graph=graph, classifier=classifier)
    for field in NOT_ASKED:
        if field in predictor.preprocessor.pair.fields:
            raise UserError(
                f"the classifier of {source} reads a {field} beside the text, which the page does not ask for; use "
                "gatbert predict"
            )
    recipe = predictor.recipe
    tagging = recipe.tagging if recipe is not None and recipe.reads_concepts else None
    return ShownModel(name_of(source), predictor, None if tagging is None else tagging.relations)


def name_of(source: str) -> str:
    """Return a short name of a model: the end of its path, ``demo/version_0/last``."""
    path = Path(source)
    parts = [part for part in path.with_suffix("" if path.suffix == ".ckpt" else path.suffix).parts if part != "/"]
    return "/".join([part for part in parts if part != "checkpoints"][-NAME_PARTS:])


def by_name(models: Sequence[ShownModel]) -> Mapping[str, ShownModel]:
    """Return models by name; those of one name are told apart by their number."""
    names = [model.name for model in models]
    return {
        name if names.count(name) == 1 else f"{name} ({number})": model
        for number, (name, model) in enumerate(zip(names, models, strict=True), start=1)
    }
