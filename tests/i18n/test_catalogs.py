"""The product's catalogs: complete, correct, up to date; and the tools that keep them so."""

from __future__ import annotations

import ast
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment, nodes

from widget_backend.cli import main
from widget_backend.i18n import extraction
from widget_backend.i18n.catalog_updates import update_catalog
from widget_backend.i18n.catalogs import first_text, messages, plural_forms, read_catalog
from widget_backend.i18n.extraction import (
    KEYWORDS,
    PACKAGE,
    ROOMS_WITH_TEXTS,
    check_catalogs,
    extract_texts,
)
from widget_backend.i18n.languages import language
from widget_backend.web import templates

TRANSLATIONS = PACKAGE.parent / "translations"
SHOPS = [
    PACKAGE / "demo" / "shop" / "translations" / tag / "LC_MESSAGES" / "shop.po"
    for tag in ("ar", "sq")
]
"""The catalogs of the demo shop, which is somebody else's website."""
SPEAKING_FILES = sorted(
    file for room in ROOMS_WITH_TEXTS for file in PACKAGE.glob(f"{room}/**/*.py")
)
OURS = ("ar", "en", "sq")


def run(*words: str) -> Result:
    return CliRunner().invoke(main, ["translations", *words])


def said(tag: str) -> Iterator[str]:
    """Everything a language says."""
    path = TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po"
    for message in messages(read_catalog(path, tag)):
        yield from plural_forms(message)


# ── our catalogs ────────────────────────────────────────────────────────────────────────────


def test_every_catalog_is_complete_correct_and_up_to_date() -> None:
    assert [str(mistake) for mistake in check_catalogs()] == []


def test_the_command_says_so() -> None:
    result = run("check")
    assert (result.exit_code, result.output) == (0, "ok\n")


def test_updating_changes_nothing() -> None:
    paths = [TRANSLATIONS / tag / "LC_MESSAGES" / "messages.po" for tag in OURS] + SHOPS
    before = [path.read_bytes() for path in paths]
    assert run("update").output == "".join(f"{path}\n" for path in paths)
    assert [path.read_bytes() for path in paths] == before


def test_english_says_what_the_sources_say() -> None:
    for message in messages(read_catalog(TRANSLATIONS / "en/LC_MESSAGES/messages.po", "en")):
        assert message.string == message.id


def test_arabic_has_arabic_punctuation() -> None:
    for text in said("ar"):
        assert not re.search(r"[؀-ۿ]\s*[,;?]", text), text
        assert not re.search(r"[٠-٩۰-۹]", text), text


def test_arabic_does_not_say_please_and_albanian_is_polite() -> None:
    assert not [text for text in said("ar") if re.search("يرجى|فضلك|عذر", text)]
    assert not [text for text in said("sq") if re.search(r"\bju lutem|\bti\b|\btë lutem", text)]


# ── every text is found ─────────────────────────────────────────────────────────────────────


def calls(file: Path) -> Iterator[tuple[str, list[ast.expr]]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            yield name, node.args


def is_text(argument: ast.expr) -> bool:
    return isinstance(argument, ast.Constant) and isinstance(argument.value, str)


def needed(keyword: str) -> int:
    """How many of the first arguments are texts."""
    return 1 if KEYWORDS[keyword] is None else len(KEYWORDS[keyword])


@pytest.mark.parametrize(
    "file", SPEAKING_FILES, ids=lambda file: file.relative_to(PACKAGE).as_posix()
)
def test_pages_pass_their_texts_literally(file: Path) -> None:
    """A text in a variable would never reach a translator."""
    for name, arguments in calls(file):
        if name in KEYWORDS:
            assert all(map(is_text, arguments[: needed(name)])), ast.dump(arguments[0])


def test_in_arabic_no_stop_stands_beside_an_address_of_which_it_would_seem_a_part() -> None:
    assert not [each for each in said("ar") if re.search(r"%\((address|example)\)s\.", each)]


def test_in_arabic_what_comes_of_a_topic_are_its_messages() -> None:
    """Its name may be of any gender and number, so that no verb could agree with it."""
    assert not [each for each in said("ar") if "يصلك «" in each]


def test_only_the_rooms_that_speak_hold_texts_for_people() -> None:
    others = set(PACKAGE.glob("**/*.py")) - set(SPEAKING_FILES)
    for file in others:
        spoken = [name for name, arguments in calls(file) if name in KEYWORDS and arguments]
        literal = [
            name
            for name, arguments in calls(file)
            if name in KEYWORDS and arguments and is_text(arguments[0])
        ]
        assert not literal, (file, spoken)


@pytest.fixture(scope="module")
def environment() -> Environment:
    return templates.environment(language("en"), hosted=True)


@pytest.fixture(scope="module")
def extracted() -> list[Message]:
    return list(messages(extract_texts()))


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("templates/**/*.html")), ids=lambda f: f.name)
def test_a_template_asks_for_the_very_texts_that_are_extracted(
    file: Path, environment: Environment, extracted: list[Message]
) -> None:
    """Jinja as pages have it and Jinja as Babel has it must agree on spaces and lines."""
    source = file.read_text(encoding="utf-8")
    name = file.relative_to(PACKAGE.parent).as_posix()
    ours = {first_text(m) for m in extracted if name in dict(m.locations)}
    asked = set()
    for _, function, arguments in environment.extract_translations(source):
        texts = [arguments] if isinstance(arguments, str) else list(arguments)
        asked.add(texts[1] if function.endswith("pgettext") else texts[0])
    assert asked == ours


@pytest.mark.parametrize("file", sorted(PACKAGE.glob("templates/**/*.html")), ids=lambda f: f.name)
def test_templates_pass_their_texts_literally(file: Path, environment: Environment) -> None:
    for call in environment.parse(file.read_text(encoding="utf-8")).find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in KEYWORDS:
            assert all(isinstance(each, nodes.Const) for each in call.args[:1]), call.lineno


# ── the command ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder in place of translations/."""
    monkeypatch.setattr(extraction, "translations_folder", lambda: tmp_path)
    return tmp_path


def test_the_command_names_each_problem_and_fails(folder: Path) -> None:
    (folder / "sq").mkdir()
    run("update")
    result = run("check", "--missing")
    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == len(messages(extract_texts()))
    first = messages(read_catalog(folder / "sq" / "LC_MESSAGES" / "messages.po", "sq"))[0]
    said = f"line {first.lineno}: “{first_text(first)}” is not translated. translate it."
    assert said in result.stderr


def test_an_empty_folder_becomes_a_language(folder: Path) -> None:
    (folder / "pt-BR").mkdir()
    path = folder / "pt-BR" / "LC_MESSAGES" / "messages.po"
    assert run("update").output == "".join(f"{each}\n" for each in [path, *SHOPS])
    assert len(messages(read_catalog(path, "pt-BR"))) == len(messages(extract_texts()))


def test_a_folder_that_is_no_language_is_refused(folder: Path) -> None:
    (folder / "drafts").mkdir()
    for command in ("update", "check"):
        result = run(command)
        assert result.exit_code == 1
        assert result.stderr == (
            f"{folder}/drafts: no language of that name is known. "
            "name the folder after one, like sq or pt-BR, or move it away.\n"
        )


# ── updating ────────────────────────────────────────────────────────────────────────────────


def test_a_reworded_text_without_context_keeps_the_translation_of_the_one_it_resembles(
    tmp_path: Path,
) -> None:
    path = tmp_path / "messages.po"
    path.write_text(
        'msgid "Choose a language."\nmsgstr "Zgjidhni një gjuhë."\n\n'
        'msgid "Save"\nmsgstr "Ruani"\n',
        encoding="utf-8",
    )
    texts = Catalog()
    for text in ("Choose your language.", "Saved", "Save"):
        texts.add(text)
    update_catalog(path, "sq", texts)
    found = read_catalog(path, "sq")
    assert (found["Choose your language."].fuzzy, found["Save"].fuzzy) == (True, False)
    assert found["Choose your language."].string == "Zgjidhni një gjuhë."
    assert found["Saved"].string == ""  # never borrowed from a text that is still in use


def test_a_text_that_gets_a_plural_keeps_its_translation_to_be_checked(tmp_path: Path) -> None:
    path = tmp_path / "messages.po"
    path.write_text('msgid "%(n)s day"\nmsgstr "%(n)s ditë"\n', encoding="utf-8")
    texts = Catalog()
    texts.add(("%(n)s day", "%(n)s days"))
    update_catalog(path, "sq", texts)
    found = read_catalog(path, "sq")["%(n)s day"]
    assert (found.string, found.fuzzy) == (("%(n)s ditë", ""), True)


WORDS = st.text(
    st.characters(codec="utf-8") | st.sampled_from('\n\t"\\%#~| é؟'), min_size=1, max_size=40
).filter(str.strip)
TEXTS = st.lists(st.tuples(WORDS, st.none() | st.sampled_from("ab") | WORDS), max_size=6)

Texts = list[tuple[str, str | None]]


def catalog_of(texts: Texts) -> Catalog:
    catalog = Catalog()
    for text, context in texts:
        catalog.add(text, context=context)
    return catalog


@settings(max_examples=100, deadline=None)
@given(before=TEXTS, new=TEXTS, kept=st.integers(0, 6))
def test_updating_twice_is_updating_once_and_loses_nothing(
    before: Texts, new: Texts, kept: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "messages.po"
        # As their own translation, so that every text has one.
        update_catalog(path, "sq", catalog_of(before), source="sq")
        after = catalog_of([*new, *before[:kept]])
        update_catalog(path, "sq", after)
        once = path.read_bytes()
        update_catalog(path, "sq", after)
        assert path.read_bytes() == once
        catalog = read_catalog(path, "sq")
        assert len(messages(catalog)) == len(messages(after))
        for message in messages(after):
            found = catalog.get(message.id, message.context)
            if (message.id, message.context) in before:
                assert (found.string, found.fuzzy) == (message.id, False)
            else:
                assert found.fuzzy or not found.string
