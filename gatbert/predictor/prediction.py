"""What is predicted for one text: a stance, and how probable each stance is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import escape


@dataclass(frozen=True, eq=False, slots=True)
class Prediction(Mapping[str, float]):
    """Hold what is predicted for one text: a mapping of each stance to its probability, in the order of the label set.

    Two predictions, or a prediction and a dictionary, are equal if their probabilities are.

    Attributes:
        stance: The likeliest stance, or ``None`` where none is as probable as was asked for.
        probabilities: Probability of each stance, 0 to 1; they sum to 1.
    """

    stance: str | None
    probabilities: Mapping[str, float]

    def __getitem__(self, stance: str) -> float:
        """Return the probability of a stance."""
        return self.probabilities[stance]

    def __iter__(self) -> Iterator[str]:
        """Yield the stances, in the order of the label set."""
        return iter(self.probabilities)

    def __len__(self) -> int:
        """Return how many stances there are."""
        return len(self.probabilities)

    def _repr_html_(self) -> str:
        """Return a table for a notebook, with a bar for each stance; what a checkpoint calls its stances is text."""
        rows = "".join(_row(stance, value, stance == self.stance) for stance, value in self.items())
        said = "" if self.stance is not None else "<caption>no stance is probable enough</caption>"
        return f"<table>{said}<tbody>{rows}</tbody></table>"


def _row(stance: str, probability: float, is_predicted: bool) -> str:
    """Return a row of the table: the stance, bold if it is predicted, a bar, and the number."""
    name = f"<b>{escape(stance)}</b>" if is_predicted else escape(stance)
    bar = f'<div style="width:{100 * probability:.1f}px;height:0.8em;background:#4878a8"></div>'
    cells = (name, f'<div style="width:100px">{bar}</div>', f"{probability:.3f}")
    return f"<tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
