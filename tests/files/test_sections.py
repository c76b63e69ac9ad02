"""Sections of a Markdown file: what stands between two comments is replaced, and nothing else."""

from pathlib import Path

import pytest

from gatbert.errors import UserError
from gatbert.files.sections import find_section, with_section

TEXT = "# A\n<!-- vast: written by a command -->\nold\n\n<!-- end of vast -->\nmine\n<!-- x: y -->\n<!-- end of x -->"


def test_a_section_is_replaced_as_often_as_one_likes() -> None:
    once = with_section(TEXT, "vast", r"| a\|b | \1 |" + "\n")
    assert once == TEXT.replace("old\n\n", "| a\\|b | \\1 |\n")
    assert with_section(once, "vast", "old\n\n") == TEXT
    assert with_section(TEXT, "x", "new\n").endswith("<!-- x: y -->\nnew\n<!-- end of x -->")


def test_a_file_keeps_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "results.md"
    path.write_text(TEXT)
    find_section(f"{path}#vast").write("new\n")
    assert path.read_text() == TEXT.replace("old\n\n", "new\n")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("results.md", "'results.md' names no section of a file; give FILE#SECTION"),
        ("#vast", "names no section of a file"),
        ("results.md#", "names no section of a file"),
        ("results.md#a b", "names no section of a file"),
        ("nowhere.md#vast", "nowhere.md cannot be read: No such file or directory"),
        (".#vast", "cannot be read: Is a directory"),
        ("results.md#semeval", "results.md has no section semeval; one begins with the line <!-- semeval: written by"),
        ("twice.md#vast", "twice.md has 2 sections vast"),
    ],
)
def test_mistakes_are_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    Path("results.md").write_text(TEXT)
    Path("twice.md").write_text(f"{TEXT}\n{TEXT}")
    with pytest.raises(UserError, match=said):
        find_section(place)
