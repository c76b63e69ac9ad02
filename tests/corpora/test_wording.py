"""Names and values of a file within a message stay short, whatever the file holds."""

from pathlib import Path

import pytest

from gatbert.corpora import read_corpus
from gatbert.errors import UserError

HEADER = "text,target,stance\n"


def refused(path: Path, content: str | bytes, corpus_type: str = "csv", **options: object) -> str:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(UserError) as error:
        list(read_corpus(path, corpus_type, **options))  # type: ignore[arg-type]
    message = str(error.value)
    assert message.startswith(f"{path}")
    assert "\n" not in message
    assert len(message) < 2000
    return message


def test_long_names_and_labels_are_cut(tmp_path: Path) -> None:
    assert "xxx...xxx" in refused(tmp_path / "a", "x" * 1_000_000 + ",target\na,b\n")
    assert "yyy...yyy" in refused(tmp_path / "b", f"{HEADER}a,b,{'y' * 1_000_000}\n")
