"""A site's catalogs: written beside its file, kept when texts change, never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.small_site import Write, translate
from widget_backend.errors import FileRefused
from widget_backend.i18n.catalogs import read_catalog
from widget_backend.site.load import load_site, read_data
from widget_backend.site.texts import catalog_path, update_translations

ALBANIAN = ('locales = ["en"]', 'locales = ["en", "sq"]')
BRAZILIAN = ('locales = ["en"]', 'locales = ["en", "pt-BR"]')


def update(file: Path) -> Path:
    """Updates the translations of a site with one other language; returns their file."""
    (path,) = update_translations(file, read_data(file))
    return path


def entry(path: Path, context: str) -> str:
    """The entry of one context, as it is written."""
    entries = path.read_text(encoding="utf-8").split("\n\n")
    (found,) = [each for each in entries if f'msgctxt "{context}"' in each]
    return found.strip()


@pytest.fixture
def shop(write: Write) -> Path:
    return write(ALBANIAN)


def test_a_translated_text_is_shown(shop: Path) -> None:
    translate(update(shop), "Offers", "Oferta")
    site = load_site(shop)
    assert site.in_locale["sq"].topic("offers").name == "Oferta"
    assert site.in_locale["en"].topic("offers").name == "Offers"


def test_the_name_of_a_group_is_translated_too(write: Write) -> None:
    group = '[[groups]]\nid = "home"\nname = "Your home"\n\n[[stages]]\nid = "now"'
    file = write(
        ALBANIAN,
        ('roles = ["trade"]', 'roles = ["trade"]\ngroup = "home"'),
        ('[[stages]]\nid = "now"', group),
    )
    path = update(file)
    assert entry(path, "groups.home.name").startswith('msgctxt "groups.home.name"')
    translate(path, "Your home", "Shtëpia juaj")
    assert load_site(file).in_locale["sq"].groups[0].name == "Shtëpia juaj"


def test_what_is_not_translated_is_shown_as_it_is_and_named(shop: Path) -> None:
    path = update(shop)
    site = load_site(shop)
    assert site.in_locale["sq"].topic("offers").name == "Offers"
    assert f"{path}: topics.offers.name: “Offers” is not translated. translate it." in map(
        str, site.flaws
    )


def test_a_site_never_translated_says_what_to_run(shop: Path) -> None:
    path = catalog_path(shop, "sq")
    assert str(load_site(shop).flaws[0]) == (
        f"{path}: name: “Shop” is not translated. "
        f"run preference-widget translations update {shop}, then translate it."
    )


def test_a_language_with_a_country_has_its_catalog(write: Write) -> None:
    file = write(BRAZILIAN)
    path = update(file)
    assert path == file.parent / "translations" / "pt-BR" / "LC_MESSAGES" / "site.po"
    assert '"Language: pt_BR\\n"' in path.read_text(encoding="utf-8")
    translate(path, "Offers", "Ofertas")
    assert load_site(file).in_locale["pt-BR"].topic("offers").name == "Ofertas"


def test_updating_again_changes_nothing(shop: Path) -> None:
    path = update(shop)
    translate(path, "Offers", "Oferta")
    update(shop)
    before = path.read_bytes()
    update(shop)
    assert path.read_bytes() == before


def test_a_rewritten_text_keeps_its_translation_to_be_checked(write: Write) -> None:
    """However different it is, and never that of another text that resembles it."""
    path = update(write(ALBANIAN))
    translate(path, "You pay less.", "Paguani më pak.")
    translate(path, "You know first.", "E dini të parët.")
    file = write(ALBANIAN, ("You pay less.", "You knew first."))
    update(file)
    assert entry(path, "topics.offers.benefit") == (
        "#. Until now: “You pay less.”\n"
        "#, fuzzy\n"
        'msgctxt "topics.offers.benefit"\n'
        'msgid "You knew first."\n'
        'msgstr "Paguani më pak."'
    )
    assert 'msgstr "E dini të parët."' in entry(path, "topics.news.benefit")


def test_a_fuzzy_translation_is_not_shown_and_named(write: Write) -> None:
    path = update(write(ALBANIAN))
    translate(path, "You pay less.", "Paguani më pak.")
    file = write(ALBANIAN, ("You pay less.", "Lower prices."))
    update(file)
    site = load_site(file)
    assert site.in_locale["sq"].topic("offers").benefit == "Lower prices."
    assert (
        f"{path}: topics.offers.benefit: “Lower prices.” is marked fuzzy. "
        "correct the translation, then remove the mark."
    ) in map(str, site.flaws)


SIGNS = {
    "markup": ("<b>Oferta</b>", "and “<b>Oferta</b>” differ in < >. write it in words."),
    "a bare &": ("Oferta & ulje", "and “Oferta & ulje” differ in &. write it in words."),
    "a line break": (
        "Ofer\\nta",
        "is translated with a line break. write it in one line, without tabs.",
    ),
}


@pytest.mark.parametrize("case", SIGNS)
def test_a_translation_that_would_break_a_page_or_a_mail_is_not_shown_and_named(
    case: str, shop: Path
) -> None:
    translation, said = SIGNS[case]
    path = update(shop)
    translate(path, "Offers", translation)
    site = load_site(shop)
    assert site.in_locale["sq"].topic("offers").name == "Offers"
    assert f"{path}: topics.offers.name: “Offers” {said}" in map(str, site.flaws)


def test_signs_that_the_text_itself_has_are_meant(write: Write) -> None:
    file = write(ALBANIAN, ('name = "Offers"', 'name = "<Care> & help"'))
    translate(update(file), "<Care> & help", "<Kujdes> & ndihmë")
    assert load_site(file).in_locale["sq"].topic("offers").name == "<Kujdes> & ndihmë"


def test_a_text_rewritten_twice_still_says_what_was_translated(write: Write) -> None:
    path = update(write(ALBANIAN))
    translate(path, "You pay less.", "Paguani më pak.")
    for benefit in ("Lower prices.", "Cheaper things."):
        update(write(ALBANIAN, ("You pay less.", benefit)))
    assert "#. Until now: “You pay less.”" in entry(path, "topics.offers.benefit")
    assert 'msgstr "Paguani më pak."' in entry(path, "topics.offers.benefit")


def test_a_checked_translation_loses_its_note(write: Write) -> None:
    path = update(write(ALBANIAN))
    translate(path, "You pay less.", "Paguani më pak.")
    file = write(ALBANIAN, ("You pay less.", "Lower prices."))
    update(file)
    path.write_text(path.read_text(encoding="utf-8").replace("#, fuzzy\n", ""), encoding="utf-8")
    update(file)
    assert entry(path, "topics.offers.benefit").startswith("msgctxt")


def test_a_renamed_topic_takes_its_translations_along(write: Write) -> None:
    path = update(write(ALBANIAN))
    translate(path, "You pay less.", "Paguani më pak.")
    update(write(ALBANIAN, ('id = "offers"', 'id = "sale"')))
    assert "#, fuzzy" in entry(path, "topics.sale.benefit")
    assert 'msgstr "Paguani më pak."' in entry(path, "topics.sale.benefit")


def test_a_translator_s_name_and_remarks_stay(shop: Path) -> None:
    path = update(shop)
    signed = "# Translated by Arta.\n" + path.read_text(encoding="utf-8")
    remark = '# Plural on purpose.\nmsgctxt "topics.offers.name"'
    path.write_text(signed.replace('msgctxt "topics.offers.name"', remark), encoding="utf-8")
    update(shop)
    assert path.read_text(encoding="utf-8").startswith("# Translated by Arta.\nmsgid")
    assert entry(path, "topics.offers.name").startswith("# Plural on purpose.")


BROKEN = {
    "text without its quote": ('msgid "Offers"', 'msgid "Offers', '“msgid "Offers” is no line of'),
    "a conflict of two versions": (
        'msgid "Offers"',
        '<<<<<<< HEAD\nmsgid "Offers"',
        "“<<<<<<< HEAD",
    ),
    "a word that is none": ('msgid "Offers"', 'msgit "Offers"', '“msgit "Offers"” is no line of'),
    "two texts in turn": (
        'msgid "Offers"',
        'msgid "Offers"\nmsgid "Offers"',
        "msgid cannot follow msgid",
    ),
    "a translation of nothing": (
        'msgctxt "topics.offers.name"\nmsgid "Offers"\n',
        "",
        "msgstr cannot follow msgstr",
    ),
    "a stray backslash": ('msgid "Offers"', 'msgid "Off\\ers"', "is no line of a gettext file"),
    "a plural form without a plural": (
        'msgid "Offers"\nmsgstr ""',
        'msgid "Offers"\nmsgstr[0] ""',
        "msgstr[…] cannot follow msgid",
    ),
    "more plural forms than there are": (
        'msgid "Offers"\nmsgstr ""',
        'msgid "Offers"\nmsgid_plural "O"\nmsgstr[0] "a"\nmsgstr[1] "b"\nmsgstr[2] "c"',
        "msg has more translations than num_plurals",
    ),
    "the same entry twice": (
        'msgctxt "topics.offers.name"',
        (
            'msgctxt "topics.offers.name"\nmsgid "Offers"\nmsgstr "Oferta"\n\n'
            'msgctxt "topics.offers.name"'
        ),
        "the text stands in this file already",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_catalog_is_refused_with_its_line_and_left_alone(case: str, shop: Path) -> None:
    before, after, reason = BROKEN[case]
    path = update(shop)
    sound = path.read_text(encoding="utf-8")
    assert sound.count(before) == 1
    path.write_text(sound.replace(before, after), encoding="utf-8")
    broken = path.read_bytes()
    start = sound[: sound.index(before)].count("\n") + 1
    for use in (load_site, update):
        with pytest.raises(FileRefused) as found:
            use(shop)
        file, _, said = str(found.value).partition(": line ")
        line, _, rest = said.partition(": ")
        assert file == str(path)
        assert start <= int(line) <= start + after.count("\n") + 1
        assert reason in rest
        assert rest.endswith("correct it there, by hand or with Poedit.")
    assert path.read_bytes() == broken


def test_a_catalog_that_was_cut_off_is_refused(shop: Path) -> None:
    path = update(shop)
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole[: whole.rindex("msgstr")], encoding="utf-8")
    with pytest.raises(FileRefused, match="the file ends after msgid"):
        update(shop)


def test_a_catalog_in_another_encoding_is_refused_with_its_line_and_left_alone(shop: Path) -> None:
    path = update(shop)
    translate(path, "Offers", "Në ulje")
    line = path.read_text(encoding="utf-8").split("Në ulje")[0].count("\n") + 1
    foreign = path.read_text(encoding="utf-8").encode("cp1252")
    path.write_bytes(foreign)
    for use in (load_site, update):
        with pytest.raises(FileRefused) as found:
            use(shop)
        assert str(found.value) == f"{path}: line {line}: is not UTF-8. save it as UTF-8."
    assert path.read_bytes() == foreign


def test_a_catalog_with_a_byte_order_mark_is_read(shop: Path) -> None:
    path = update(shop)
    translate(path, "Offers", "Oferta")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert load_site(shop).in_locale["sq"].topic("offers").name == "Oferta"


def test_what_translators_tools_add_does_no_harm(shop: Path) -> None:
    """Poedit and msgmerge leave a longer header, obsolete entries and previous texts."""
    path = update(shop)
    translate(path, "Offers", "Oferta")
    usual = path.read_text(encoding="utf-8")
    header = '"Plural-Forms: nplurals=INTEGER; plural=EXPRESSION;\\n"\n"X-Generator: Poedit 3\\n"\n'
    tools = usual.replace('"Language: sq\\n"\n', f'"Language: sq_AL\\n"\n{header}', 1)
    tools = tools.replace('msgctxt "name"', '#| msgid "Stall"\nmsgctxt "name"')
    tools = tools.rstrip("\n") + '\n\n#~ msgid "Gone"\n#~ msgstr "Iku"\n\n#~| msgid "Went"\n'
    path.write_text(tools.replace("\n", "\r\n"), encoding="utf-8", newline="")
    assert load_site(shop).in_locale["sq"].topic("offers").name == "Oferta"
    update(shop)
    assert path.read_text(encoding="utf-8") == usual


def test_the_source_language_needs_no_catalog(shop: Path) -> None:
    stale = catalog_path(shop, "en")
    stale.parent.mkdir(parents=True)
    stale.write_text('msgctxt "name"\nmsgid "Shop"\nmsgstr "Old shop"\n', encoding="utf-8")
    assert load_site(shop).in_locale["en"].name == "Shop"
    assert read_catalog(stale, "en").get("Shop", "name")
