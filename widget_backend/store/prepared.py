"""Queries whose SQL is built once.

Building SQL from models takes longer than SQLite takes to answer. The queries behind every page and
every save are therefore built once for each kind of database, and then only get their values.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any

from peewee import Database, Field, Model, Query, Value


class Parameter:
    """The place of a value that is known only when the query runs."""

    def __init__(self, name: str) -> None:
        self.name = name


def parameter(name: str) -> Any:
    return Value(Parameter(name), converter=False)


class PreparedQuery:
    """A query with parameters. Values are given as the database stores them."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._built: dict[str, tuple[str, list[Any]]] = {}

    def run(self, database: Database, **values: Any) -> Any:
        """The database's cursor after the query ran with these values."""
        sql, built = self._built.get(database.param) or self._build(database)
        filled = [values[each.name] if isinstance(each, Parameter) else each for each in built]
        return database.execute_sql(sql, filled)

    def _build(self, database: Database) -> tuple[str, list[Any]]:
        sql, parameters = database.get_sql_context().sql(self._query).query()
        self._built[database.param] = (sql, list(parameters))
        return self._built[database.param]


class PreparedInsert:
    """Rows of one table, several to a query.

    peewee takes five times as long to build such a query as SQLite takes to run it. Here one is
    built for each of a few numbers of rows, which make up every other number.
    """

    SIZES = (64, 16, 4, 1)

    def __init__(
        self,
        table: type[Model],
        columns: Sequence[Field],
        also: Callable[[Any], Query] = lambda insert: insert,
    ) -> None:
        """`also` adds to the query, such as what happens at a conflict."""
        self._queries = {
            size: PreparedQuery(
                also(
                    # A list, for the query is built once for each kind of database.
                    table.insert_many(
                        [
                            {column: parameter(f"{column.name} {at}") for column in columns}
                            for at in range(size)
                        ]
                    )
                )
            )
            for size in self.SIZES
        }
        self._names = {
            size: [f"{column.name} {at}" for at in range(size) for column in columns]
            for size in self.SIZES
        }

    def run(self, database: Database, rows: Sequence[Sequence[Any]]) -> None:
        """Insert the rows: values as the database stores them, in the order of the columns."""
        start = 0
        for size in self.SIZES:
            while len(rows) - start >= size:
                values = chain.from_iterable(rows[start : start + size])
                named = dict(zip(self._names[size], values, strict=True))
                self._queries[size].run(database, **named)
                start += size
