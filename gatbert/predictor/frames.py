"""Tables of pandas, known by what they can do: pandas itself is not needed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol, TypeVar, runtime_checkable

from gatbert.errors import UserError
from gatbert.evaluation.predictions import PREDICTED, PROBABILITY
from gatbert.predictor.prediction import Prediction


@runtime_checkable
class Frame(Protocol):
    """What is asked of a table: its columns by name, and itself with more of them."""

    @property
    def columns(self) -> Any:
        """Return the names of its columns."""

    def __getitem__(self, column: Any, /) -> Any:
        """Return the values of a column."""

    def assign(self, **columns: Any) -> Any:
        """Return a copy with more columns."""


FrameT = TypeVar("FrameT", bound=Frame)


def values(frame: Frame, field: str, columns: Mapping[str, str]) -> Iterable[Any]:
    """Return the values of a field, one a row.

    Args:
        frame: The table.
        field: The field: text, target or context.
        columns: Column of each field; one that is not there has a column of its own name.

    Raises:
        UserError: If there is no such column.
    """
    column = columns.get(field, field)
    if column not in frame.columns:
        known = ", ".join(map(str, frame.columns))
        raise UserError(
            f"the frame has no column {column!r} for {field}; its columns are {known[:200]}; say which it is by "
            f"predict(..., columns={{{field!r}: COLUMN}})"
        )
    found: Iterable[Any] = frame[column]
    return found


def with_predictions(frame: FrameT, predictions: Sequence[Prediction], stances: Sequence[str]) -> FrameT:
    """Return a table with a column for the predicted stance, and one for the probability of each."""
    added: dict[str, list[Any]] = {PREDICTED: [one.stance for one in predictions]}
    added |= {f"{PROBABILITY}{stance}": [one[stance] for one in predictions] for stance in stances}
    found: FrameT = frame.assign(**added)
    return found
