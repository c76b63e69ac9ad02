"""The table that all sources fill, and what the user wants of it."""

import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from gatbert.errors import UserError

Progress = Callable[[str, float], None]
"""Called with what is being done and the share of it that is done, 0 to 1."""


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
    """

    languages: Sequence[str] = ("en",)
    keep_relations: Sequence[str] = ()
    drop_relations: Sequence[str] = ()
    min_weight: float = 0.0
    keep_self_loops: bool = False
    keep_senses: bool = False

    def condition(self) -> tuple[str, list[Any]]:
        """Return the SQL condition on relation, weight, head and tail, and its parameters."""
        conditions, values = ["weight >= ?"], [self.min_weight]
        parameters: list[Any] = list(values)
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

    Concepts are written as language and term, ``en/climate_change``.

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
    threads: int | None = None
    connection: duckdb.DuckDBPyConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = duckdb.connect(str(self.folder / "build.duckdb"))
        try:
            self.connection.execute(f"SET memory_limit = '{self.memory_limit}'")
        except duckdb.Error as error:
            self.connection.close()
            raise UserError(f"memory_limit {self.memory_limit!r} is no size; accepted is such as 1GB") from error
        self.connection.execute(f"SET temp_directory = '{self.folder / 'spill'}'")
        self.connection.execute("SET preserve_insertion_order = false; SET enable_progress_bar = true")
        self.connection.execute("SET enable_progress_bar_print = false; SET progress_bar_time = 0")
        if self.threads is not None:
            self.connection.execute(f"SET threads = {self.threads}")
        self.connection.execute(
            "CREATE TABLE assertions(head VARCHAR, relation VARCHAR, tail VARCHAR, weight FLOAT, license VARCHAR)"
        )

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
        for path in (self.folder / "build.duckdb", self.folder / "build.duckdb.wal"):
            path.unlink(missing_ok=True)
        shutil.rmtree(self.folder / "spill", ignore_errors=True)
