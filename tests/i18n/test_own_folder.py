"""WIDGET_FOLDER: catalogs of the operator’s own add to ours and change them, and break no page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from widget_backend.cli import main
from widget_backend.errors import FileRefused
from widget_backend.i18n import languages
from widget_backend.i18n.catalogs import LanguageCatalog, messages, read_catalog
from widget_backend.i18n.extraction import extract_texts
from widget_backend.i18n.languages import language, read_anew, translations_folder
from widget_backend.installation import our_folder

TEXT = "Save"
"""It stands in every catalog of ours."""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder `translations` of the operator’s own."""
    monkeypatch.setenv("WIDGET_FOLDER", str(tmp_path))
    (tmp_path / "translations").mkdir()
    monkeypatch.setattr(languages, "_known", {})
    return tmp_path / "translations"


def write(folder: Path, tag: str, entries: str) -> Path:
    file = folder / tag / "LC_MESSAGES" / "messages.po"
    file.parent.mkdir(parents=True)
    file.write_text(entries, encoding="utf-8")
    return file


def entry(text: str, translation: str) -> str:
    return f'msgid "{text}"\nmsgstr "{translation}"\n\n'


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["translations", *words])


def test_a_language_of_ones_own_is_spoken_and_what_it_lacks_is_in_english(folder: Path) -> None:
    write(folder, "de", entry(TEXT, "Sichern"))
    assert language("de").gettext(TEXT) == "Sichern"
    assert language("de").gettext("Unsubscribe") == "Unsubscribe"


@pytest.mark.parametrize("tag", ["sq", "sq-XK"])
def test_a_sentence_of_ones_own_comes_before_ours_and_the_others_stay(
    folder: Path, tag: str
) -> None:
    before = language("sq").gettext("Unsubscribe")
    write(folder, "sq", entry(TEXT, "Mbajeni"))
    read_anew([])()
    assert language(tag).gettext(TEXT) == "Mbajeni"
    assert language(tag).gettext("Unsubscribe") == before != "Unsubscribe"


@pytest.mark.parametrize(
    "translation", ["", "<b>Ruani</b>", "Ruani %(name)s", "Ruani\\nkëtu"], ids=repr
)
def test_a_translation_that_would_break_a_page_is_passed_over(
    folder: Path, translation: str
) -> None:
    ours = language("sq").gettext(TEXT)
    write(folder, "sq", entry(TEXT, translation))
    read_anew([])()
    assert language("sq").gettext(TEXT) == ours


def test_a_catalog_that_is_broken_in_the_middle_is_refused_with_its_line(folder: Path) -> None:
    file = write(folder, "sq", entry(TEXT, "Mbajeni") + "msgid no quotes\n")
    with pytest.raises(FileRefused, match=f"{file}: line 4: “msgid no quotes” is no line of a"):
        language("sq")


def test_read_anew_nothing_changes_before_all_of_it_does(folder: Path) -> None:
    files = [write(folder, tag, entry(TEXT, "before")) for tag in ("sq", "de")]
    before = [language(tag) for tag in ("sq", "de")]
    files[0].write_text(entry(TEXT, "after"))
    use = read_anew([])
    assert language("sq").gettext(TEXT) == "before"
    use()
    assert language("sq").gettext(TEXT) == "after"
    assert language("de") is before[1], "what did not change stays, with all that was compiled"
    files[0].unlink()
    files[1].write_text("msgid no quotes")
    with pytest.raises(FileRefused, match="is no line of a gettext file"):
        read_anew([])
    assert language("sq").gettext(TEXT) == "after"


def test_a_catalog_that_is_written_while_it_is_read_is_not_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first half may be a catalog as well."""
    file = write(folder, "sq", entry(TEXT, "before"))
    assert language("sq").gettext(TEXT) == "before"

    def read_and_write(path: Path, tag: str) -> LanguageCatalog:
        catalog = read_catalog(path, tag)
        if path == file:
            file.write_text(file.read_text() + "# more\n")
        return catalog

    file.write_text(entry(TEXT, "half"))
    monkeypatch.setattr(languages, "read_catalog", read_and_write)
    with pytest.raises(FileRefused, match="sq: changed while it was read"):
        read_anew([])
    assert language("sq").gettext(TEXT) == "before"


def test_our_own_catalogs_stay_as_they_were_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade below a server that runs brings sentences that its code does not have."""
    ours = language("sq").gettext("Unsubscribe")
    write(folder, "sq", entry(TEXT, "Mbajeni"))
    monkeypatch.setattr(Path, "read_bytes", _of_the_next_version(Path.read_bytes))
    read_anew([])()
    assert language("sq").gettext(TEXT) == "Mbajeni"
    assert language("sq").gettext("Unsubscribe") == ours


def _of_the_next_version(read: Callable[[Path], bytes]) -> Callable[[Path], bytes]:
    def read_newer(path: Path) -> bytes:
        is_ours = path.is_relative_to(translations_folder())
        return b'msgid "Another"\nmsgstr "Tjeter"\n' if is_ours else read(path)

    return read_newer


def test_a_new_language_gets_every_sentence_empty(folder: Path) -> None:
    (folder / "de").mkdir()
    file = folder / "de" / "LC_MESSAGES" / "messages.po"
    assert run("update").output == f"{file}\n", "and no catalog of ours is touched"
    catalog = messages(read_catalog(file, "de"))
    assert len(catalog) == len(messages(extract_texts()))
    assert run("check").exit_code == 1


@pytest.mark.parametrize("tag", ["en", "sq", "ar"])
def test_a_language_of_ours_begins_as_our_catalog_and_keeps_what_is_changed(
    folder: Path, tag: str
) -> None:
    (folder / tag).mkdir()
    run("update")
    file = folder / tag / "LC_MESSAGES" / "messages.po"
    ours = translations_folder() / tag / "LC_MESSAGES" / "messages.po"
    assert file.read_bytes() == ours.read_bytes()
    old = f'msgstr "{read_catalog(file, tag)[TEXT].string}"'
    file.write_text(file.read_text().replace(f'"{TEXT}"\n{old}', f'"{TEXT}"\nmsgstr "X"'))
    assert run("update").exit_code == 0
    assert read_catalog(file, tag)[TEXT].string == "X"
    assert run("check").output == "ok\n"


def test_a_folder_without_translations_says_what_to_make(folder: Path) -> None:
    folder.rmdir()
    for command in ("update", "check"):
        result = run(command)
        assert result.exit_code == 1
        assert result.stderr == (
            f"{folder}: there is no such file. "
            f"make it, and in it a folder for each language, such as {folder}/de.\n"
        )


def test_a_setting_that_names_no_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WIDGET_FOLDER", str(tmp_path / "nowhere"))
    assert run("update").stderr == (
        f"WIDGET_FOLDER: “{tmp_path}/nowhere” is no folder. make it, or correct its name.\n"
    )


@pytest.mark.parametrize("name", ["translations", "widget"])
def test_ours_come_before_a_stray_folder_of_that_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Beside an installed package, in site-packages, any other may have put one."""
    package = tmp_path / "widget_backend"
    monkeypatch.setattr("widget_backend.installation.PACKAGE", package)
    assert our_folder(name) == tmp_path / name, "in a checkout"
    (package / f"_{name}").mkdir(parents=True)
    (tmp_path / name).mkdir()
    (tmp_path / name / "README.md").touch()
    assert our_folder(name) == package / f"_{name}"


def test_many_sentences_that_are_missing_are_counted_and_what_is_wrong_stands_last(
    folder: Path,
) -> None:
    total = len(messages(extract_texts()))
    file = write(folder, "de", entry(TEXT, "<b>Sichern"))
    result = run("check")
    wrong = f"{file}: line 1: “{TEXT}” and “<b>Sichern” differ in < >. write it in words."
    assert result.exit_code == 1
    counted, last = result.stderr.splitlines()
    assert counted.startswith(f"{file}: {total - 1} sentences are missing. run preference-widget ")
    assert counted.endswith(" preference-widget translations check --missing lists them.")
    assert last == wrong
    all_of_them = run("check", "--missing").stderr.splitlines()
    assert len(all_of_them) == total
    assert all_of_them[-1] == wrong
    run("update")
    first, *others = run("check").stderr.splitlines()
    assert first.startswith(f"{file}: {total - 1} sentences are not translated. translate them. ")
    assert len(others) == 1


def test_a_few_sentences_that_are_missing_are_named(folder: Path) -> None:
    (folder / "sq").mkdir()
    run("update")
    file = folder / "sq" / "LC_MESSAGES" / "messages.po"
    translation = f'"{TEXT}"\nmsgstr "{{}}"'
    file.write_text(file.read_text().replace(translation.format("Ruani"), translation.format("")))
    (line,) = run("check").stderr.splitlines()
    assert f"“{TEXT}” is not translated. translate it." in line
