"""Paths as users write them: with ``~``, ``$VARIABLES`` and ``pkg:PACKAGE/PATH``."""

import importlib.util
import os
import re
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
    spec = importlib.util.find_spec(package) if package.isidentifier() else None
    if spec is None or not spec.submodule_search_locations:
        raise UserError(f"path {str(path)!r}: the Python package {package!r} is not installed")
    return Path(spec.submodule_search_locations[0]) / inside


def cache_folder() -> Path:
    """Return the folder of what can be made again: ``gatbert`` in ``XDG_CACHE_HOME``, or in ``~/.cache``."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "gatbert"
