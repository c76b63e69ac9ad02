"""The table that all sources fill, and what the user wants of it."""

import math
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

import duckdb
import pyarrow as pa

from gatbert.errors import UserError
from gatbert.ranges import Range, check_ranges
from gatbert.samples.relations import MOST_RELATIONS

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done, 0 to 1."""

MaxRelations = Annotated[int, Range(least=1, most=MOST_RELATIONS)]
Weight = Annotated[float, Range(more_than=-math.inf)]
Threads = Annotated[int, Range(least=1, most=1024)]

IS_NAME = r"regexp_matches(phrase, '^\S*\p{Lu}') AND regexp_matches(phrase, '\p{Lu}\S*$')"
"""A phrase is written as a name if there is a capital in its first word and in its last: House of Lords, al-Qaeda."""

MANY_RELATIONS = 1000
"""No knowledge graph has more relations, unless the user says so."""


@dataclass(frozen=True)
class Choice:
    """Say which assertions go into a graph.

    Attributes:
        languages: Languages of both ends; the first is that of phrases without one.
        keep_relations: Only these relations, if any are named.
        drop_relations: All relations but these.
        min_weight: Least weight of an assertion.
        keep_self_loops: Whether a concept may be related to itself.
        keep_senses: Whether ``test/n/wikt/en_1`` stays apart from ``test``.
        max_relations: Most different relations; by default 1,000, and of triples no more than half of their lines.
    """

    languages: Sequence[str] = ("en",)
    keep_relations: Sequence[str] = ()
    drop_relations: Sequence[str] = ()
    min_weight: Weight = 0.0
    keep_self_loops: bool = False
    keep_senses: bool = False
    max_relations: MaxRelations | None = None

    def __post_init__(self) -> None:
        check_ranges(Choice, vars(self))
        if not self.languages:
            raise UserError("languages is empty; name one at least, such as en")
        for language in self.languages:
            if not re.fullmatch(r"[a-z0-9]+(?:[-_][a-z0-9]+)*", language, re.IGNORECASE):
                raise UserError(
                    f"languages: {language!r} is none; accepted are codes as ConceptNet has them, such as en"
                )

    def condition(self) -> tuple[str, list[Any]]:
        """Return the SQL condition on relation, weight, head and tail, and its parameters."""
        conditions: list[str] = ["weight >= ?"]
        parameters: list[Any] = [self.min_weight]
        if self.keep_relations:
            conditions.append("list_contains(?, relation)")
            parameters.append(list(self.keep_relations))
        if self.drop_relations:
            conditions.append("NOT list_contains(?, relation)")
            parameters.append(list(self.drop_relations))
        if not self.keep_self_loops:
            conditions.append("head <> tail")
        return " AND ".join(conditions), parameters


@dataclass
class Assertions:
    """Collect assertions in a DuckDB table ``assertions(head, relation, tail, weight)`` on disk.

    Concepts are written as language and term, ``en/climate_change``. A second table, ``spellings(key, is_name)``, tells
    how sources that mind case write them; a third, ``glosses(key, gloss)``, what they say that they are.

    Attributes:
        folder: Where the database and what it spills lie while it works.
        choice: Which assertions are wanted.
        progress: Told how far a query is.
        memory_limit: Most memory of DuckDB, such as ``1GB``.
        threads: Most threads of DuckDB; by default all cores.
    """

    folder: Path
    choice: Choice
    progress: Progress
    memory_limit: str = "1GB"
    threads: Threads | None = None
    connection: duckdb.DuckDBPyConnection = field(init=False)
    _database: Path = field(init=False)

    def __post_init__(self) -> None:
        memory_limit = _memory(self.memory_limit)
        # DuckDB takes what follows a question mark in a path for options.
        self._database = Path(tempfile.mkdtemp(prefix="gatbert-")) if "?" in str(self.folder) else self.folder
        options: dict[str, Any] = {
            "memory_limit": memory_limit,
            "temp_directory": str(self._database / "spill"),
            "preserve_insertion_order": False,  # all is sorted in the end, and memory is spared
            **({} if self.threads is None else {"threads": self.threads}),
        }
        self.connection = duckdb.connect(str(self._database / "build.duckdb"), config=options)
        # The bar is what counts the progress that run() asks for; it is never printed.
        self.connection.execute("SET enable_progress_bar = true; SET enable_progress_bar_print = false")
        self.connection.execute("SET progress_bar_time = 0")
        self.connection.execute(
            "CREATE TABLE assertions(head VARCHAR, relation VARCHAR, tail VARCHAR, weight FLOAT, license VARCHAR)"
        )
        self.connection.execute("CREATE TABLE spellings(key VARCHAR, is_name BOOLEAN)")
        self.connection.execute(f"CREATE MACRO is_name(phrase) AS {IS_NAME}")
        self.connection.execute("CREATE TABLE glosses(key VARCHAR, gloss VARCHAR)")

    def run(self, what: str, query: str, parameters: Sequence[Any] = ()) -> None:
        """Run a query in a thread of its own, so that progress is shown and Ctrl-C ends it at once."""
        failed: list[BaseException] = []

        def work() -> None:
            try:
                self.connection.execute(query, list(parameters)).fetchall()
            except BaseException as error:  # raised again in the calling thread
                failed.append(error)

        thread = threading.Thread(target=work)
        thread.start()
        try:
            while thread.is_alive():
                thread.join(0.1)
                self.progress(what, max(0.0, self.connection.query_progress()) / 100)
        except BaseException:
            # Ctrl-C: the thread must be done with the database before it is closed and removed.
            self.connection.interrupt()
            thread.join()
            raise
        if failed:
            raise failed[0]
        self.progress(what, 1.0)

    def add(self, what: str, rows: str, parameters: Sequence[Any] = ()) -> int:
        """Add the rows of a query with the columns head, relation, tail, weight and license that are wanted.

        Returns:
            How many rows were added.
        """
        before = self.count()
        condition, values = self.choice.condition()
        self.run(what, f"INSERT INTO assertions SELECT * FROM ({rows}) WHERE {condition}", [*parameters, *values])  # noqa: S608
        return self.count() - before

    def add_table(self, what: str, table: pa.Table) -> int:
        """Add the wanted rows of an Arrow table, which DuckDB reads where it lies; columns and result as in ``add``."""
        self.connection.register("given", table)
        added = self.add(what, "SELECT * FROM given")
        self.connection.unregister("given")
        return added

    def add_glosses(self, table: pa.Table) -> None:
        """Add what concepts are, where no source before has said it.

        Args:
            table: Columns key and gloss: a concept, each once, and a phrase or sentence that says in words what it is.
        """
        self.connection.register("given", table)
        self.connection.execute("INSERT INTO glosses SELECT key, gloss FROM given ANTI JOIN glosses USING (key)")
        self.connection.unregister("given")

    def add_spellings(self, what: str, rows: str) -> None:
        """Add the rows of a query with the columns key and phrase: a concept, and the phrase as a source writes it."""
        self.run(what, f"INSERT INTO spellings SELECT DISTINCT key, is_name(phrase) FROM ({rows})")  # noqa: S608

    def add_spelled_table(self, what: str, table: pa.Table) -> None:
        """Add the spellings of an Arrow table; columns as in ``add_spellings``."""
        self.connection.register("given", table)
        self.add_spellings(what, "SELECT * FROM given")
        self.connection.unregister("given")

    def count(self) -> int:
        """Return how many assertions there are."""
        return int(self.value("SELECT count(*) FROM assertions"))

    def value(self, query: str) -> Any:
        """Return the one value of a query."""
        return self.rows(query)[0][0]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query, all of them: DuckDB takes no other query before the last is read to its end."""
        return self.connection.execute(query).fetchall()

    def close(self) -> None:
        """Close the database and remove its files."""
        self.connection.close()
        for path in (self._database / "build.duckdb", self._database / "build.duckdb.wal"):
            path.unlink(missing_ok=True)
        shutil.rmtree(self._database / "spill", ignore_errors=True)
        if self._database != self.folder:
            self._database.rmdir()


def file_pattern(path: Path) -> str:
    """Return a path as DuckDB takes it: for a pattern, in which brackets make a letter stand for itself."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _memory(limit: str) -> str:
    """Return a size as DuckDB reads it, which takes much for a size that is none."""
    match = re.fullmatch(r"(\d{1,9}(?:\.\d+)?) ?[KMGT]i?B", limit, re.IGNORECASE | re.ASCII)
    if match is None or float(match[1]) == 0:
        raise UserError(f"memory_limit {limit!r} is no size; accepted is such as 1GB or 500MB")
    return limit
