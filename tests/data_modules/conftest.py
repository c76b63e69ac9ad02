"""What tests of data modules read."""

from pathlib import Path

import pytest

from tests.tiny import corpus_rows, write_corpus


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """A file of 90 tiny posts."""
    return write_corpus(tmp_path / "posts.csv", corpus_rows(90))
