"""Labels: a name of a stance, its synonyms, or a sentence with the remedy."""

from pathlib import Path

from tests.corpora.files import HEADER, refused


def test_an_unknown_label_names_the_remedy(tmp_path: Path) -> None:
    message = refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n")
    assert ":2: unknown label 'Yes'; known labels are" in message
    assert """--data.labels '{"Yes": "favor"}'""" in message
    assert """{"Yes": "for"}""" in refused(tmp_path / "a.csv", f"{HEADER}x,t,Yes\n", stances=["for", "against"])
