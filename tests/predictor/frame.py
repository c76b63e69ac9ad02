"""What a DataFrame of pandas can do, as far as gatbert asks."""

from collections.abc import Iterator, Sequence
from typing import Any


class DataFrame:
    """A table by columns; like that of pandas, it is an iterable of their names."""

    def __init__(self, columns: dict[str, Sequence[Any]]) -> None:
        self.values = columns

    @property
    def columns(self) -> list[str]:
        """Names of the columns."""
        return list(self.values)

    def __iter__(self) -> Iterator[object]:
        return iter(self.values)

    def __getitem__(self, column: str) -> Sequence[Any]:
        return self.values[column]

    def assign(self, **columns: Sequence[Any]) -> "DataFrame":
        """Return a copy with more columns, in the place of those of the same names."""
        return DataFrame({**self.values, **columns})
