"""Paths as users write them: with ``~``, ``$VARIABLES``, ``pkg:PACKAGE/PATH`` and globs."""

import glob
import importlib.util
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from gatbert.errors import UserError


def resolve(path: str | Path) -> Path:
    """Return the file or folder that ``path`` names; it need not exist.

    ``$NAME`` and ``~`` are expanded; ``pkg:PACKAGE/PATH`` is ``PATH`` inside the installed Python package ``PACKAGE``.

    Raises:
        UserError: If a variable is not set or a package is not installed.
    """
    expanded = os.path.expandvars(str(path))
    if missing := re.search(r"\$\{?(\w+)", expanded):
        raise UserError(
            f"path {str(path)!r} uses the environment variable {missing[1]}, which is not set; "
            f"set it (export {missing[1]}=...) or give another path"
        )
    if not expanded.startswith("pkg:"):
        return Path(expanded).expanduser()
    package, _, inside = expanded.removeprefix("pkg:").partition("/")
    # A name with a dot in it would import the package above.
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise UserError(f"path {str(path)!r}: the Python package {package!r} is not installed")
    return Path(spec.submodule_search_locations[0]) / inside


def matching_files(paths: str | Sequence[str] | None) -> list[str]:
    """Return the files that paths or globs name, each once, with their beginnings as the user wrote them.

    Args:
        paths: Paths of files, which need not exist, or globs such as ``data/*.csv`` and ``data/**/*.csv``, whose files
            come in alphabetical order.

    Raises:
        UserError: If a glob matches no file.
    """
    given = [paths] if isinstance(paths, str) else paths or ()
    return list(dict.fromkeys(file for path in given for file in _matching(str(path))))


def _matching(path: str) -> Sequence[str]:
    """Return the file of a path, or those of a glob; a path that is there is none, whatever its letters."""
    parts = path.split("/")
    first = next((number for number, part in enumerate(parts) if glob.escape(part) != part), len(parts))
    if first == len(parts) or resolve(path).exists():
        return [path]
    folder = "".join(f"{part}/" for part in parts[:first])
    root = resolve(folder or ".")
    found = glob.glob("/".join(parts[first:]), root_dir=root, recursive=True)  # noqa: PTH207  (Path's ** is another)
    files = sorted(file for file in found if (root / file).is_file())
    if not files:
        raise UserError(f"no file matches {path}; paths are relative to {Path.cwd()}")
    return [f"{folder}{file}" for file in files]


def cache_folder() -> Path:
    """Return the folder of what can be made again: ``gatbert`` in ``XDG_CACHE_HOME``, or in ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatbert"


def new_folder(path: str | Path, may_be_empty: bool = False) -> Path:
    """Return the folder that a command is to write.

    Args:
        path: The folder.
        may_be_empty: Whether it may exist if nothing is in it.

    Raises:
        UserError: If it exists, or cannot be made.
    """
    folder = resolve(path)
    is_empty = may_be_empty and folder.is_dir() and not any(folder.iterdir())
    if os.path.lexists(folder) and not is_empty:  # a link that leads nowhere is in the way, too
        raise UserError(f"{folder} exists already; it stays as it is; give another output, or remove it")
    return output_folder(path)


def output_folder(path: str | Path, name: str = "output") -> Path:
    """Return the folder into which a command is to write; it need not exist, and is not made.

    Args:
        path: The folder.
        name: What the argument is called that names it.

    Raises:
        UserError: If it is a file or lies below one, or if nothing can be written there.
    """
    folder = resolve(path)
    place = Path(os.path.abspath(folder))  # noqa: PTH100  (a path that does not exist, without its ..)
    nearest = next(part for part in (place, *place.parents) if os.path.lexists(part))
    if not nearest.is_dir():
        raise UserError(f"{name} {folder} cannot be a folder, as {nearest} is none; give another {name}")
    try:
        # Permissions alone do not tell: a file system may be read-only, or refuse a name.
        with tempfile.TemporaryDirectory(prefix=".gatbert-", dir=nearest) as aside:
            (Path(aside) / place.relative_to(nearest)).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{name} {folder} cannot be written: {error.strerror}; give another {name}") from error
    return folder


@contextmanager
def atomic_folder(folder: Path, same_for_all: bool = False) -> Iterator[Path]:
    """Give an empty folder that becomes ``folder`` when it is left without an error, and vanishes otherwise.

    Args:
        folder: The folder to make.
        same_for_all: Whether another process that was first has written just the same.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        yield aside
        aside.chmod(0o755)  # temporary folders are for their owner alone
        try:
            os.rename(aside, folder)  # noqa: PTH104  (fails if the folder exists, on every system)
        except OSError:
            if not (same_for_all and folder.is_dir()):
                raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def write_atomically(path: Path, text: str) -> None:
    """Write a file aside and rename it, so that a reader never sees half of it."""
    aside = path.with_name(f".{path.name}.partial")
    aside.write_text(text, encoding="utf-8")
    aside.replace(path)
