"""Files of other wordings."""

from pathlib import Path

import pytest

from gatbert.corpora.paraphrases import read_paraphrases
from gatbert.errors import UserError


def test_yaml_and_json_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    for text in ("wind power: turbines\nzoos: animal parks\n", '{"wind power": "turbines", "zoos": "animal parks"}'):
        path.write_text(text)
        assert read_paraphrases(str(path)) == {"wind power": "turbines", "zoos": "animal parks"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[zoos]", "holds no wordings"),
        ("", "holds no wordings"),
        ("zoos:", "'zoos': None is no wording"),
        ("zoos: ' '", "is no wording"),
        ("1: zoos", "1: 'zoos' is no wording"),
        ("no: zoos", "is no wording of a target; put both in quotation marks"),
    ],
)
def test_other_files_are_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(text)
    with pytest.raises(UserError, match=message):
        read_paraphrases(str(tmp_path / "a.yaml"))


def test_a_missing_file_is_named() -> None:
    with pytest.raises(UserError, match="nowhere"):
        read_paraphrases("nowhere.yaml")
