"""A real WordPress with the plugin: its own files, MariaDB and PHP, on a port of its own."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from http.cookiejar import CookieJar
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, Request, build_opener

from tests.support.processes import free_port
from tests.support.systems import program
from tests.support.wheels import run
from tests.support.wordpress_texts import PLUGIN

SHARED = Path("/usr/share/wordpress")
NAME = "preference-widget"
KEY = "a-signing-key-for-tests-that-is-long-enough"
PASSWORD = "correct horse battery staple"
ADMIN = "admin"
HANDLE = "9f2c4b7a1d3e58606b7c8d9eafb0c1d2"
OTHER = "03d7e1b9f6a84c2590be1347ac5d8f62"
SETTINGS = "/wp-admin/options-general.php?page=preference-widget"
ROUTE = "/index.php?rest_route=/preference-widget/v1/link"
SOON = 60
"""Seconds after which a test gives up."""
THEME = {
    "style.css": "/* Theme Name: Plain */",
    "index.php": """<!doctype html><html <?php language_attributes(); ?>><head><title>Shop</title>
<meta charset="utf-8"><meta name="viewport" content="width=device-width"><?php wp_head(); ?></head>
<body><h1>Shop</h1>
<?php while ( have_posts() ) { the_post(); the_content(); } wp_footer(); ?></body></html>
""",
}
"""A theme of two files: Debian’s package brings none."""
INSTALL = f"""
define( 'WP_INSTALLING', true );
require 'wp-load.php';
require_once ABSPATH . 'wp-admin/includes/upgrade.php';
require_once ABSPATH . 'wp-admin/includes/plugin.php';
wp_install( 'Shop', '{ADMIN}', 'admin@shop.example', true, '', '{PASSWORD}' );
switch_theme( 'plain' );
update_option( 'show_avatars', 0 ); // they would come from another server
$failed = activate_plugin( '{NAME}/{NAME}.php' );
echo json_encode( null === $failed );
"""


def demand_wordpress() -> None:
    """For files whose tests need it: see `program`."""
    for name, package in ("wp-setup", "wordpress"), ("mariadbd", "mariadb-server"):
        program(name, package)


@dataclass(frozen=True)
class Page:
    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Visitor:
    """A browser without scripts, with cookies of its own."""

    home: str
    cookies: CookieJar = field(default_factory=CookieJar)

    def ask(self, path: str, form: dict[str, str] | bytes | None = None, **headers: str) -> Page:
        """GET, or POST of a form, as fields or packed. `headers` are spelled with underscores."""
        spelled = {name.replace("_", "-"): value for name, value in headers.items()}
        data = urlencode(form).encode() if isinstance(form, dict) else form
        request = Request(path if "://" in path else f"{self.home}{path}", data, spelled)
        try:
            with build_opener(HTTPCookieProcessor(self.cookies)).open(request) as answer:
                return Page(answer.status, answer.read().decode(), dict(answer.headers))
        except HTTPError as refusal:
            return Page(refusal.code, refusal.read().decode(), dict(refusal.headers))

    def sign_in(self, name: str) -> None:
        self.ask("/wp-login.php")
        form = {"log": name, "pwd": PASSWORD, "wp-submit": "1", "testcookie": "1"}
        assert "wp-login" not in self.ask("/wp-login.php", form).text.partition("<body")[2][:200]

    def send(self, path: str, marker: str, **values: str) -> Page:
        """Opens a page and sends the form in it that has the marker, with some values changed."""
        forms = re.findall(r"<form.*?</form>", self.ask(path).text, re.S)
        form = next(each for each in forms if marker in each)
        fields = (_Tag(each) for each in re.findall(r"<input[^>]*>", form))
        known = {each["name"]: each["value"] for each in fields if each["type"] in _SENT}
        target = unescape(_Tag(form)["action"])
        return self.ask(
            target if "://" in target else f"/wp-admin/{target.removeprefix('/wp-admin/')}",
            {**known, **values},
        )


_SENT = {"", "text", "hidden", "email", "url", "submit"}
"""Types of fields that are sent as they are."""


class _Tag:
    """The attributes of the first tag in a text; one that is missing is empty."""

    def __init__(self, text: str) -> None:
        pairs = re.findall(r"\s([\w-]+)=[\"']([^\"']*)[\"']", text.partition(">")[0])
        self._attributes = {name: unescape(value) for name, value in pairs}

    def __getitem__(self, name: str) -> str:
        return self._attributes.get(name, "")


@dataclass(frozen=True)
class WordPress:
    folder: Path
    home: str

    @property
    def plugin(self) -> Path:
        return self.folder / "wp-content" / "plugins" / NAME

    def php(self, code: str, is_installed: bool = True) -> Any:
        """What a program says as JSON, within this WordPress. A notice of PHP is an error."""
        load = "require 'wp-load.php';" if is_installed else ""
        server = "$_SERVER['HTTP_HOST'] = '127.0.0.1'; $_SERVER['REQUEST_METHOD'] = 'GET';"
        strict = f"error_reporting( E_ALL ); ini_set( 'display_errors', 1 ); {server}"
        command = (program("php", "php-cli"), "-r", f"{strict}{load}{code}")
        return json.loads(run(*command, cwd=self.folder).stdout)

    def user(self, name: str, handle: str = "", **fields: str) -> Visitor:
        """Somebody new, who has signed in; a subscriber, unless the fields say otherwise."""
        known = {"user_login": name, "user_email": f"{name}@example.com", "user_pass": PASSWORD}
        person = _literal({**known, "role": "subscriber", **fields})
        meta = f"update_user_meta( $id, 'preference_handle', '{handle}' );" if handle else ""
        self.php(f"$id = wp_insert_user( {person} ); {meta} echo (int) $id;")
        visitor = Visitor(self.home)
        visitor.sign_in(name)
        return visitor

    def page(self, content: str) -> str:
        """The address of a new page with this content."""
        page = _literal({"post_content": content, "post_status": "publish", "post_type": "page"})
        return f"/?page_id={self.php(f'echo wp_insert_post( wp_slash( {page} ) );')}"

    def nonce_of(self, visitor: Visitor) -> str:
        """With which a page of this visitor may ask for something in their name."""
        page = visitor.ask(self.page("[preference_widget]"))
        return re.findall(r'data-nonce="(\w+)"', page.text)[0]

    def set_up(self, url: str, site: str) -> None:
        settings = _literal({"url": url, "site": site})
        self.php(f"echo (int) update_option( 'preference_widget', {settings} );")


def _literal(values: dict[str, str]) -> str:
    """An array in PHP."""
    text = json.dumps(values).replace("\\", "\\\\").replace("'", "\\'")
    return f"json_decode( '{text}', true )"


@contextmanager
def wordpress(folder: Path) -> Iterator[WordPress]:
    """Installed, with the plugin active, until the block ends."""
    port = free_port()
    with _mariadb(folder / "database") as database:
        site = WordPress(folder / "wordpress", f"http://127.0.0.1:{port}")
        _copy_files(site, database)
        assert site.php(INSTALL, is_installed=False), "the plugin cannot be activated"
        command = [program("php", "php-cli"), "-S", f"127.0.0.1:{port}", "-t", str(site.folder)]
        surroundings = {**os.environ, "PHP_CLI_SERVER_WORKERS": "2"}
        with _process(command, "started", env=surroundings, cwd=site.folder):
            yield site


def _copy_files(site: WordPress, database: Path) -> None:
    shutil.copytree(SHARED, site.folder, ignore=shutil.ignore_patterns("wp-config.php"))
    theme = site.folder / "wp-content" / "themes" / "plain"
    theme.mkdir(parents=True)
    for name, content in THEME.items():
        (theme / name).write_text(content)
    shutil.copytree(PLUGIN, site.plugin)
    constants = {
        "DB_NAME": "wordpress",
        "DB_USER": "root",
        "DB_PASSWORD": "",
        "DB_HOST": f"localhost:{database}",
        "DB_CHARSET": "utf8mb4",
        "DB_COLLATE": "",
        "WP_HOME": site.home,
        "WP_SITEURL": site.home,
        "AUTH_KEY": "a",
        "NONCE_KEY": "n",
        "DISABLE_WP_CRON": True,
        "WP_HTTP_BLOCK_EXTERNAL": True,
        "WP_DEBUG": True,
        "AUTOMATIC_UPDATER_DISABLED": True,
        "PREFERENCES_KEY": KEY,
    }
    lines = (f"define( '{name}', {json.dumps(value)} );" for name, value in constants.items())
    ending = "$table_prefix = 'wp_';\nrequire_once __DIR__ . '/wp-settings.php';\n"
    (site.folder / "wp-config.php").write_text("\n".join(["<?php", *lines, ending]))


@contextmanager
def _mariadb(folder: Path) -> Iterator[Path]:
    """The socket of a server with an empty database, which nobody else can reach."""
    folder.mkdir()
    own = ["--no-defaults", f"--datadir={folder}/data"]
    own += ["--user=root"] if os.geteuid() == 0 else []
    run(program("mariadb-install-db", "mariadb-server"), *own, "--skip-test-db")
    # A socket's path has at most 107 bytes, which a test's folder may have already.
    socket = Path(gettempdir()) / f"pw-{os.getpid()}-{free_port()}.sock"
    own += [f"--socket={socket}", f"--pid-file={folder}/pid", "--skip-networking"]
    own += ["--skip-grant-tables", "--innodb-flush-log-at-trx-commit=0"]
    with _process([program("mariadbd", "mariadb-server"), *own], "ready for connections"):
        client = (program("mariadb", "mariadb-server"), "--no-defaults", f"--socket={socket}")
        run(*client, "-e", "CREATE DATABASE wordpress")
        yield socket


@contextmanager
def _process(command: list[str], ready: str, **options: Any) -> Iterator[None]:
    """Runs until the block ends, which begins when it writes that it is ready."""
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, text=True, start_new_session=True, **options
    )
    assert process.stderr
    before = []
    for line in process.stderr:
        before.append(line)
        if ready in line:
            break
    else:
        raise AssertionError("".join(before))
    # Somebody must read on, or it waits when the pipe is full.
    reader = threading.Thread(target=deque, args=(process.stderr, 0))
    reader.start()
    try:
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)  # PHP leaves its workers behind
        process.wait(SOON)
        reader.join()
        process.stderr.close()
