"""Sections of a Markdown file that a command writes, between two comments; the rest of the file is a person's."""

import re
from dataclasses import dataclass
from pathlib import Path

from gatbert.errors import UserError
from gatbert.files.paths import resolve, write_atomically


def with_section(text: str, name: str, content: str, where: str = "the text") -> str:
    """Return a text with other content between ``<!-- NAME: ... -->`` and ``<!-- end of NAME -->``.

    Args:
        text: The text.
        name: Name of the section.
        content: Whole lines.
        where: What the text is, for messages.

    Raises:
        UserError: If the text has no such section, or several.
    """
    lines = rf"(^<!-- {re.escape(name)}: [^\n]*-->\n)(.*?)(^<!-- end of {re.escape(name)} -->$)"
    found, count = re.subn(lines, lambda old: f"{old[1]}{content}{old[3]}", text, flags=re.DOTALL | re.MULTILINE)
    if count != 1:
        raise UserError(
            f"{where} has {count or 'no'} section{'s' if count else ''} {name}; one begins with the line "
            f"<!-- {name}: written by gatbert report --> and ends with <!-- end of {name} -->"
        )
    return found


@dataclass(frozen=True)
class Section:
    """Hold where a section is that is known to be there: the file, and its name."""

    path: Path
    name: str

    def write(self, content: str) -> None:
        """Write other content, whole lines, into the section."""
        write_atomically(self.path, with_section(_text(self.path), self.name, content, str(self.path)))


def find_section(place: str) -> Section:
    """Return the section that ``FILE#NAME`` names.

    Raises:
        UserError: If it has another form, the file cannot be read, or has no such section.
    """
    file, _, name = place.rpartition("#")
    if not file or not re.fullmatch(r"[\w-]+", name):
        raise UserError(f"{place!r} names no section of a file; give FILE#SECTION, such as docs/results.md#vast")
    path = resolve(file)
    with_section(_text(path), name, "", str(path))
    return Section(path, name)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise UserError(f"{path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
