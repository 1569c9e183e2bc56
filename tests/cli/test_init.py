"""`preference-widget init` with options: a new site, and what stops it."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.worlds import LANGUAGES
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA
from widget_backend.site import new_site, texts
from widget_backend.site.channels import CHANNELS
from widget_backend.site.load import load_site
from widget_backend.site.ready_sites import ready_sets

URL = "https://prefs.example"
NAME = "Rozafa"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WIDGET_DATABASE_URL", "WIDGET_DATABASE_URL_FILE", "WIDGET_SITES"):
        monkeypatch.delenv(name, raising=False)


def run(*words: object, **settings: str) -> Result:
    return CliRunner().invoke(main, [str(each) for each in words], env=settings)


def options(**changed: str) -> list[str]:
    usual = {"name": NAME, "url": URL, "languages": "sq,en", "topics": "shop", "channels": "email"}
    return [word for name, each in {**usual, **changed}.items() for word in (f"--{name}", each)]


# ── what is written ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("source", LANGUAGES)
@pytest.mark.parametrize("topics", [*ready_sets(), ",".join(ready_sets())])
def test_what_is_written_passes_the_check_and_the_preview_is_named_next(
    topics: str, source: str, tmp_path: Path
) -> None:
    folder = tmp_path / "my site"
    tags = ",".join(dict.fromkeys([source, *LANGUAGES]))
    words = options(topics=topics, languages=tags, channels=",".join(CHANNELS))
    result = run("init", folder, *words)
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines()[-1].strip() == (f"preference-widget preview '{folder}'")
    checked = run("check", "--strict", folder / "SITE.toml")
    assert (checked.exit_code, checked.stdout) == (0, "ok\n")
    (warning,) = checked.stderr.splitlines()
    assert warning.startswith(f"warning: {folder / 'SITE.toml'}: lines ")
    assert "the word TODO stands there" in warning


def test_the_answers_are_in_the_site_file(tmp_path: Path) -> None:
    words = options(topics="shop, association", channels="post،email", name=" Çajtorja ")
    assert run("init", tmp_path / "a", *words).exit_code == 0
    site = load_site(tmp_path / "a" / "SITE.toml").site
    assert (site.id, site.name, site.url) == ("cajtorja", "Çajtorja", URL)
    assert (site.source_language, site.locales) == ("sq", ("sq", "en"))
    assert (site.channels, site.origins) == (("post", "email"), ())
    assert {"offers", "events"} < {each.id for each in site.topics}


@pytest.mark.parametrize("source", LANGUAGES)
@pytest.mark.parametrize(("channels", "is_written"), [("email,sms", True), ("email,post", False)])
def test_where_messages_go_to_numbers_the_file_says_to_which(
    channels: str, is_written: bool, source: str, tmp_path: Path
) -> None:
    words = options(channels=channels, languages=source)
    assert run("init", tmp_path / "a", *words).exit_code == 0
    lines = (tmp_path / "a" / "SITE.toml").read_text(encoding="utf-8").splitlines()
    assert ("unverified_numbers = false" in lines) == is_written
    assert ("#unverified_numbers = false" in lines) != is_written


def test_yes_takes_what_is_usual_for_all_but_the_name(tmp_path: Path) -> None:
    result = run("init", tmp_path / "a", "--yes")
    assert result.stderr == (
        f"{tmp_path / 'a'}: --name: missing, and there is no default. write it.\n"
    )
    assert run("init", tmp_path / "a", "--yes", "--name", "متجر").exit_code == 0
    site = load_site(tmp_path / "a" / "SITE.toml").site
    assert (site.id, site.name, site.url) == ("a", "متجر", "http://127.0.0.1:8000")


def test_an_address_with_a_slash_at_its_end_is_taken(tmp_path: Path) -> None:
    run("init", tmp_path / "a", *options(url=f"{URL}/"))
    assert f'url = "{URL}" ' in (tmp_path / "a" / "SITE.toml").read_text(encoding="utf-8")


def test_it_says_which_texts_are_still_to_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "a"
    italian = folder / "translations" / "it" / "LC_MESSAGES" / "site.po"
    lines = run("init", folder, *options(languages="de,en,it")).stdout.splitlines()
    assert lines == [
        f"{folder}/SITE.toml",
        f"{folder}/translations/en/LC_MESSAGES/site.po",
        str(italian),
        f"There are no ready texts in German: rewrite the English ones in {folder}/SITE.toml",
        f"There are no ready texts in Italian: translate {italian}",
        f"Before others see the site, go through the lines with TODO in {folder}/SITE.toml.",
        "Next:",
        "",
        f"    preference-widget preview {folder}",
    ]


def test_the_next_command_is_called_as_this_one_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(sys, "argv", ["venv/bin/preference-widget", "init"])
    last = run("init", tmp_path / "a", *options()).stdout.splitlines()[-1]
    assert last == f"    venv/bin/preference-widget preview {tmp_path}/a"


# ── bad input ───────────────────────────────────────────────────────────────────────────────


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    wrong = {"name": "a\nb", "url": "shop", "languages": "xx,ens", "topics": "shop,cars"}
    result = run("init", tmp_path / "a", *options(**wrong, channels=",", id="Ä"))
    assert result.exit_code == 1
    assert [line.split(": ")[1] for line in result.stderr.splitlines()] == [
        *("--id", "--name", "--url", "--languages", "--languages", "--channels", "--topics"),
    ]
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (
            {"url": "http://prefs.example"},
            (
                "--url: at “http://prefs.example” others on the way could read and use people’s "
                "links. write https://prefs.example."
            ),
        ),
        (
            {"url": "https://prefs.example/a"},
            (
                "--url: “https://prefs.example/a” is not the bare address of a website. write "
                "scheme, host and port only, as browsers send them: https://prefs.example."
            ),
        ),
        (
            {"name": "\udcff"},
            "--name: holds a control character (U+DCFF). write it in one line, without tabs.",
        ),
        ({"name": " "}, "--name: is empty. write it."),
        ({"url": ""}, "--url: is empty. write it."),
        ({"id": " "}, "--id: is empty. write it."),
        (
            {"name": "متجر"},
            (
                "--id: missing, and there is no terminal to ask at. write them, or --yes for --url "
                "http://127.0.0.1:8000, --languages en, --topics newsletter, --channels email."
            ),
        ),
        ({"languages": "en,en"}, "--languages: “en” is listed 2 times. list it once."),
        ({"languages": ""}, "--languages: is empty. name at least one."),
        (
            {"languages": "en,sp"},
            "--languages: no language “sp” is known. write it as en, sq, ar or pt-BR.",
        ),
    ],
)
def test_a_wrong_answer_is_one_line(wrong: dict[str, str], line: str, tmp_path: Path) -> None:
    result = run("init", tmp_path / "a", *options(**wrong))
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{tmp_path / 'a'}: {line}")
    assert not [*tmp_path.iterdir()]


@pytest.mark.parametrize("url", ["http://localhost:8000", "http://127.0.0.1:8000", "http://[::1]"])
def test_this_machine_needs_no_encryption(url: str, tmp_path: Path) -> None:
    assert run("init", tmp_path / "a", *options(url=url)).exit_code == 0


def test_without_a_terminal_it_names_all_that_is_missing_and_does_not_wait(tmp_path: Path) -> None:
    result = run("init", tmp_path / "a", "--url", URL)
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"{tmp_path / 'a'}: --name --languages --topics --channels: missing, and there is no "
        "terminal to ask at. write them, or --yes for"
    )


def test_an_id_that_another_site_has_is_refused(tmp_path: Path) -> None:
    served = {"WIDGET_SITES": str(DIMORA / "SITE.toml")}
    result = run("init", tmp_path / "a", *options(name="Dimora"), **served)
    assert result.stderr == (
        f"{tmp_path / 'a'}: --id: a site of WIDGET_SITES has the id “dimora”. choose another one "
        "with --id.\n"
    )
    words = [*options(name="Dimora"), "--id", "dimora-2"]
    assert run("init", tmp_path / "a", *words, **served).exit_code == 0


def test_settings_that_are_broken_do_not_matter(tmp_path: Path) -> None:
    assert run("init", tmp_path / "a", *options(), WIDGET_SITES="none").exit_code == 0


# ── where it is written ─────────────────────────────────────────────────────────────────────


def test_a_folder_with_something_in_it_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    result = run("init", tmp_path, *options())
    assert (result.exit_code, result.stderr) == (
        1,
        f"{tmp_path}: it is not empty. name a new folder: nothing is overwritten.\n",
    )
    assert [each.name for each in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("kind", ["file", "link"])
def test_a_file_in_place_of_the_folder_stays(kind: str, tmp_path: Path) -> None:
    place = tmp_path / "a"
    place.write_text("mine") if kind == "file" else place.symlink_to(tmp_path / "nowhere")
    result = run("init", place, *options())
    assert result.stderr == f"{place}: it is a file. name a new folder: nothing is overwritten.\n"
    assert [*tmp_path.iterdir()] == [place]


def test_the_folder_above_must_be_there(tmp_path: Path) -> None:
    result = run("init", tmp_path / "a" / "b", *options())
    assert result.stderr == f"{tmp_path / 'a'}: there is no such folder. make it first.\n"


def test_who_may_not_write_there_is_told_before_anything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    result = run("init", tmp_path / "a")
    assert result.stderr == (f"{tmp_path}: this user may not write there. name another place.\n")


def test_an_empty_folder_is_filled_and_stays_the_same_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    before = tmp_path.stat().st_ino
    assert run("init", ".", *options()).exit_code == 0
    assert tmp_path.stat().st_ino == before
    assert sorted(each.name for each in tmp_path.iterdir()) == ["SITE.toml", "translations"]


def test_others_may_read_what_is_written(tmp_path: Path) -> None:
    run("init", tmp_path / "a", *options())
    usual = tmp_path / "usual"
    usual.mkdir()
    assert (tmp_path / "a").stat().st_mode == usual.stat().st_mode


@pytest.mark.parametrize("exists", [False, True])
@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError(28, "No space left on device")])
def test_an_interrupted_run_leaves_nothing(
    fault: BaseException, exists: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise fault

    folder = tmp_path / "a"
    if exists:
        folder.mkdir()
    monkeypatch.setattr(texts, "update_catalog", fail)
    result = run("init", folder, *options())
    assert result.exit_code == 1
    left = [each for each in tmp_path.rglob("*") if each != folder]
    assert (left, folder.exists()) == ([], exists)


@pytest.mark.parametrize(("exists", "name"), [(False, "notes.txt"), (True, "SITE.toml")])
def test_nothing_is_overwritten_that_came_in_between(
    exists: bool, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    update, theirs = new_site.update_translations, tmp_path / "a" / name

    def be_late(*arguments: Any) -> list[Path]:
        theirs.parent.mkdir(exist_ok=True)
        theirs.write_text("mine")
        return update(*arguments)

    if exists:
        theirs.parent.mkdir()
    monkeypatch.setattr(new_site, "update_translations", be_late)
    result = run("init", tmp_path / "a", *options())
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{tmp_path / 'a'}: cannot be written: ")
    assert [each.read_text() for each in theirs.parent.iterdir()] == ["mine"]
