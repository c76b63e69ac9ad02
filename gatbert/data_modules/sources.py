"""What samples are made from: corpus files and code, each known by its checksum."""

import hashlib
import inspect
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from pathlib import Path

from gatbert.corpora import files_beside, read_relations
from gatbert.corpora.graph_corpus import read_info
from gatbert.corpora.graph_corpus_info import GraphCorpusInfo
from gatbert.corpora.splits.corpus_splits import CorpusSplits
from gatbert.errors import UserError
from gatbert.files.checksums import sha256_of_files
from gatbert.files.paths import resolve
from gatbert.samples import Relations

PACKAGE = Path(__file__).parents[1]
LIBRARIES = ("tokenizers", "transformers")
"""Libraries whose versions may encode a text in another way."""


@cache
def package_digest(package: Path = PACKAGE) -> str:
    """Return a checksum of all Python sources of gatbert: any of them may decide what a sample becomes."""
    digest = hashlib.sha256()
    for path in sorted(package.rglob("*.py")):
        digest.update(f"{path.relative_to(package)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()


def code_identity(*kinds: type) -> dict[str, str]:
    """Return checksums and versions of all code that makes of a file what a network reads.

    Args:
        kinds: Classes that have a say in it; the files of those that are not gatbert's count, too, bases included.
    """
    versions = {name: metadata.version(name) for name in LIBRARIES}
    return {"gatbert": package_digest(), **versions, **dict(_foreign_sources(kinds))}


def corpus_checksums(corpus: CorpusSplits) -> dict[str, str]:
    """Return the SHA-256 of every corpus file, and of those that belong to them, by the path as the user wrote it.

    Raises:
        UserError: If one of them does not exist.
    """
    checksums = {}
    for file, corpus_type in corpus.typed_files():
        path = resolve(file)
        checksums[file] = _checksum(path)
        checksums |= {str(other): _checksum(other) for other in files_beside(path, corpus_type)}
    return checksums


def common_relations(corpus: CorpusSplits) -> Relations | None:
    """Return the relations of all corpus files, or ``None`` if their samples have no graphs.

    Raises:
        UserError: If files differ in them.
    """
    known: Relations | None = None
    files = corpus.typed_files()
    for file, corpus_type in files:
        found = read_relations(resolve(file), corpus_type)
        if known is None or found is None:
            known = known or found
            continue
        # Files of the older format know as many relations as they use.
        known, other = sorted((known, found), key=len, reverse=True)
        if not known.begin_with(other):
            raise UserError(f"{file} has other relations than {files[0][0]}; tag both with the same graph")
    return known


def common_tagging(corpus: CorpusSplits) -> GraphCorpusInfo | None:
    """Return how corpus files were tagged, or ``None`` if none of them was by ``gatbert tag``.

    Raises:
        UserError: If they were tagged in different ways.
    """
    tagged = [file for file, kind in corpus.typed_files() if kind == "graph" and resolve(file).suffix == ".parquet"]
    infos = [read_info(resolve(file)) for file in tagged]
    for file, info in zip(tagged, infos, strict=True):
        if (difference := infos[0].tagging_difference(info)) is not None:
            raise UserError(f"{file} was tagged otherwise than {tagged[0]}: {difference}; tag both alike")
    return infos[0] if infos else None


def _foreign_sources(kinds: Iterable[type]) -> Iterator[tuple[str, str]]:
    known = {"gatbert", "torch", "lightning", *sys.stdlib_module_names}
    for base in {base for kind in kinds for base in kind.__mro__}:
        if base.__module__.partition(".")[0] not in known - {"__main__"}:
            yield f"{base.__module__}.{base.__qualname__}", _source_digest(base)


def _source_digest(kind: type) -> str:
    try:
        file = inspect.getsourcefile(kind)
        return _checksum(Path(file)) if file else ""
    except (TypeError, OSError):  # a class that was typed in, of which nothing but the name is known
        return ""


def _checksum(path: Path) -> str:
    if path.is_dir():
        raise UserError(f"corpus file {path} is a folder; give the files in it")
    if not path.is_file():
        raise UserError(f"corpus file {path} does not exist; paths are relative to {Path.cwd()}")
    return sha256_of_files([path])
