"""`preference-widget init` on a terminal: what it asks, and what it says to wrong answers."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from widget_backend.site.load import load_site

URL = "https://prefs.example"
NAME = ("--name", "Rozafa")
ADDRESS = ("--url", URL)
OTHERS = ("--languages", "sq,en", "--topics", "shop", "--channels", "email")


class Terminal:
    """The command on a terminal; what is typed is written when it asks."""

    def __init__(self, folder: Path, *words: str) -> None:
        call = "from widget_backend.cli import main; main()"
        self.mine, its = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-c", call, "init", *words],
            cwd=folder, stdin=its, stdout=its, stderr=its, start_new_session=True,
        )  # fmt: skip
        os.close(its)
        self.output = b""

    @property
    def screen(self) -> str:
        return self.output.decode().replace("\r", "")

    def type(self, answer: str) -> None:
        self.read_until(b": ")
        os.write(self.mine, f"{answer}\n".encode())
        self.read_until(b"\n")

    def read_until(self, end: bytes) -> None:
        """Until what is new on the screen ends so, or the command is over."""
        new = b""
        while not new.endswith(end):
            assert select.select([self.mine], [], [], 60)[0], self.screen
            try:
                more = os.read(self.mine, 1)
            except OSError:  # so says Linux when the other side is closed
                more = b""
            if not more:
                return
            new += more
            self.output += more

    def end(self) -> int:
        self.read_until(b"\0")
        os.close(self.mine)
        return self.process.wait(60)


def converse(folder: Path, words: Sequence[str], *answers: str) -> Terminal:
    terminal = Terminal(folder, *words)
    for each in answers:
        terminal.type(each)
    assert terminal.end() == 0, terminal.screen
    return terminal


def test_it_asks_five_things(tmp_path: Path) -> None:
    terminal = converse(tmp_path, ["mysite"], "Studio Rozafa", URL, "sq, en, ar", "shop", "")
    asked = [line.partition(":")[0] for line in terminal.screen.splitlines()[:5]]
    assert asked == [
        "Name of your site or organisation",
        "Address where people reach this software [http",
        "Languages, that of your texts first (ar, en, sq, …) [en]",
        "Ready topics (association, newsletter, shop, software) [newsletter]",
        "Channels (email, sms, phone, post) [email]",
    ]
    site = load_site(tmp_path / "mysite" / "SITE.toml").site
    assert (site.id, site.url, site.channels) == ("studio-rozafa", URL, ("email",))
    assert site.locales == ("sq", "en", "ar")


def test_it_asks_again_what_was_wrong(tmp_path: Path) -> None:
    terminal = converse(tmp_path, ["a", *ADDRESS, *OTHERS], "", " ", "Rozafa\tStudio", "Rozafa")
    assert "holds a control character (U+0009)" in terminal.screen
    terminal = converse(tmp_path, ["b", *NAME, *OTHERS], "prefs.example", URL)
    assert "“prefs.example” is not the address of a website. write it in full" in terminal.screen


def test_it_asks_for_an_id_that_no_name_gives(tmp_path: Path) -> None:
    arabic = ["--name", "متجر", *ADDRESS, *OTHERS]
    converse(tmp_path, ["lule", *arabic], "")
    assert load_site(tmp_path / "lule" / "SITE.toml").site.id == "lule"
    terminal = converse(tmp_path, ["Lule 2", *arabic], "Lule", "lule-2")
    assert "“Lule” is not an identifier" in terminal.screen
    assert load_site(tmp_path / "Lule 2" / "SITE.toml").site.id == "lule-2"


def test_options_that_are_wrong_are_told_before_anything_is_asked(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "a", "--url", "shop", "--topics", "cars")
    assert terminal.end() == 1
    assert [line[:12] for line in terminal.screen.splitlines()] == ["a: --url: “s", "a: --topics:"]


def test_a_folder_that_was_filled_while_it_asked_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    terminal = Terminal(tmp_path, "a", *ADDRESS, *OTHERS)
    terminal.read_until(b": ")
    (tmp_path / "a" / "notes.txt").write_text("mine")
    os.write(terminal.mine, b"Rozafa\n")
    assert terminal.end() == 1
    assert terminal.screen.splitlines()[-1].startswith("a: it is not empty.")
    assert [each.name for each in (tmp_path / "a").iterdir()] == ["notes.txt"]


def test_who_ends_it_while_it_asks_leaves_nothing(tmp_path: Path) -> None:
    """By the end of input, Ctrl+D. A signal just before Python reads would wait for a key."""
    terminal = Terminal(tmp_path, "a")
    terminal.type("Rozafa")
    terminal.read_until(b": ")
    os.write(terminal.mine, b"\x04")
    assert terminal.end() == 1
    assert terminal.screen.endswith("Aborted!\n")
    assert not [*tmp_path.iterdir()]
