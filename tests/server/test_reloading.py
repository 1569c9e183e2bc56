"""Reloading: a server that runs changes to new sites at once, or goes on with those it has."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.people import choose, person_of
from tests.support.processes import serve_process
from tests.support.small_site import CATALOG, LOGO, write_site
from widget_backend.cli import main
from widget_backend.cli import served_sites as served_sites_module
from widget_backend.config import SettingsInvalid
from widget_backend.site.load import SiteInLanguages, load_site
from widget_backend.store.database import open_database


class Server:
    """A running `serve` with a folder of sites, and what its operator types."""

    def __init__(self, sites: Path, child: subprocess.Popen[str], port: int) -> None:
        self.sites, self.child, self.port = sites, child, port
        self.pid_file = sites.with_name("pid")
        self.database_url = f"sqlite:///{sites.with_name('widget.db')}"

    def get(self, path: str) -> tuple[int, str]:
        with closing(HTTPConnection("127.0.0.1", self.port)) as connection:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def reload(self, *options: str, **settings: str) -> Result:
        known = {
            "WIDGET_DATABASE_URL": "",
            "WIDGET_DATABASE_URL_FILE": "",
            "WIDGET_SITES": str(self.sites),
            "WIDGET_PID_FILE": str(self.pid_file),
            "WIDGET_FOLDER": str(self.sites.with_name("own")),
            **settings,
        }
        return CliRunner().invoke(main, ["reload", *options], env=known)

    def says(self) -> str:
        assert self.child.stdout
        return self.child.stdout.readline()

    def complains(self) -> str:
        """The next line of its standard error but for warnings of an address or a new database."""
        assert self.child.stderr
        known = re.compile("warning: “url”|warning: .* is a new database")
        return next(line for line in self.child.stderr if not known.match(line))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    sites = tmp_path / "sites"
    write_site(sites / "shop")
    (tmp_path / "own").mkdir()
    settings = {
        "WIDGET_SITES": str(sites),
        "WIDGET_PID_FILE": str(tmp_path / "pid"),
        "WIDGET_FOLDER": str(tmp_path / "own"),
    }
    with serve_process(f"sqlite:///{tmp_path}/widget.db", **settings) as (child, port):
        yield Server(sites, child, port)


def test_it_serves_what_changed_and_what_is_new(server: Server) -> None:
    write_site(server.sites / "shop", name="Kiosk")
    (server.sites / "shop" / "logo.svg").write_text(LOGO.replace("9 9", "7 7"))
    write_site(server.sites / "inn", name="Inn", id="inn")
    assert "Shop" in server.get("/s/shop")[1]
    assert "9 9" in server.get("/s/shop/logo")[1]
    result = server.reload()
    assert result.stdout.splitlines() == [
        "Without a mistake: inn, shop.",
        f"Sent SIGHUP to process {server.child.pid}. Its output, or log, says whether it reloaded.",
    ]
    assert server.says() == "reloaded: inn, shop\n"
    assert "Kiosk" in server.get("/s/shop")[1]
    assert "7 7" in server.get("/s/shop/logo")[1]
    assert "Inn" in server.get("/s/inn")[1]


def test_a_site_that_is_gone_is_served_until_the_next_start(server: Server) -> None:
    """Its mailed links go on unsubscribing, and nobody ends them by a slip."""
    write_site(server.sites / "shop", id="shopp")
    result = server.reload()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith("WIDGET_SITES: no site file has shop any more, which the")
    assert "or type --gone shop if it is meant" in result.stderr
    assert server.reload("--gone", "shop").exit_code == 0
    warning = server.complains()
    assert warning.startswith("warning: no site file has “shop” any more. it is served as before")
    assert server.says() == "reloaded: shopp\n"
    assert [server.get(f"/s/{each}")[0] for each in ("shop", "shopp")] == [200, 200]
    again = server.reload()
    assert (again.exit_code, again.stderr) == (0, warning), "it is meant once and for all"
    assert server.says() == "reloaded: shopp\n"
    write_site(server.sites / "shop", id="shoppp")
    assert "--gone shopp if" in server.reload().stderr, "another slip is refused again"


def test_only_a_site_that_is_gone_can_be_said_to_be_gone(server: Server) -> None:
    for site, reason in (
        ("shopp", "the server serves no such site. name one of these: shop."),
        ("shop", "a site file has that id. take the file away first, or leave the option out."),
    ):
        result = server.reload("--gone", site)
        assert (result.exit_code, result.stdout) == (1, "")
        assert result.stderr == f"--gone {site}: {reason}\n"


def test_a_slip_in_an_id_that_was_reloaded_is_mended_by_the_next_reload(server: Server) -> None:
    write_site(server.sites / "shop", id="shopp")
    server.child.send_signal(signal.SIGHUP)
    assert "no site file has “shop” any more" in server.complains()
    assert server.says() == "reloaded: shopp\n"
    write_site(server.sites / "shop", name="Kiosk")
    for _ in range(2):
        result = server.reload()
        assert (result.exit_code, result.stderr) == (0, "")
        assert server.says() == "reloaded: shop\n"
    assert "Kiosk" in server.get("/s/shop")[1]
    assert server.get("/s/shopp")[0] == 404, "the slip has ended"


def test_who_came_by_a_slip_in_an_id_can_still_leave_after_it_is_mended(server: Server) -> None:
    write_site(server.sites / "shop", id="shopp")
    server.child.send_signal(signal.SIGHUP)
    assert server.says() == "reloaded: shopp\n"
    database = open_database(server.database_url)
    with database.connection_context():
        person_of(database, "shopp")
    write_site(server.sites / "shop")
    assert server.reload().exit_code == 0
    assert server.says() == "reloaded: shop\n"
    assert server.get("/s/shopp")[0] == 200
    result = server.reload()
    assert result.exit_code == 0
    assert result.stderr.startswith("warning: no site file has “shopp” any more. it is served as")


def test_a_topic_that_people_have_and_no_file_declares_is_told_wherever_it_is_reloaded(
    server: Server,
) -> None:
    """A slip in its id would take it from everybody who has it."""
    database = open_database(server.database_url)
    with database.connection_context():
        choose(database, person_of(database, "shop"), "offers")
    file = server.sites / "shop" / "SITE.toml"
    file.write_text(file.read_text().replace('id = "offers"', 'id = "ofers"'))
    result = server.reload(WIDGET_DATABASE_URL=server.database_url)
    warning = f"warning: {file}: topics.offers: is no longer declared, and 1 person has it. "
    assert result.exit_code == 0
    assert "Sent SIGHUP" in result.stdout
    assert result.stderr.startswith(warning)
    assert server.says() == "reloaded: shop\n"
    assert server.complains() == result.stderr
    assert server.reload().stderr == "", "nothing is known without a database"
    write_site(server.sites / "shop")
    assert server.reload(WIDGET_DATABASE_URL=server.database_url).stderr == ""


BREAK = {
    "a file cut off": ("SITE.toml", lambda text: text[: len(text) // 2 + 2], "SITE.toml: end of"),
    "a wrong value": ("SITE.toml", lambda text: text.replace("#1f5a4c", "green"), "theme.accent"),
    "a broken catalog": (CATALOG, lambda text: f"{text}\nmsgid nothing", "line "),
    "an empty catalog": (CATALOG, lambda text: "", f"{CATALOG}: is empty. put its content"),
    "half a logo": ("logo.svg", lambda text: text[:20], "theme.logo"),
    "the id of another": ("SITE.toml", lambda text: text.replace('id = "shop"', 'id = "inn"'),
                          "WIDGET_SITES: the id “inn” is in "),
}  # fmt: skip


@pytest.mark.parametrize("name", BREAK)
def test_a_mistake_is_told_and_what_ran_goes_on(name: str, server: Server) -> None:
    write_site(server.sites / "inn", id="inn")
    server.reload()
    assert server.says() == "reloaded: inn, shop\n"
    write_site(server.sites / "inn", name="Tavern", id="inn")
    file, spoil, where = BREAK[name]
    path = server.sites / "shop" / file
    path.write_text(spoil(path.read_text()))
    result = server.reload()
    assert result.exit_code == 1
    assert where in result.stderr
    assert result.stdout == ""
    server.child.send_signal(signal.SIGHUP)
    line = server.complains()
    assert line == f"not reloaded, and the sites stay as they were: {result.stderr}"
    assert "Tavern" not in server.get("/s/inn")[1]
    assert server.get("/s/shop")[0] == 200
    assert server.get("/s/shop/logo") == (200, LOGO)
    write_site(server.sites / "shop")
    server.reload()
    assert server.says() == "reloaded: inn, shop\n"
    assert "Tavern" in server.get("/s/inn")[1]


def test_words_of_the_operators_own_are_taken_too_unless_a_catalog_is_broken(
    server: Server,
) -> None:
    own = server.sites.with_name("own") / "translations" / "sq" / "LC_MESSAGES" / "messages.po"
    own.parent.mkdir(parents=True)
    assert "Regjistrohu këtu" not in server.get("/s/shop?lang=sq")[1]
    own.write_text('msgid "Sign up"\nmsgstr "Regjistrohu këtu"\n', encoding="utf-8")
    server.reload()
    assert server.says() == "reloaded: shop\n"
    assert "Regjistrohu këtu" in server.get("/s/shop?lang=sq")[1]
    write_site(server.sites / "shop", name="Kiosk")
    own.write_text(own.read_text("utf-8") + "msgid nothing\n", encoding="utf-8")
    result = server.reload()
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{own}: line 3: “msgid nothing” is no line of a gettext file")
    server.child.send_signal(signal.SIGHUP)
    assert server.child.stderr
    line = next(each for each in server.child.stderr if each.startswith("not reloaded"))
    assert line == f"not reloaded, and the sites stay as they were: {result.stderr}"
    page = server.get("/s/shop?lang=sq")[1]
    assert "Regjistrohu këtu" in page
    assert "Kiosk" not in page


def test_sentences_of_the_operators_own_that_are_left_out_are_counted(server: Server) -> None:
    file = server.sites.with_name("own") / "translations" / "sq" / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    wrong = (
        'msgid "Sign up"\nmsgstr "<b>Regjistrohu"\n\n#, fuzzy\nmsgid "Pause"\nmsgstr "Pushim"\n\n'
    )
    file.write_text(f'{wrong}msgid "Save"\nmsgstr ""\n', encoding="utf-8")
    result = server.reload()
    warning = (
        f"warning: {file}: 2 sentences are fuzzy or wrong, and left out. "
        "preference-widget translations check says which, and why.\n"
    )
    assert (result.exit_code, result.stderr) == (0, warning)
    assert server.says() == "reloaded: shop\n"
    assert server.complains() == warning


def test_a_server_that_stops_takes_its_pid_file_with_it(server: Server) -> None:
    assert server.pid_file.exists()
    server.child.terminate()
    assert server.child.wait(60) == 0
    assert not server.pid_file.exists()
    result = server.reload()
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{server.pid_file}: no server runs with this file. start ")


def test_a_file_that_is_written_while_it_is_read_is_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first half may be a site file as well."""
    file = write_site(tmp_path)

    def load_and_write(path: Path) -> SiteInLanguages:
        site = load_site(path)
        path.write_text(f"{path.read_text()}# more", encoding="utf-8")
        return site

    monkeypatch.setattr(served_sites_module, "load_site", load_and_write)
    monkeypatch.setenv("WIDGET_SITES", str(file))
    with pytest.raises(SettingsInvalid, match="changed while it was read"):
        served_sites_module.load_sites(may_sign=False)


def test_without_the_setting_reload_asks_for_it(tmp_path: Path) -> None:
    settings = {"WIDGET_SITES": str(write_site(tmp_path)), "WIDGET_PID_FILE": ""}
    result = CliRunner().invoke(main, ["reload"], env=settings)
    assert result.exit_code == 1
    assert result.stderr.startswith("WIDGET_PID_FILE: is not set. set it, for serve as well")
