"""``gatbert cache``: what lies in the cache of encoded samples, and the removal of what is old."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from gatbert.console.parser import CommandParser
from gatbert.console.terminal import visible
from gatbert.errors import UserError
from gatbert.files.caches import CachedCorpus, cached_corpora, to_prune
from gatbert.files.paths import cache_folder, resolve
from gatbert.files.sizes import bytes_of, size_in_words
from gatbert.ranges import NonNegativeFloat, check_ranges

Action = Literal["list", "prune"]

UNITS = (("d", 24 * 3600), ("h", 3600), ("min", 60))


def cache(
    action: Action,
    older_than: NonNegativeFloat | None = None,
    larger_than: str | None = None,
    dry_run: bool = False,
    cache_dir: str | None = None,
) -> None:
    """List the cache of encoded samples, or prune it; what is pruned is made again when it is needed.

    Args:
        action: list or prune.
        older_than: Prune what no run has begun with for as many days.
        larger_than: Prune what is unused longest, until the rest is no larger than this, such as 10GB.
        dry_run: Only say what would be pruned.
        cache_dir: Folder of the cache, as data.cache_dir; by default gatbert in XDG_CACHE_HOME or ~/.cache.
    """
    check_ranges(cache, {"older_than": older_than}, "--")
    folder = cache_folder() if cache_dir is None else resolve(cache_dir)
    most = None if larger_than is None else bytes_of(larger_than, "--larger_than")
    if action == "prune" and older_than is None and most is None:
        raise UserError("prune what? give --older_than DAYS, --larger_than SIZE, or both")
    if action == "list" and (older_than is not None or most is not None or dry_run):
        raise UserError("--older_than, --larger_than and --dry_run are for cache prune; leave them out of cache list")
    caches = cached_corpora(folder)
    if action == "list":
        _list(caches, folder)
    else:
        _prune(list(to_prune(caches, older_than, most)), dry_run, folder)


def _list(caches: Sequence[CachedCorpus], folder: Path) -> None:
    """Print a row for each cache, and how large all are together."""
    console = Console()
    table = Table("cache", "size", "made", "last used", "", "corpus", box=None, header_style="bold")
    for one in caches:
        ages = (f"{_age(then)} ago" for then in (one.made, one.used))
        table.add_row(one.folder.name[:12], size_in_words(one.size), *ages, _state(one), visible(_corpus(one)))
    if caches:
        console.print(table)
    told = f"{len(caches):,} encoded corpora, {size_in_words(sum(one.size for one in caches))}, in {folder}"
    console.print(visible(told), soft_wrap=True)


def _prune(chosen: Sequence[CachedCorpus], dry_run: bool, folder: Path) -> None:
    """Remove caches that nobody uses, and print what became of each."""
    console, freed = Console(), 0
    for one in chosen:
        goes = not one.in_use if dry_run else one.remove()
        freed += one.size if goes else 0
        what = ("would be removed" if dry_run else "removed") if goes else "stays, as it is in use"
        told = (
            f"{what}: {one.folder.name[:12]}, {size_in_words(one.size)}, last used {_age(one.used)} ago, {_corpus(one)}"
        )
        console.print(visible(told), soft_wrap=True)
    would = "would be freed" if dry_run else "were freed"
    console.print(visible(f"{size_in_words(freed)} {would} in {folder}"), soft_wrap=True)


def _corpus(one: CachedCorpus) -> str:
    return ", ".join(one.files) or "not known"


def _state(one: CachedCorpus) -> str:
    return "in use" if one.in_use else ""


def _age(then: float) -> str:
    """Return how long ago something was, in the largest unit that fits."""
    seconds = max(0.0, time.time() - then)
    unit, size = next(((unit, size) for unit, size in UNITS if seconds >= size), ("s", 1))
    return f"{int(seconds / size)} {unit}"


def main(args: list[str]) -> None:
    """Run the command."""
    parser = CommandParser("cache", "List the cache of encoded samples, or prune it.", files=False)
    parser.add_argument("action", type=Action, help="list or prune.")
    parser.add_function_arguments(cache, skip={"action"})
    cache(**parser.parse_args(args).as_dict())
