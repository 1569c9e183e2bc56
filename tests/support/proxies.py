"""A real nginx and a real Caddy, with the files of the recipes, in front of a server of a test."""

from __future__ import annotations

import grp
import os
import pwd
import re
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from http.client import HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from pathlib import Path
from socket import create_connection, socket

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

import widget_backend
from tests.support.processes import free_port
from tests.support.systems import program

FILES = Path(widget_backend.__file__).parent / "recipes" / "serving"
NAME = "localhost"
SOON = 60
"""Seconds after which a client gives up."""


@dataclass
class Proxy:
    """A proxy that runs. What it writes anywhere is in `folder`."""

    port: int
    folder: Path
    process: subprocess.Popen[bytes]

    def connect(self, comes_from: str = "127.0.0.1") -> ssl.SSLSocket:
        """A connection from this address, encrypted and open."""
        plain = create_connection(("127.0.0.1", self.port), SOON, (comes_from, 0))
        return _trusting_anybody().wrap_socket(plain, server_hostname=NAME)

    def client(self, comes_from: str = "127.0.0.1") -> HTTPSConnection:
        """A client of this address. It keeps its connection."""
        one = HTTPSConnection(NAME, self.port, timeout=SOON)
        one.sock = self.connect(comes_from)
        one.auto_open = 0
        return one

    def ask(
        self, path: str, method: str = "GET", comes_from: str = "127.0.0.1", **more: object
    ) -> HTTPResponse:
        """The answer, read to its end, and kept in `content`."""
        one = self.client(comes_from)
        one.request(method, path, **more)  # type: ignore[arg-type]
        answer = one.getresponse()
        answer.content = answer.read()  # type: ignore[attr-defined]
        one.close()
        return answer

    def written(self) -> str:
        """All that it has written, to whatever file."""
        files = (each for each in self.folder.rglob("*") if each.is_file())
        return "\n".join(
            each.read_text(errors="replace")
            for each in files
            if each.suffix not in {".pem", ".conf"} and each.name != "Caddyfile"
        )


def _trusting_anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@contextmanager
def nginx(folder: Path, upstream: str) -> Iterator[Proxy]:
    """`upstream` is where the server listens: a path, or `127.0.0.1:8000`."""
    port, file = free_port(), folder / "nginx.conf"
    file.write_text(of_nginx(folder, upstream, port))
    logs = f"{folder}/main.log"
    command = [program("nginx", "nginx"), "-p", str(folder), "-e", logs, "-c", str(file)]
    with _running(command, folder, port) as proxy:
        yield proxy


def of_nginx(folder: Path, upstream: str, port: int) -> str:
    """The file of the recipe, within what Debian has around it, with the places of a test."""
    recipe = (FILES / "nginx.conf").read_text("utf-8")
    place = f"server unix:{upstream};" if upstream.startswith("/") else f"server {upstream};"
    replaced = {
        r"server unix:\S+;": place,
        r"listen 80;": f"listen 127.0.0.1:{free_port()};",
        r"listen 443 ssl;": f"listen 127.0.0.1:{port} ssl;",
        r"ssl_certificate \S+;": f"ssl_certificate {certificate(folder)};",
        r"ssl_certificate_key \S+;": f"ssl_certificate_key {certificate(folder)};",
        r"prefs\.example": NAME,
        r"/var/log/nginx": str(folder),
    }
    for pattern, text in replaced.items():
        recipe, count = re.subn(pattern, text, recipe)
        assert count or pattern == r"prefs\.example", pattern
    user = f"{pwd.getpwuid(os.geteuid()).pw_name} {grp.getgrgid(os.getegid()).gr_name}"
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return (
        f"daemon off; pid {folder}/nginx.pid; worker_processes 1;"
        + (f"user {user};" if os.geteuid() == 0 else "")
        + f"events {{ worker_connections 2048; }} http {{ {temporary} gzip on;\n{recipe}\n}}"
    )


@contextmanager
def caddy(folder: Path, upstream: str) -> Iterator[Proxy]:
    """`upstream` is where the server listens: a path, or `127.0.0.1:8000`."""
    port, file = free_port(), folder / "Caddyfile"
    file.write_text(of_caddy(folder))
    at = {
        "WIDGET_HOSTNAME": f"{NAME}:{port}",
        "WIDGET_UPSTREAM": f"unix/{upstream}" if upstream.startswith("/") else upstream,
        "XDG_DATA_HOME": str(folder),
        "XDG_CONFIG_HOME": str(folder),
        "HOME": str(folder),
    }
    command = [program("caddy", "caddy"), "run", "--config", str(file), "--adapter", "caddyfile"]
    with _running(command, folder, port, **at) as proxy:
        yield proxy


def of_caddy(folder: Path) -> str:
    """The file of the recipe, with a certificate of a test's, for the Caddy that is installed."""
    recipe = (FILES / "Caddyfile").read_text("utf-8")
    replaced = {
        r"\A((?:#.*\n)*)\{": rf"\1{{\nadmin off\ndefault_bind 127.0.0.1\nhttp_port {free_port()}\n",
        r"request_body": f"tls {certificate(folder)} {certificate(folder)}\n\trequest_body",
    }
    if caddy_version() <= [2, 6, 2]:
        replaced["request_buffers 1MB"] = "buffer_requests"
    for pattern, text in replaced.items():
        recipe, count = re.subn(pattern, text, recipe)
        assert count == 1, pattern
    return recipe


def caddy_version() -> list[int]:
    """Such as 2, 6, 2; that of the Caddy that is installed."""
    version = subprocess.check_output([program("caddy", "caddy"), "version"], text=True)
    return [int(each) for each in re.findall(r"\d+", version)[:3]]


@contextmanager
def _running(command: list[str], folder: Path, port: int, **settings: str) -> Iterator[Proxy]:
    with (
        (folder / "output.log").open("wb") as output,
        subprocess.Popen(
            command, stdout=output, stderr=output, env={**os.environ, **settings}
        ) as process,
    ):
        try:
            proxy = Proxy(port, folder, process)
            _wait_until_accepted(proxy)
            yield proxy
        finally:
            process.terminate()
            process.wait(SOON)


def _wait_until_accepted(proxy: Proxy) -> None:
    while proxy.process.poll() is None:
        with socket() as one:
            one.settimeout(SOON)
            one.bind(("127.0.0.3", 0))  # from 127.0.0.1 it could take the very port for its own
            if one.connect_ex(("127.0.0.1", proxy.port)) == 0:
                return
    raise AssertionError(proxy.written())


def certificate(folder: Path) -> Path:
    """A file with a key and a certificate of its own making."""
    file = folder / "certificate.pem"
    if file.exists():
        return file
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, NAME)])
    names = [x509.DNSName(NAME), x509.IPAddress(ip_address("127.0.0.1"))]
    today = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    file.write_bytes(secret + signed.public_bytes(pem))
    return file
