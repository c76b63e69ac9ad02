"""What all sources have in common, shown on one that does nothing else."""

from contextlib import closing
from pathlib import Path
from typing import ClassVar

import pytest

from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.knowledge.sources.assertions import Assertions, Choice
from gatbert.knowledge.sources.source import Source


class Made(Source):
    """A source with one assertion."""

    kind: ClassVar[str] = "made"

    def check(self, choice: Choice) -> None:
        """Find nothing wrong."""

    def add(self, assertions: Assertions) -> int:
        """Add it."""
        return assertions.add(
            "make", "SELECT 'en/a' AS head, 'IsA' AS relation, 'en/b' AS tail, 2.0 AS weight, NULL AS license"
        )


@pytest.mark.parametrize("min_weight", [1.0, 3.0])
def test_a_source_is_described_as_it_is_or_refused(tmp_path: Path, min_weight: float) -> None:
    (tmp_path / "made.txt").write_text("text")
    made = Made(str(tmp_path / "made.txt"))
    with closing(Assertions(tmp_path, Choice(min_weight=min_weight), lambda what, done: None)) as assertions:
        if min_weight == 1:
            checksum = sha256_of_files([tmp_path / "made.txt"])
            described = {"kind": "made", "name": "made.txt", "bytes": 4, "sha256": checksum, "num_assertions": 1}
            assert made.add_to(assertions) == described
        else:
            with pytest.raises(UserError, match=r"made\.txt has no assertion that languages, relations and min_weight"):
                made.add_to(assertions)
