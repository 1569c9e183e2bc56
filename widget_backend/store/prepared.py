"""Queries whose SQL is built once.

Building SQL from models takes longer than SQLite takes to answer. The queries behind every page and
every save are therefore built once for each kind of database, and then only get their values.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import chain, count
from operator import itemgetter
from typing import Any

from peewee import ColumnBase, Context, Database, Field, Model, Query, Value


class Parameter:
    """The place of a value that is known only when the query runs."""

    def __init__(self, name: Any) -> None:
        self.name = name

    def value(self, values: Mapping[str, Any]) -> Any:
        return values[self.name]


class _JsonParameter(Parameter):
    """The place of several values, which SQLite gets as one JSON list."""

    def value(self, values: Mapping[str, Any]) -> str:
        return json.dumps([*values[self.name]])


class _ListParameter(Parameter):
    """The same for PostgreSQL, which takes a list. Numbers are written here, six times as fast as
    psycopg does it."""

    def value(self, values: Mapping[str, Any]) -> list[Any] | str:
        listed = [*values[self.name]]
        if all(type(each) is int for each in listed):
            return f"{{{','.join(map(str, listed))}}}"
        return listed


class _OnlyParameter(Parameter):
    """The place of the one value that there is where there could be several."""

    def value(self, values: Mapping[str, Any]) -> Any:
        (value,) = values[self.name]
        return value


def parameter(name: str | int) -> Any:
    return Value(Parameter(name), converter=False)


class _IsOneOf(ColumnBase):
    """That a column is one of so many values, in one parameter: their number may differ.

    Of a single value it is told without a list, so that PostgreSQL can keep its plan: a list of one
    would be planned each time, which takes longer than the answer.
    """

    def __init__(self, column: Any, name: str) -> None:
        self._column = column
        self._name = name

    def __sql__(self, ctx: Context) -> Any:
        ctx.sql(self._column)
        if ctx.state.only_values:
            return ctx.literal(" = ").value(_OnlyParameter(self._name), converter=False)
        if ctx.state.param == "?":
            ctx.literal(" IN (SELECT value FROM json_each(")
            return ctx.value(_JsonParameter(self._name), converter=False).literal("))")
        ctx.literal(" = ANY(")
        return ctx.value(_ListParameter(self._name), converter=False).literal(")")


def is_one_of(column: Any, name: str) -> Any:
    """That the column is among the values that the query gets under this name."""
    return _IsOneOf(column, name)


class PreparedQuery:
    """A query with parameters. Values are given as the database stores them."""

    def __init__(self, query: Query) -> None:
        self._query = query
        self._built: dict[tuple[str, bool], tuple[str, list[Any]]] = {}

    def run(self, database: Database, **values: Any) -> Any:
        """The database's cursor after the query ran with these values."""
        is_single = all(len(each) == 1 for each in values.values() if _is_many(each))
        key = (database.param, is_single)
        if key not in self._built:
            self._built[key] = built(database, self._query, only_values=is_single)
        sql, places = self._built[key]
        filled = [each.value(values) if isinstance(each, Parameter) else each for each in places]
        return database.execute_sql(sql, filled)


def _is_many(value: Any) -> bool:
    return isinstance(value, Collection) and not isinstance(value, str | bytes)


def built(database: Database, query: Query, **how: Any) -> tuple[str, list[Any]]:
    """The SQL of a query, and what it gets: values, and places of values."""
    sql, values = database.get_sql_context(**how).sql(query).query()
    return sql, list(values)


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
        """`also` adds to the query: what happens at a conflict, or what it returns."""
        self._table = table
        self._columns = columns
        self._also = also
        self._built: dict[tuple[str, int], tuple[str, Callable[..., Any], list[Any]]] = {}

    def run(self, database: Database, rows: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
        """Insert the rows: values as the database stores them, in the order of the columns.

        Returns what the query returns of each row, if it does, in any order.
        """
        start = 0
        returned: list[tuple[Any, ...]] = []
        for size in self.SIZES:
            while len(rows) - start >= size:
                sql, in_order, constants = self._query(database, size)
                values = chain.from_iterable(rows[start : start + size])
                cursor = database.execute_sql(sql, in_order((*values, *constants)))
                if cursor.description:
                    returned += cursor
                start += size
        return returned

    def _query(self, database: Database, size: int) -> tuple[str, Callable[..., Any], list[Any]]:
        """The SQL for so many rows; how the values of the rows, with the constants after them, get
        into its order; and the constants, such as defaults of other columns."""
        key = (database.param, size)
        if key not in self._built:
            width = len(self._columns)
            rows = [
                {column: parameter(row * width + at) for at, column in enumerate(self._columns)}
                for row in range(size)
            ]
            sql, values = built(database, self._also(self._table.insert_many(rows)))
            constants = [each for each in values if not isinstance(each, Parameter)]
            after = count(size * width)
            places = [each.name if isinstance(each, Parameter) else next(after) for each in values]
            self._built[key] = (sql, itemgetter(*places), constants)
        return self._built[key]
