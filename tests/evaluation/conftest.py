"""What all tests of prediction files and run folders share."""

import csv
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _python_s_own_limit_of_fields() -> Iterator[None]:
    """Put the limit back that readers of corpora lift for the whole process, whichever test was first."""
    before = csv.field_size_limit(131_072)
    yield
    csv.field_size_limit(before)
