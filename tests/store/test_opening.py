"""Opening a database: several processes at once, connections that are given back, bounded waits."""

from __future__ import annotations

import subprocess
import sys
from urllib.parse import urlsplit

import psycopg
import pytest
from peewee import Database
from playhouse.pool import PooledPostgresqlDatabase

from widget_backend.errors import SettingInvalid
from widget_backend.store.database import migrate, open_database, release
from widget_backend.store.models import Profile

MIGRATE = """
import sys
from widget_backend.store.database import migrate, open_database
database = open_database(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
print(len(migrate(database)))
"""


def test_processes_that_start_together_migrate_an_empty_database_once(database_url: str) -> None:
    command = [sys.executable, "-c", MIGRATE, database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    started = [subprocess.Popen(command, text=True, **pipes) for _ in range(4)]  # type: ignore[call-overload]
    for each in started:
        assert each.stdout.readline() == "ready\n"
    for each in started:
        each.stdin.write("go\n")
        each.stdin.flush()
    told = [each.communicate(timeout=60) for each in started]
    assert not any(error for _, error in told), told
    counts = sorted(int(said) for said, _ in told)
    assert counts[:3] == [0, 0, 0]
    assert counts[3] > 0


def test_a_request_gives_its_connection_back(postgres_url: str) -> None:
    database = open_database(postgres_url)
    assert isinstance(database, PooledPostgresqlDatabase)
    migrate(database)
    for _ in range(200):  # more than the pool has
        assert Profile.select().count(database) == 0
        release(database)
    assert len(database._in_use) == 0
    assert len(database._connections) == 1
    database.close_all()


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("lock_timeout", "5s"),
        ("statement_timeout", "1min"),
        ("idle_in_transaction_session_timeout", "30s"),
    ],
)
def test_postgresql_bounds_every_wait(postgres_url: str, setting: str, value: str) -> None:
    database: Database = open_database(postgres_url)
    with database.connection_context():
        ((found,),) = database.execute_sql(f"SHOW {setting}").fetchall()
    assert found == value
    database.close_all()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_cannot_keep_arabic_is_refused(postgres_url: str, encoding: str) -> None:
    name = f"in_{encoding.lower()}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(
            f"CREATE DATABASE {name} ENCODING {encoding} LOCALE 'C' TEMPLATE template0"
        )
        try:
            parts = urlsplit(postgres_url)
            url = parts._replace(path=f"/{name}").geturl()
            with pytest.raises(SettingInvalid) as refused:
                migrate(open_database(url))
        finally:
            connection.execute(f"DROP DATABASE {name}")
    assert str(refused.value) == (
        f"WIDGET_DATABASE_URL: its encoding is {encoding}, which cannot keep every language. "
        "make a new one with createdb --encoding=UTF8 --template=template0 NAME."
    )


@pytest.mark.parametrize("sign", ["/", "?", "#"])
@pytest.mark.parametrize("secret", ["secret{}word", "12{}word", "at@12{}word"])
def test_no_part_of_a_password_is_told(sign: str, secret: str) -> None:
    url = f"postgresql://user:{secret.format(sign)}@host/widget"
    with pytest.raises(SettingInvalid) as refused:
        open_database(url)
    assert str(refused.value) == (
        "WIDGET_DATABASE_URL: is no address of a database. write sqlite:////folder/file.db or "
        "postgresql://user@host/name; in a password write %25 for %, %2F for /, %3F for ?, "
        "%23 for #, and %40 for @."
    )


def test_a_password_may_have_every_sign_in_its_code() -> None:
    database = open_database("postgresql://us%40er:%25a%2Fb%3Fc%23d%40e@host/widget")
    known = database.connect_params
    assert (known["user"], known["password"]) == ("us@er", "%a/b?c#d@e")
