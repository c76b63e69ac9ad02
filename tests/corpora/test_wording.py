"""Names and values of a file within a message stay short, whatever the file holds."""

from pathlib import Path

from tests.corpora.files import HEADER, refused


def test_long_names_and_labels_are_cut(tmp_path: Path) -> None:
    assert "xxx...xxx" in refused(tmp_path / "a", "x" * 1_000_000 + ",target\na,b\n")
    assert "yyy...yyy" in refused(tmp_path / "b", f"{HEADER}a,b,{'y' * 1_000_000}\n")
