"""The files of systemd and of containers: they are well formed, and what they start does start."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.lone_processes import alone
from tests.support.processes import free_port
from tests.support.proxies import FILES
from tests.support.systems import program
from tests.support.template_engines import BUILT, SCRIPTS, run
from widget_backend.demo.run import DIMORA

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
UNIT, SOCKETS = FILES / "preference-widget.service", FILES / "preference-widget.socket"
SOON = 60
PROGRAM = "/opt/preference-widget/bin/preference-widget"
SECRETS = {
    "database-password": "secret",
    "database-url": "",
    "signing-keys": "k" * 32,
    "smtp-url": "smtp://127.0.0.1:1",
}


CONFINED = ["security", "--offline=true", "--threshold=15", "--no-pager"]
"""Asks systemd how exposed a service is: at most 1.5 of 10."""

# ── systemd ─────────────────────────────────────────────────────────────────────────────────


def _units(folder: Path) -> Iterator[Path]:
    """All of them, starting a program that is there: systemd looks for it, too."""
    for unit in FILES.glob("preference-widget*"):
        copy = folder / unit.name
        copy.write_text(unit.read_text("utf-8").replace(PROGRAM, sys.executable), encoding="utf-8")
        yield copy


def test_systemd_understands_the_units_and_finds_the_service_well_confined(tmp_path: Path) -> None:
    files = sorted(str(each) for each in _units(tmp_path))
    services = [each for each in files if each.endswith(".service")]
    assert len(services) == 3
    for check in (["verify", *files], *([*CONFINED, each] for each in services)):
        done = subprocess.run(
            [program("systemd-analyze", "systemd"), *check],
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stdout


def test_a_unit_calls_only_programs_that_every_system_has() -> None:
    """Such as not `kill`, which a small Debian lacks: there only the shell has it."""
    lines = "".join(each.read_text("utf-8") for each in FILES.glob("*.service"))
    programs = set(re.findall(r"^Exec\w+=(\S+)", lines, re.MULTILINE))
    assert programs == {PROGRAM, "/bin/sh", "/usr/bin/find"}


def test_what_the_unit_starts_serves_at_its_sockets_and_stops_in_its_time(tmp_path: Path) -> None:
    unit = UNIT.read_text("utf-8")
    (start,) = re.findall(rf"^ExecStart={PROGRAM} (.*)$", unit, re.MULTILINE)
    listens = re.findall("^ListenStream=(.*)$", SOCKETS.read_text("utf-8"), re.MULTILINE)
    assert listens == ["/run/preference-widget/widget.sock", "127.0.0.1:8000"]
    settings = {
        **{name: value for name, value in OWN.items() if name != "WIDGET_TRUSTED_PROXY"},
        "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/data/widget.db",
    }
    path = tmp_path / "widget.sock"
    with socket.socket(socket.AF_UNIX) as unix, socket.create_server(("127.0.0.1", 0)) as inet:
        unix.bind(str(path))
        unix.listen()
        with alone(start.split(), settings, tmp_path, [unix, inet]) as child:
            assert child.stdout
            first, second = (child.stdout.readline() for _ in listens)
            assert second == f"listening on {path}, for a proxy\n"
            assert _is_healthy(int(first.rpartition(":")[2]), tmp_path)
            child.send_signal(signal.SIGTERM)
            assert child.wait(SOON) == 0


# ── containers ──────────────────────────────────────────────────────────────────────────────


def _instruction(name: str) -> Any:
    """What the last instruction of this name in the Dockerfile says, in the form of a list."""
    lines = DOCKERFILE.replace("\\\n", " ").splitlines()
    texts = [line for line in lines if line.startswith(f"{name} ")]
    return json.loads(texts[-1][texts[-1].index("[") :])


def _is_healthy(port: int, folder: Path) -> bool:
    """As the HEALTHCHECK of the Dockerfile finds."""
    _, *arguments = _instruction("HEALTHCHECK")
    command = [sys.executable, *(each.replace("8000", str(port)) for each in arguments)]
    done = subprocess.run(command, cwd=folder, env={}, capture_output=True, check=False)
    return done.returncode == 0


OWN: Mapping[str, str] = {
    "WIDGET_SITES": str(DIMORA),
    "WIDGET_SIGNING_KEYS": "k" * 32,
    "WIDGET_SMTP_URL": "smtp://127.0.0.1:1",
    "WIDGET_TRUSTED_PROXY": "127.0.0.1",
}


LINT = """
const { validate } = require("dockerfile-utils");
const text = require("fs").readFileSync(0, "utf-8");
process.stdout.write(validate(text).map((each) => each.message).join("\\n"));
"""


def test_a_linter_finds_nothing_wrong_in_the_dockerfile() -> None:
    modules = str(BUILT / "node_modules")
    assert run(SCRIPTS / "node", "-e", LINT, told=DOCKERFILE, NODE_PATH=modules) == ""


def test_a_container_is_not_root_and_its_server_gets_the_signal_itself() -> None:
    assert re.findall("^USER (.*)$", DOCKERFILE, re.MULTILINE) == ["10001:10001"]
    assert _instruction("ENTRYPOINT") == [PROGRAM]
    assert _instruction("CMD") == ["serve"]


def test_what_a_container_starts_runs_with_nothing_around_it(tmp_path: Path) -> None:
    port = free_port()
    settings = {
        **OWN,
        "WIDGET_DATABASE_URL": f"sqlite:///{tmp_path}/data/widget.db",
        "WIDGET_PORT": str(port),
        "WIDGET_HOST": "0.0.0.0",
    }
    with alone(_instruction("CMD"), settings, tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == f"listening on http://0.0.0.0:{port}\n"
        assert _is_healthy(port, tmp_path)
        child.send_signal(signal.SIGTERM)
        assert child.wait(SOON) == 0
    assert not _is_healthy(port, tmp_path)
    assert sorted(each.name for each in tmp_path.glob("data/**/*")) == ["tmp", "widget.db"]


def _compose(folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), **settings}
    docker_compose = program("docker-compose", "docker-compose")
    command = [docker_compose, "-f", str(ROOT / "compose.yaml"), "config"]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def _composed(tmp_path: Path) -> dict[str, Any]:
    """compose.yaml as docker-compose reads it, with settings and secrets of a test."""
    folder = tmp_path / "secrets"
    folder.mkdir()
    done = _compose(tmp_path, WIDGET_HOSTNAME="prefs.example", WIDGET_SECRETS=str(folder))
    assert (done.returncode, done.stderr) == (0, "")
    # Debian's docker-compose is written in Python, and reads YAML with a library of that Python.
    python = Path(done.args[0]).read_text("utf-8").splitlines()[0].removeprefix("#!")
    to_json = "import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    read = subprocess.run(
        [*python.split(), "-c", to_json], input=done.stdout, capture_output=True, text=True
    )
    composed: dict[str, Any] = json.loads(read.stdout)
    return composed


@pytest.mark.parametrize("name", ["WIDGET_HOSTNAME", "WIDGET_SECRETS"])
def test_compose_refuses_without_its_host_or_its_secrets_in_one_line(
    name: str, tmp_path: Path
) -> None:
    settings = {"WIDGET_HOSTNAME": "prefs.example", "WIDGET_SECRETS": str(tmp_path)}
    del settings[name]
    done = _compose(tmp_path, **settings)
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert "set it in the file .env to the" in line


def test_the_containers_that_compose_starts_may_do_little(tmp_path: Path) -> None:
    composed = _composed(tmp_path)
    services = composed["services"]
    assert sorted(services) == ["app", "caddy", "database", "worker"]
    for name in ("app", "caddy", "worker"):
        assert services[name]["read_only"] is True, name
        assert services[name]["cap_drop"] == ["ALL"], name
        assert services[name]["security_opt"] == ["no-new-privileges:true"], name
    published = [name for name, each in services.items() if each.get("ports")]
    assert published == ["caddy"]
    assert composed["networks"]["inside"]["internal"] is True
    address = services["caddy"]["networks"]["outside"]["ipv4_address"]
    assert services["app"]["environment"]["WIDGET_TRUSTED_PROXY"] == address


def test_compose_sets_all_that_the_file_of_caddy_asks_for(tmp_path: Path) -> None:
    asked = re.findall(r"\{\$(\w+)", (FILES / "Caddyfile").read_text("utf-8"))
    assert sorted(_composed(tmp_path)["services"]["caddy"]["environment"]) == sorted(asked)


def test_who_was_deleted_is_kept_on_a_volume_that_the_user_of_the_container_can_write(
    tmp_path: Path,
) -> None:
    composed = _composed(tmp_path)
    for name in ("app", "worker"):
        service = composed["services"][name]
        folder = str(Path(service["environment"]["WIDGET_SUPPRESSIONS"]).parent)
        assert f"suppressions:{folder}:rw" in service["volumes"], name
    assert not any("suppressions" in each for each in composed["services"]["database"]["volumes"])
    # A new volume has the owner and the mode of this folder in the image.
    (made,) = re.findall(r"^RUN install --directory (.*)$", DOCKERFILE, re.MULTILINE)
    assert made.split()[:3] == ["--owner=10001", "--group=10001", "--mode=700"]
    assert folder in made.split()[3:]


def test_the_image_has_the_programs_for_backups_of_the_version_that_compose_runs(
    tmp_path: Path,
) -> None:
    image = _composed(tmp_path)["services"]["database"]["image"]
    assert f"postgresql-client-{image.partition(':')[2]}" in DOCKERFILE.split()


def test_the_commands_of_compose_run_with_nothing_around_them(tmp_path: Path) -> None:
    services = _composed(tmp_path)["services"]
    port = free_port()
    (tmp_path / "secrets" / "database-url").touch()
    url = f"sqlite:///{tmp_path}/data/widget.db"
    for name, text in {**SECRETS, "database-url": url}.items():
        (tmp_path / "secrets" / name).write_text(f"{text}\n")
    app, worker = (services[name] for name in ("app", "worker"))
    with alone(app["command"], _settings(app, tmp_path, port), tmp_path) as child:
        assert child.stdout
        assert child.stdout.readline() == f"listening on http://127.0.0.1:{port}\n"
        assert _is_healthy(port, tmp_path)
        with alone(worker["command"], _settings(worker, tmp_path, port), tmp_path) as other:
            assert other.stdout
            assert other.stdout.readline() == "working\n"
            for each in (child, other):
                each.send_signal(signal.SIGTERM)
                assert each.wait(SOON) == 0


def _settings(service: dict[str, Any], folder: Path, port: int) -> dict[str, str]:
    """Those of a service, with the folders of a test in place of those of the container."""
    settings = {
        name: value.replace("/run/secrets", f"{folder}/secrets")
        for name, value in service["environment"].items()
    }
    kept = {"WIDGET_SUPPRESSIONS": f"{folder}/data/suppressions"}
    return {**settings, **kept, "WIDGET_SITES": str(DIMORA), "WIDGET_PORT": str(port)}


@pytest.mark.parametrize("name", ["database-url", "signing-keys", "smtp-url"])
def test_without_a_secret_the_server_does_not_start_and_names_its_file(
    name: str, tmp_path: Path
) -> None:
    app = _composed(tmp_path)["services"]["app"]
    for each, text in {**SECRETS, "database-url": "sqlite:////none/w.db"}.items():
        if each != name:
            (tmp_path / "secrets" / each).write_text(text)
    with alone(app["command"], _settings(app, tmp_path, 1), tmp_path) as child:
        assert child.wait(SOON) == 1
        assert child.stderr
        (line,) = child.stderr
    assert f"secrets/{name}: " in line
