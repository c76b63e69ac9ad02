"""Labels: a name of a stance, its synonyms, or a sentence with the remedy."""

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


def test_an_unknown_label_names_the_remedy(tmp_path: Path) -> None:
    message = refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n")
    assert ":2: unknown label 'Yes'; known labels are" in message
    assert """--data.labels '{"Yes": "favor"}'""" in message
    assert """{"Yes": "for"}""" in refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n", stances=["for", "against"])
