"""PostgreSQL's own programs, `pg_dump` and `pg_restore`, in the version of the server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Literal

from peewee import PostgresqlDatabase

from widget_backend.errors import DatabaseUnavailable, ToolMissing
from widget_backend.store.database_errors import Kind

Program = Literal["pg_dump", "pg_restore"]
FOLDERS = (
    "/usr/lib/postgresql/{}/bin",  # Debian, Ubuntu
    "/usr/pgsql-{}/bin",  # Fedora, Red Hat
    "/opt/homebrew/opt/postgresql@{}/bin",
    "/usr/local/opt/postgresql@{}/bin",
    "/Library/PostgreSQL/{}/bin",
)
"""Where packages put the programs of one version."""
VARIABLES = {
    "host": "PGHOST",
    "hostaddr": "PGHOSTADDR",
    "port": "PGPORT",
    "user": "PGUSER",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslrootcert": "PGSSLROOTCERT",
    "service": "PGSERVICE",
    "passfile": "PGPASSFILE",
}
"""Of libpq: the names of what a connection was opened with."""


FULL = ("No space left", "wrote only", "Check free disk space")
"""The last piece that fits on a full disk is told as one that was too short."""
GONE = ("server closed the connection", "terminating connection")
"""PostgreSQL itself has stopped, as it does when its log finds no room."""


def server_version(database: PostgresqlDatabase) -> int:
    """The number before the point, such as 16."""
    return int(database.connection().info.server_version) // 10_000


def find_program(name: Program, version: int) -> Path:
    """Raises ToolMissing, with what to install, if only other versions are there, or none."""
    versions: list[int] = []
    for each in _candidates(name, version):
        if (number := _version_of(each)) == version:
            return each
        versions += [number] if number else []
    here = f"only {', '.join(map(str, versions))} is" if versions else "none is"
    reason = f"the server is PostgreSQL {version} and needs {name} of that version; {here} here"
    cure = f"install it (Debian: apt install postgresql-client-{version}), or name its folder first"
    raise ToolMissing(reason, f"{cure} in PATH")


def _candidates(name: Program, version: int) -> Iterator[Path]:
    if program := shutil.which(name):
        yield Path(program)
    for folder in FOLDERS:
        if (file := Path(folder.format(version)) / name).exists():
            yield file


def _version_of(program: Path) -> int | None:
    asked = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)  # noqa: S603
    number = re.search(r"\) (\d+)", asked.stdout)
    return int(number[1]) if number else None


def run_program(database: PostgresqlDatabase, program: Path, *arguments: str) -> None:
    """Run it on the database. Raises DatabaseUnavailable with the first line of what went wrong:
    those after it may quote rows."""
    ran = subprocess.run(  # noqa: S603
        [program, *arguments],
        env=_environment(database),
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if ran.returncode:
        lines = [line for line in ran.stderr.splitlines() if "error:" in line] or ["it has failed"]
        text = lines[0].rpartition("error: ")[2].strip().rstrip(".")
        raise DatabaseUnavailable(_kind(ran.stderr), f"{program.name}: {text}")


def _kind(errors: str) -> Kind:
    """What kind of fault a program of PostgreSQL has met, by what it says in English."""
    if any(each in errors for each in FULL):
        return "full"
    return "silent" if any(each in errors for each in GONE) else "refused"


def _environment(database: PostgresqlDatabase) -> Mapping[str, str]:
    """The password stays out of the list of processes, which everybody may read."""
    info = database.connection().info
    known = {
        VARIABLES[name]: value for name, value in info.get_parameters().items() if name in VARIABLES
    }
    password = {"PGPASSWORD": info.password} if info.password else {}
    own = {name: value for name, value in os.environ.items() if name != "PGOPTIONS"}
    return {**own, "PGCONNECT_TIMEOUT": "10", **known, **password, "LC_ALL": "C"}
