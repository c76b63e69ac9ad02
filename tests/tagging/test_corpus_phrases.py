"""The phrases of lists and corpora, by which a large source is limited."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.tagging.corpus_phrases import PhrasesType, read_phrases


def test_a_list_has_one_phrase_per_line(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Joe Biden\n\n climate_change \nCafé\n")
    (tmp_path / "b.txt").write_text("NYC\n")
    found = read_phrases([str(tmp_path / "a.txt"), str(tmp_path / "b.txt")])
    assert found == {"joe biden", "climate change", "cafe", "nyc"}


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.csv", "text,target,stance\n{0},{1},pro\n", None),
        ("a.tsv", "text\ttarget\n{0}\t{1}\n", None),
        ("a.jsonl", '{{"text": "{0}", "target": "{1}"}}\n', None),
        ("a.dat", "ID\tTarget\tTweet\tStance\n1\t{1}\t{0}\tAGAINST\n", "semeval"),
    ],
)
def test_a_corpus_has_its_targets_and_what_its_texts_may_name(
    tmp_path: Path, name: str, text: str, kind: PhrasesType | None
) -> None:
    (tmp_path / name).write_text(
        text.format("The wall of President Joe Biden. #ClimateChange 2020!", "the House of Lords")
    )
    assert read_phrases([str(tmp_path / name)], kind) == {
        "the house of lords",
        "house",
        "house of lords",
        "lords",
        "wall",
        "wall of president",
        "wall of president joe",
        "president",
        "president joe",
        "president joe biden",
        "joe",
        "joe biden",
        "biden",
        "climate",
        "climate change",
    }


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.txt", "\n \n", r"a\.txt: the file has no phrase; accepted is one per line, or a corpus"),
        ("a.txt", None, r"the file of phrases .*a\.txt does not exist"),
        ("a.csv", None, r"a\.csv does not exist"),
        ("a.csv", "text,topic\na,b\n", "target"),
        ("a.xlsx", "x", r"a\.xlsx: no phrases are read from a file of this name; accepted are \.txt, \.csv"),
    ],
)
def test_a_file_without_phrases_is_named(tmp_path: Path, name: str, text: str | None, words: str) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    with pytest.raises(UserError, match=words):
        read_phrases([str(tmp_path / name)])
