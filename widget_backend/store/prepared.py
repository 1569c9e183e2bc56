"""Queries whose SQL is built once.

Building SQL from models takes longer than SQLite takes to answer. The queries behind every page and
every save are therefore built once for each kind of database, and then only get their values.
"""

from __future__ import annotations

from typing import Any

from peewee import Database, Query, Value


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
