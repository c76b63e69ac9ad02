"""Names, values and places of a file within a message: it stays short, whatever the file holds."""

from collections.abc import Collection
from itertools import islice

from gatbert.samples import Sample

MOST_NAMES = 12
MOST_CHARACTERS = 60


def quoted(value: str) -> str:
    """Return a value in quotation marks, without its middle if it is long."""
    half = MOST_CHARACTERS // 2
    return repr(value if len(value) <= MOST_CHARACTERS else f"{value[:half]}...{value[-half:]}")


def quoted_list(values: Collection[str]) -> str:
    """Return values in quotation marks, the first dozen of them and how many more there are."""
    first = ", ".join(quoted(value) for value in islice(values, MOST_NAMES))
    return first if len(values) <= MOST_NAMES else f"{first} and {len(values) - MOST_NAMES:,} more"


def where_read(sample: Sample) -> str:
    """Return where a sample was read, or its id."""
    return str(sample.origin) if sample.origin is not None else f"sample {sample.id!r}"
