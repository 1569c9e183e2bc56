"""`preference-widget check` and `translations`: what a site owner sees."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from peewee import Database, SqliteDatabase

from tests.support.small_site import Write
from widget_backend.cli import main
from widget_backend.rules.state import difference
from widget_backend.site.theme import contrast
from widget_backend.store.ledger import ConsentContext, Wording
from widget_backend.store.profiles import create_profile
from widget_backend.store.saves import save

ON = {"on": True, "channel": "email", "frequency": "weekly"}
HOW = ConsentContext(0, "hosted", Wording.of("shop", "en", {}))


@pytest.fixture(autouse=True)
def no_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WIDGET_DATABASE_URL", "WIDGET_DATABASE_URL_FILE"):
        monkeypatch.delenv(name, raising=False)


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_a_site_that_is_right_is_ok(write: Write) -> None:
    result = run("check", "--strict", write())
    assert (result.exit_code, result.output) == (0, "ok\n")


def test_a_mistake_is_an_error(write: Write) -> None:
    file = write(('name = "News"\n', ""))
    result = run("check", file)
    assert result.exit_code == 1
    assert result.stderr == f"{file}: topics.news.name: is missing. add name = ….\n"


def test_a_broken_catalog_is_one_line(write: Write, tmp_path: Path) -> None:
    file = write(('locales = ["en"]', 'locales = ["en", "sq"]'))
    catalog = tmp_path / "translations" / "sq" / "LC_MESSAGES" / "site.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text("msgid", encoding="utf-8")
    for words in (("check", file), ("translations", "update", file)):
        result = run(*words)
        assert result.exit_code == 1
        assert result.stderr == (
            f"{catalog}: line 1: “msgid” is no line of a gettext file. "
            "correct it there, by hand or with Poedit.\n"
        )


@pytest.mark.parametrize("content", ["", "\n \n", "# Translated by nobody\n"])
def test_an_empty_catalog_is_no_catalog_without_translations(
    write: Write, tmp_path: Path, content: str
) -> None:
    """A write that broke off, or has just begun, would show people another language."""
    catalog = tmp_path / "translations/sq/LC_MESSAGES/site.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(content)
    file = write(('locales = ["en"]', 'locales = ["en", "sq"]'))
    result = run("check", file)
    assert result.exit_code == 1
    assert result.stderr == (
        f"{catalog}: is empty. put its content back, or fill it with preference-widget "
        "translations update.\n"
    )
    assert run("translations", "update", file).exit_code == 0
    assert run("check", file).exit_code == 0


def test_updating_says_how_many_texts_each_language_lacks(write: Write) -> None:
    file = write(('locales = ["en"]', 'locales = ["en", "sq", "ar"]'))
    run("translations", "update", file)
    catalogs = [file.parent / "translations" / tag / "LC_MESSAGES/site.po" for tag in ("sq", "ar")]
    albanian = catalogs[0].read_text()
    count = albanian.count('msgstr ""\n\n')
    catalogs[0].write_text(
        albanian.replace('msgid "News"\nmsgstr ""', 'msgid "News"\nmsgstr "Risi"')
    )
    result = run("translations", "update", file)
    assert result.stdout == "".join(f"{each}\n" for each in catalogs)
    assert result.stderr == (
        f"{catalogs[0]}: {count - 1} texts have no translation that can be shown\n"
        f"{catalogs[1]}: {count} texts have no translation that can be shown\n"
    )


def test_an_address_at_which_others_could_read_links(write: Write) -> None:
    file = write(("https://prefs.example", "http://prefs.example"))
    result = run("check", file)
    assert (result.exit_code, result.stdout) == (0, "ok\n")
    assert result.stderr == (
        f"warning: {file}: url: at “http://prefs.example” others on the way could read and use "
        "people’s links. write https://prefs.example.\n"
    )


@pytest.mark.parametrize(
    ("words", "kind", "code"), [((), "warning", 0), (("--strict",), "error", 1)]
)
class TestWhatPeopleWouldSee:
    """A warning, and with --strict an error."""

    def test_a_missing_translation(
        self, words: tuple[str, ...], kind: str, code: int, write: Write
    ) -> None:
        result = run("check", *words, write(('locales = ["en"]', 'locales = ["en", "sq"]')))
        assert result.exit_code == code
        assert result.stderr.startswith(f"{kind}: ")
        assert "“Shop” is not translated." in result.stderr

    def test_a_translation_that_would_break_a_page(
        self, words: tuple[str, ...], kind: str, code: int, write: Write
    ) -> None:
        file = write(('locales = ["en"]', 'locales = ["en", "sq"]'))
        assert run("translations", "update", file).exit_code == 0
        catalog = file.parent / "translations" / "sq" / "LC_MESSAGES" / "site.po"
        catalog.write_text(catalog.read_text().replace('msgstr ""\n\n', 'msgstr "<"\n\n'))
        result = run("check", *words, file)
        assert result.exit_code == code
        line = f"{kind}: {catalog}: topics.offers.name: “Offers” and “<” differ in <. write it"
        assert line in result.stderr

    def test_a_language_that_we_do_not_speak(
        self, words: tuple[str, ...], kind: str, code: int, write: Write
    ) -> None:
        file = write(
            ('source_language = "en"', 'source_language = "de"'),
            ('locales = ["en"]', 'locales = ["de"]'),
        )
        result = run("check", *words, file)
        assert result.exit_code == code
        assert result.stderr == (
            f"{kind}: {file}: locales: there is no catalog of our own words for “de”: people read "
            "English. translate them: see translations/README.md.\n"
        )

    def test_colours_that_are_hard_to_read(
        self, words: tuple[str, ...], kind: str, code: int, write: Write
    ) -> None:
        file = write(('accent = "#1f5a4c"', 'accent = "#e0a030"'))
        result = run("check", *words, file)
        assert result.exit_code == code
        assert result.stderr == (
            f"{kind}: {file}: theme.on_accent: its contrast to theme.accent is 2.3 to 1, which "
            "many cannot read. choose colours with at least 4.5 to 1.\n"
        )


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#000000", 21.0),
        ("#777777", "#ffffff", 4.48),  # the grey that just fails
        ("#767676", "#FFFFFF", 4.54),  # and the one that just passes
        ("#8f3b1b", "#8f3b1b", 1.0),
    ],
)
def test_contrast_is_as_wcag_counts_it(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == pytest.approx(ratio, abs=0.005)


# ── topics that vanished ────────────────────────────────────────────────────────────────────


def hold(database: Database, *topics: str) -> None:
    person = create_profile(database, "shop", 0)
    wanted = {f"topic:{topic}": ON for topic in topics}
    save(database, person, difference(person.state, wanted), HOW)


def test_a_topic_that_people_still_have_is_missed(
    database: Database, database_url: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", database_url)
    hold(database, "offers", "tips", "events")
    hold(database, "tips")
    file = write()
    result = run("check", "--strict", file)
    assert (result.exit_code, result.stdout) == (0, "ok\n")
    cure = "Their choice stays in the ledger. declare it again to show it and let them change it."
    assert result.stderr.splitlines() == [
        f"warning: {file}: topics.events: is no longer declared, and 1 person has it. {cure}",
        f"warning: {file}: topics.tips: is no longer declared, and 2 people have it. {cure}",
    ]


def test_a_database_without_our_tables_is_left_as_it_is(
    empty_database: Database, database_url: str, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", database_url)
    if isinstance(empty_database, SqliteDatabase):
        Path(empty_database.database).touch()
    assert run("check", write()).output == "ok\n"
    with empty_database.connection_context():
        assert empty_database.get_tables() == []


def test_checking_makes_no_database(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIDGET_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    assert run("check", write()).output == "ok\n"
    assert not (tmp_path / "none.db").exists()


def test_the_database_may_be_named_in_a_file(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("mysql://somewhere")
    monkeypatch.setenv("WIDGET_DATABASE_URL_FILE", f"{tmp_path}/url")
    assert "WIDGET_DATABASE_URL: “mysql” is no database known here." in run("check", write()).stderr


def test_a_site_file_is_judged_whatever_is_wrong_with_the_database(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as one of another user, which this one may not read."""
    (tmp_path / "text.db").write_text("This is no database, however long it may be. " * 100)
    (tmp_path / "folder.db").mkdir()  # SQLite says of it what it says of a file of another user
    for name, why in (("text", "file is not a database"), ("folder", "unable to open database")):
        monkeypatch.setenv("WIDGET_DATABASE_URL", f"sqlite:///{tmp_path}/{name}.db")
        result = run("check", write())
        assert (result.exit_code, result.stdout) == (0, "ok\n")
        warning = f"warning: what people have was not looked up: WIDGET_DATABASE_URL: {why}"
        assert result.stderr.startswith(warning)
        assert result.stderr.count("\n") == 1
    file = write(('locales = ["en"]', 'locales = ["en", "sq"]'))
    assert run("check", "--strict", file).exit_code == 1, "as without a database"


def test_a_country_whose_law_is_not_known_is_a_warning(write: Write) -> None:
    file = write(('name = "Shop"\n', 'name = "Shop"\ncountries = ["AL", "BR"]\n'))
    result = run("check", "--strict", file)
    assert (result.exit_code, result.stdout) == (0, "ok\n"), "no owner can mend that"
    assert result.stderr == (
        f"warning: {file}: countries: the law of Brazil is not known here: "
        "the strictest of all laws is taken. ask a lawyer what holds there.\n"
    )


# ── numbers that nobody has confirmed ───────────────────────────────────────────────────────


def by(*channels: str) -> tuple[str, str]:
    return 'channels = ["email", "post"]', f"channels = {json.dumps(channels)}"


@pytest.mark.parametrize(
    ("channels", "names"), [(("email", "sms"), "sms"), (("phone", "sms"), "sms and phone")]
)
def test_nobody_overlooks_that_nothing_goes_to_numbers_that_people_type(
    write: Write, channels: tuple[str, ...], names: str
) -> None:
    file = write(by(*channels))
    result = run("check", "--strict", file)
    assert (result.exit_code, result.stdout) == (0, "ok\n")
    assert result.stderr == (
        f"warning: {file}: unverified_numbers: missing, while topics come by {names}: nothing will "
        "go to a number that a person types, since nobody has confirmed it. write true to send to "
        "such numbers, or false to send only to those that an import confirms "
        "(--phone-evidence).\n"
    )


@pytest.mark.parametrize("value", ["true", "false"])
def test_whoever_has_decided_it_reads_nothing_of_it(write: Write, value: str) -> None:
    old, new = by("email", "sms")
    result = run("check", write((old, f"{new}\nunverified_numbers = {value}")))
    assert result.output == "ok\n"


def test_where_no_message_goes_to_a_number_nothing_is_to_be_decided(write: Write) -> None:
    assert run("check", write(by("email", "post"))).output == "ok\n"
