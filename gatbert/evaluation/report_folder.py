"""The folder of a report: written whole or not at all, in the place of an older one."""

import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

from gatbert.errors import UserError
from gatbert.files.documents import read_json

PAGE, NUMBERS, TABLE, LATEX = "report.html", "report.json", "scores.csv", "scores.tex"
COMPARISONS = "comparisons.tex"
FILES = (PAGE, NUMBERS, TABLE, LATEX, COMPARISONS)


def write_report(folder: Path, texts: Mapping[str, str]) -> None:
    """Write the files of a report, and remove those of an older one that have no successor.

    Args:
        folder: Where they go; other files there stay as they are.
        texts: Content of each file, by its path below the folder.
    """
    stale = set(_older(folder)) - texts.keys()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        # Aside within the folder itself: files are renamed only within a file system.
        with tempfile.TemporaryDirectory(prefix=".report-", dir=folder) as aside:
            for name, text in texts.items():
                path = Path(aside, name)
                path.parent.mkdir(exist_ok=True)
                path.write_text(text, encoding="utf-8")
            for name in texts:
                (folder / name).parent.mkdir(exist_ok=True)
                Path(aside, name).replace(folder / name)
    except BaseException:
        with suppress(OSError):
            folder.rmdir()  # which works only if nothing is in it
        raise
    for name in stale:
        (folder / name).unlink(missing_ok=True)
    for below in {Path(name).parent for name in stale} - {Path()}:
        with suppress(OSError):
            (folder / below).rmdir()


def _older(folder: Path) -> Iterator[str]:
    """Yield the files of the report that stands in a folder, if there is one of gatbert."""
    try:
        values = read_json(folder / NUMBERS)
    except UserError:
        return
    # Whatever else is named report.json is the user's, and stays.
    if not {"gatbert", "format_version", "main_score"} <= values.keys():
        return
    yield from FILES
    places = values.get("test_sets")
    for place in places if isinstance(places, list) else []:
        name = place.get("folder") if isinstance(place, dict) else None
        # What a file says decides only names below this folder.
        if isinstance(name, str) and re.fullmatch(r"[\w-]+", name):
            yield from (f"{name}/{file}" for file in FILES)
