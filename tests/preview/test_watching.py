"""What is changed in the files is there at the next request; what is broken is told everywhere."""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from widget_backend.preview.banner import HASH, HINT_HASH
from widget_backend.preview.run import Preview
from widget_backend.preview.watching import HINTS
from widget_backend.store.contacts import find_contacts

SIGN_UP = "/s/shop"
CATALOG = "translations/sq/LC_MESSAGES/site.po"


def rewrite(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def test_a_changed_name_is_there_at_the_next_request(
    backend: FlaskClient, website: FlaskClient, site_file: Path, lines: list[str]
) -> None:
    assert "Kiosk" not in backend.get(SIGN_UP).text
    rewrite(site_file, 'name = "Shop"', 'name = "Kiosk"')
    assert "Kiosk" in backend.get(SIGN_UP).text
    assert "Kiosk" in website.get("/").text
    assert lines == ["reloaded: shop"]


def test_so_is_a_translation(backend: FlaskClient, site_file: Path) -> None:
    with (site_file.parent / CATALOG).open("a") as catalog:
        catalog.write('\nmsgctxt "topics.news.name"\nmsgid "News"\nmsgstr "Risi"\n')
    assert "Risi" in backend.get(f"{SIGN_UP}?lang=sq").text


def test_so_are_the_logo_and_the_colours(backend: FlaskClient, site_file: Path) -> None:
    picture = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 7 7"/>'
    (site_file.parent / "logo.svg").write_text(picture)
    assert backend.get(f"{SIGN_UP}/logo").text == picture
    rewrite(site_file, "#1f5a4c", "#123456")
    assert "#123456" in backend.get(f"{SIGN_UP}/theme.css").text


def test_so_is_another_id(backend: FlaskClient, site_file: Path) -> None:
    rewrite(site_file, 'id = "shop"', 'id = "kiosk"')
    assert backend.get("/s/kiosk").status_code == 200
    assert backend.get(SIGN_UP).status_code == 404


BREAK: dict[str, tuple[Callable[[Path], object], str]] = {
    "a file half written": (lambda folder: _cut(folder / "SITE.toml"), "SITE.toml: end of"),
    "a wrong value": (lambda folder: rewrite(folder / "SITE.toml", "#1f5a4c", "&lt;green>"),
                      "theme.accent: "),
    "a broken catalog": (lambda folder: _add(folder / CATALOG, "\nmsgid nothing"), "site.po: line"),
    "a logo taken away": (lambda folder: (folder / "logo.svg").unlink(), "theme.logo: "),
    "a site taken away": (lambda folder: (folder / "SITE.toml").unlink(), "there is no such file"),
}  # fmt: skip


def _cut(file: Path) -> None:
    text = file.read_text(encoding="utf-8")
    file.write_text(text[: len(text) // 2 + 2], encoding="utf-8")


def _add(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


@pytest.mark.parametrize("name", BREAK)
def test_what_is_broken_is_told_on_every_page_and_the_last_good_one_stays(
    name: str, backend: FlaskClient, website: FlaskClient, preview: Preview, lines: list[str]
) -> None:
    folder = preview.watched.file.parent
    files = {each: each.read_bytes() for each in folder.rglob("*") if each.suffix != ".db"
             and each.is_file()}  # fmt: skip
    spoil, reason = BREAK[name]
    spoil(folder)
    for client, path in ((backend, SIGN_UP), (website, "/"), (website, "/mail/"), (backend, "/x")):
        answer = client.get(path, headers={"Accept-Encoding": "gzip"})
        assert answer.text.count('<div class="preview-problem" role="alert"') == 1
        assert reason in answer.text
        assert f"style-src 'self' {HASH}" in answer.headers["Content-Security-Policy"]
    assert "<form" in backend.get(SIGN_UP).text
    assert len(lines) == 1
    assert lines[0].startswith("not reloaded, and the site stays as it was: ")
    assert "preview-problem" not in backend.get(f"{SIGN_UP}/fragment").text
    for file, content in files.items():
        file.write_bytes(content)
    assert "preview-problem" not in backend.get(SIGN_UP).text
    assert lines[-1] == "reloaded: shop"


def test_a_mistake_is_shown_as_text(website: FlaskClient, site_file: Path) -> None:
    rewrite(site_file, "#1f5a4c", "<script>")
    page = website.get("/").text
    assert "&lt;script&gt;" in page
    assert "“<script>”" not in page


def test_a_language_that_comes_in_gets_its_people_while_nobody_asks(
    preview: Preview, site_file: Path
) -> None:
    task = preview.people_task()
    rewrite(site_file, '["en", "sq"]', '["en", "sq", "ar"]')
    with preview.database.connection_context():
        assert task.step(preview.database, 0) is False
        email = "new.ar@example.com"
        assert email in find_contacts(preview.database, "shop", [email])


def test_warnings_stand_folded_on_every_page_and_give_way_to_a_mistake(
    backend: FlaskClient, website: FlaskClient, preview: Preview, lines: list[str]
) -> None:
    file = preview.watched.file
    preview.watched.say_hints()
    count = int(lines[0].removesuffix(" warnings:"))
    assert len(lines) == 1 + HINTS + 1
    assert lines[-1] == f"{count - HINTS} more: preference-widget check {file}"
    for client, path in ((backend, SIGN_UP), (website, "/"), (website, "/mail/"), (backend, "/x")):
        answer = client.get(path)
        banner = '<div class="preview-hint" role="note" lang="en" dir="ltr"><details><summary>'
        assert (
            answer.text.count(f"{banner}{count} warnings</summary><p>{escape(lines[1])}</p>") == 1
        )
        assert "is not translated" in answer.text
        assert f"style-src 'self' {HINT_HASH}" in answer.headers["Content-Security-Policy"]
    assert "preview-hint" not in backend.get(f"{SIGN_UP}/fragment").text
    rewrite(file, "#1f5a4c", "green")
    page = backend.get(SIGN_UP).text
    assert "preview-problem" in page
    assert "preview-hint" not in page


def test_the_terminal_hears_of_warnings_when_they_change_and_pages_lose_what_is_mended(
    backend: FlaskClient, site_file: Path, lines: list[str]
) -> None:
    rewrite(site_file, '["en", "sq"]', '["en"]')
    assert "preview-hint" not in backend.get(SIGN_UP).text
    assert lines == ["reloaded: shop"]
    rewrite(site_file, 'name = "Shop"', '# TODO\nname = "Shop"')
    assert f"<details open><summary>1 warning</summary><p>{site_file}: line 2: the word TODO" in (
        backend.get(SIGN_UP).text
    )
    assert lines[2] == "1 warning:"
    assert lines[3].startswith(f"{site_file}: line 2: the word TODO")
    rewrite(site_file, 'benefit = "You pay less."', 'benefit = "You pay little."')
    backend.get(SIGN_UP)
    assert lines[4:] == ["reloaded: shop"]


def test_an_id_that_was_changed_is_told_until_it_is_given_back(
    backend: FlaskClient, site_file: Path, lines: list[str]
) -> None:
    """No database is asked: what people chose is kept under the old one."""
    rewrite(site_file, '["en", "sq"]', '["en"]')
    rewrite(site_file, 'id = "offers"', 'id = "sales"')
    for _ in range(2):
        page = backend.get(SIGN_UP).text
        assert f"{site_file}: topics: no longer there: offers. new: sales. what people" in page
        rewrite(site_file, 'name = "Shop"', '# another change\nname = "Shop"')
    assert sum("no longer there" in line for line in lines) == 1
    rewrite(site_file, 'id = "sales"', 'id = "offers"')
    assert "preview-hint" not in backend.get(SIGN_UP).text
