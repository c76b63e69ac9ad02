"""From sources to one folder: merge, number, sort, write aside, rename when whole."""

import json
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb

from gatbert.errors import UserError
from gatbert.files.paths import atomic_folder, new_folder
from gatbert.files.records import to_plain
from gatbert.knowledge.graph_files import ARRAYS, FORMAT_VERSION, META, GraphMeta, graph_checksum
from gatbert.knowledge.graph_tables import make_tables, number_relations
from gatbert.knowledge.graph_writer import write_adjacency, write_glosses, write_keys, write_spellings
from gatbert.knowledge.sources import Sources
from gatbert.knowledge.sources.assertions import Assertions, Choice, Progress, Threads
from gatbert.ranges import check_ranges
from gatbert.samples.relations import Relations
from gatbert.version import __version__


def build_graph(
    output: str | Path,
    sources: Sources,
    choice: Choice | None = None,
    memory_limit: str = "1GB",
    threads: Threads | None = None,
    progress: Progress = lambda what, done: None,
) -> Path:
    """Build a knowledge graph from any number of sources.

    An assertion that several sources make stands in the graph once, with its greatest weight.

    Args:
        output: Folder to write; it must not exist.
        sources: Where the assertions come from.
        choice: Which of them are wanted.
        memory_limit: Most memory of DuckDB.
        threads: Most threads of DuckDB; by default all cores.
        progress: Told what is being done and how far it is.

    Returns:
        The folder.

    Raises:
        UserError: If there is no source, a source is wrong, or ``output`` exists.
    """
    folder, choice = new_folder(output), choice or Choice()
    check_ranges(build_graph, {"threads": threads})
    sources.check(choice)  # a mistake in the last file is told before the first is read, which may take minutes
    try:
        with (
            atomic_folder(folder) as aside,
            closing(Assertions(aside, choice, progress, memory_limit, threads)) as assertions,
        ):
            _write_graph(assertions, sources, aside)
    except duckdb.OutOfMemoryException as error:
        raise UserError(f"memory_limit {memory_limit} is too little for these sources; nothing was written") from error
    except (duckdb.IOException, OSError) as error:
        raise UserError(f"the build of {folder} stopped, nothing was written: {str(error).splitlines()[0]}") from error
    return folder


def _write_graph(assertions: Assertions, sources: Sources, folder: Path) -> None:
    """Fill the table of assertions, and write arrays and ``meta.json``."""
    described = sources.add_to(assertions)
    _check_languages(assertions)
    relations = number_relations(assertions, sources.symmetric)
    make_tables(assertions)
    degrees = write_adjacency(assertions, folder)
    write_keys(assertions, folder, degrees)
    write_spellings(assertions, folder)
    write_glosses(assertions, folder)
    meta = to_plain(_meta(assertions, folder, described, relations))
    (folder / META).write_text(json.dumps(meta, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def _check_languages(assertions: Assertions) -> None:
    """Refuse a language that no concept has."""
    ends = "SELECT head AS key FROM assertions UNION ALL SELECT tail FROM assertions"
    found = {row[0] for row in assertions.rows(f"SELECT DISTINCT split_part(key, '/', 1) FROM ({ends})")}  # noqa: S608
    if missing := [code for code in assertions.choice.languages if code not in found]:
        raise UserError(
            f"languages: the sources have no concept in {', '.join(missing)} that is wanted, but in "
            f"{', '.join(sorted(found))}; accepted are codes as ConceptNet has them, such as en"
        )


def _meta(
    assertions: Assertions, folder: Path, sources: Sequence[Mapping[str, Any]], relations: Relations
) -> GraphMeta:
    """Return what the graph says about itself, counted in the tables and on the disk."""
    choice = assertions.choice
    licenses = assertions.rows(
        "SELECT license, count(*) FROM assertions WHERE license IS NOT NULL GROUP BY license ORDER BY license"
    )
    return GraphMeta(
        format_version=FORMAT_VERSION,
        gatbert=__version__,
        languages=tuple(choice.languages),
        sources=tuple(sources),
        licenses=dict(licenses),
        choice=to_plain(choice),
        num_concepts=int(assertions.value("SELECT count(*) FROM concepts")),
        num_edges=int(assertions.value("SELECT count(*) FROM edges")),
        num_edges_by_relation=dict(
            assertions.rows("SELECT name, count(*) FROM edges JOIN numbers USING (there) GROUP BY name ORDER BY name")
        ),
        relations=relations,
        # Sizes are compared whenever the graph is opened; the checksum, for which all is read, only on request.
        files={path.name: path.stat().st_size for path in (folder / f"{name}.npy" for name in ARRAYS)},
        checksum=graph_checksum(folder),
    )
