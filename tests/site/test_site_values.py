"""Values of a site file that cannot be what they should be, and how to write them instead."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.small_site import SITE, Write, case, mistakes_in
from widget_backend.site import time_values
from widget_backend.site.load import load_site

NAME = 'name = "Shop"'
WHY = 'why_we_write = "You asked us to."'
ORIGINS = 'origins = ["https://shop.example"]'
THEME = '[theme]\naccent = "#1f5a4c"\n'
STAGES = '[[stages]]\nid = "now"'
MINIMUM = "minimum = 1"
OPTIONS = (
    'options = [{ id = "living", text = "Living room" }, { id = "kitchen", text = "Kitchen" }]'
)
IN_ONE_LINE = "write it in one line, without tabs"


def origin(name: str, written: str, says: str) -> object:
    return case(name, (ORIGINS, f'origins = ["{written}"]'), says=f"origins[0]: “{written}” {says}")


def zone(name: str, written: str, near: str) -> object:
    says = f"time_zone: no time zone “{written}” is known. write it like {near}, or UTC."
    return case(name, (NAME, f'{NAME}\ntime_zone = "{written}"'), says=says)


AS_SENT = (
    "is not the bare address of a website. write scheme, host and port only, as browsers send them:"
)
MISTAKES = [
    # ── countries ──
    case("a country that is none", (NAME, f'{NAME}\ncountries = ["AL", "ZZ"]'),
         says="countries[1]: “ZZ” is no country. write its two capital letters, as AL."),
    case("a country twice", (NAME, f'{NAME}\ncountries = ["AL", "AL"]'),
         says="countries: “AL” is listed 2 times. list it once."),
    # ── types ──
    case("a number for a text", (NAME, "name = 3"),
         says='name: is a number, not a text. write it in quotes: "3".'),
    case("a yes for a text", (NAME, "name = true"),
         says='name: is true or false, not a text. write it in quotes: "…".'),
    case("a date for a text", (NAME, "name = 2026-11-22"),
         says='name: is a date or time, not a text. write it in quotes: "…".'),
    case("a list for a text", (NAME, 'name = ["Shop"]'),
         says='name: is a list, not a text. write it in quotes: "…".'),
    case("a number in a list of texts", (ORIGINS, "origins = [8000]"),
         says='origins[0]: is a number, not a text. write it in quotes: "8000".'),
    case("a text for a list", (ORIGINS, 'origins = "https://shop.example"'),
         says="origins: is a text, not a list. "
              'write origins = ["https://shop.example"].'),
    case("a text for a table", (THEME, ""), (NAME, f'{NAME}\ntheme = "dark"'),
         says="theme: is a text, not a table. write [theme], its keys below it."),
    case("two brackets for a table", (THEME, THEME.replace("[theme]", "[[theme]]")),
         says="theme: is a list, not a table. write [theme], in single brackets and once only."),
    case("single brackets for a list of tables", (STAGES, f"[segments]\n{STAGES}"),
         says="segments: is a table, not a list. "
              "write [[segments]], in two brackets, above the keys of each of them."),
    case("texts for tables", (NAME, f'{NAME}\nfollow = ["https://forum.example"]'),
         says="follow[0]: is a text, not a table. "
              "write [[follow]], in two brackets, above the keys of each of them."),
    case("a text for options", (OPTIONS, 'options = "Living room"'),
         says="questions.rooms.options: is a text, not a list. "
              'write options = [{ id = "…", text = "…" }].'),
    case("texts for options", (OPTIONS, 'options = ["Living room"]'),
         says="questions.rooms.options[0]: is a text, not a table. "
              'write { id = "…", text = "…" }.'),
    case("a text for a condition", (MINIMUM, 'ask_if = "moved"'),
         says="questions.household.ask_if: is a text, not a table. "
              'write { question = "…", answer = "…" }.'),
    case("a text for a number", (MINIMUM, 'minimum = "1"'),
         says="questions.household.minimum: is a text, not a whole number. "
              "write digits only, without quotes."),
    case("a part of a number", (MINIMUM, "minimum = 1.5"),
         says="questions.household.minimum: is a number, not a whole number. "
              "write digits only, without quotes."),
    case("a lifespan of nothing", (MINIMUM, "lifespan_days = 0"),
         says="questions.household.lifespan_days: 0 is less than 1. "
              "write 1 or more, or remove the key."),
    case("a lifespan without end", (MINIMUM, "lifespan_days = 3651"),
         says="questions.household.lifespan_days: 3651 is more than 3650. "
              "write up to 3650, ten years."),
    case("a prompt that comes back when the calendar has ended",
         (ORIGINS, f"{ORIGINS}\nprompt_returns_after_days = 99999999"),
         says="prompt_returns_after_days: 99999999 is more than 3650. "
              "write up to 3650, ten years."),
    case("a list that is missing", ('locales = ["en"]\n', ""),
         says='locales: is missing. add locales = ["…"].'),
    # ── time zones ──
    *(zone(f"a time zone {name}", written, near)
      for name, written, near in [
          ("by the name of its city in English", "Europe/Tirana", "Europe/Tirane"),
          ("by its city alone", "Sarajevo", "Europe/Sarajevo"),
          ("in small letters", "europe/tirane", "Europe/Tirane"),
          ("in another folder", "posix/Europe/Tirane", "Europe/Tirane"),
          ("by a folder of places", "America/Kentucky", "America/Kentucky/Monticello"),
          *((f"that is none: {each}", each, "Europe/Tirane")
            for each in ("", "Mars", "+01:00", "Etc/GMT+12", "localtime", "/etc/passwd",
                             "../../etc/passwd", "Europe/Tirane\\u0000")),
      ]),
    case("a number for a time zone", (NAME, f"{NAME}\ntime_zone = 1"),
         says='time_zone: is a number, not a text. write it in quotes: "1".'),
    # ── texts ──
    case("a line break in a name", (NAME, 'name = "Shop\\nBcc: all"'),
         says=f"name: holds a line break. {IN_ONE_LINE}."),
    case("a line break of Unicode's in a name", (NAME, 'name = "Shop\\u2028Shop"'),
         says=f"name: holds a line break. {IN_ONE_LINE}."),
    case("a tab in a sentence", ('text = "Have you moved?"', 'text = "Have\\tyou moved?"'),
         says=f"questions.moved.text: holds a control character (U+0009). {IN_ONE_LINE}."),
    case("a bell in a paragraph", (WHY, 'why_we_write = "You asked us to.\\u0007"'),
         says="why_we_write: holds a control character (U+0007). "
              "take it out; line breaks are allowed here, tabs are not."),
    case("a line break in what only departments see",
         ('name = "Trade"', 'name = "Trade"\nowner = "Sales\\nand more"'),
         says=f"roles.trade.owner: holds a line break. {IN_ONE_LINE}."),
    case("a line break in an id", ('id = "news"', 'id = "ne\\nws"'),
         says="topics[1].id: “ne\\u000aws” is not an identifier. "
              "use up to 40 small Latin letters, digits, - and _, starting with a letter."),
    case("a control character in an address",
         ("hello@shop.example", "hello\\u0000@shop.example"),
         says="mail_from: “hello\\u0000@shop.example” is not an email address. "
              "write it like hello@shop.example."),
    case("an address that mail programs would decode",
         ("hello@shop.example", "=?utf-8?q?a=0d=0ab?=@shop.example"),
         says="mail_from: “=?utf-8?q?a=0d=0ab?=@shop.example” is not an email address. "
              "write it like hello@shop.example."),
    case("an address beyond ASCII, which not every mail server takes",
         ("hello@shop.example", "hello@müller.example"),
         says="mail_from: “hello@müller.example” is not an email address that every mail server "
              "takes. write it in ASCII, a domain such as müller.example as "
              "xn--mller-kva.example."),
    # ── addresses ──
    origin("a port that browsers leave out", "https://a.example:443",
           f"{AS_SENT} https://a.example."),
    origin("the other one", "http://a.example:80", f"{AS_SENT} http://a.example."),
    origin("a colon without a port", "https://a.example:", f"{AS_SENT} https://a.example."),
    origin("a path", "https://A.example/shop", f"{AS_SENT} https://a.example."),
    origin("letters beyond ASCII", "https://mobilje-shtëpi.example",
           f"{AS_SENT} https://xn--mobilje-shtpi-eib.example."),
    case("letters that Python and browsers write differently",
         (ORIGINS, 'origins = ["https://straße.example"]'),
         says="origins[0]: “straße.example” is not what browsers send. write its name beginning "
              "with xn--, as your registrar or the browser’s console shows it."),
    case("an origin twice, once with a slash",
         (ORIGINS, 'origins = ["https://shop.example", "https://shop.example/"]'),
         says="origins: “https://shop.example” is listed 2 times. list it once."),
    *(origin(f"no origin: {each}", each,
             "is not the address of a website. write it in full, like https://shop.example.")
      for each in ("http://a b", "shop.example", "*", "null", "//shop.example", "")),
    case("a line break in an address", ('"https://shop.example/privacy"', '"https://a.b/\\nc"'),
         says="privacy_policy: “https://a.b/\\u000ac” is not a web address. "
              "write it in full and without spaces, like https://shop.example/page."),
    case("a host that is none", ('url = "https://prefs.example"', 'url = "https://prefs..example"'),
         says="url: “prefs..example” is no name of a host. write it like https://shop.example."),
]  # fmt: skip


@pytest.mark.parametrize(("replacements", "says"), MISTAKES)
def test_a_mistake_is_one_line_that_helps(
    replacements: tuple[tuple[str, str], ...], says: str, write: Write
) -> None:
    assert says in mistakes_in(write(*replacements))


@pytest.mark.parametrize(
    "written",
    [
        "https://shop.example",
        "http://127.0.0.1:8001",
        "http://localhost:8080",
        "https://a.example:8443",
        "http://a.example:443",
        "http://[::1]:8000",
        "https://xn--mobilje-shtpi-eib.example",
    ],
)
def test_an_origin_as_browsers_send_it_is_taken(written: str, write: Write) -> None:
    file = write((ORIGINS, f'origins = ["{written}"]'))
    assert load_site(file).site.origins == (written,)


@pytest.mark.parametrize(
    "written",
    ["https://A.example/shop", "*", "https://*.shop.example", "https://a.b;script-src *", "'self'"],
)
def test_who_may_frame_is_judged_as_who_may_embed(written: str, write: Write) -> None:
    """Both end in a header, where a sign too much would say something else."""
    embeds = mistakes_in(write((ORIGINS, f'origins = ["{written}"]')))
    frames = mistakes_in(write((ORIGINS, f'frame_origins = ["{written}"]')))
    assert len(embeds) == 1
    assert frames == [f"frame_{embeds[0]}"]


def test_a_slash_after_an_address_is_left_out(write: Write) -> None:
    listed = 'origins = ["https://shop.example/"]\nframe_origins = ["https://app.shop.example/"]'
    url = ('url = "https://prefs.example"', 'url = "https://prefs.example/"')
    site = load_site(write((ORIGINS, listed), url)).site
    assert site.url == "https://prefs.example"
    assert (site.origins, site.frame_origins) == (
        ("https://shop.example",),
        ("https://app.shop.example",),
    )


def test_no_page_may_be_framed_unless_the_file_says_so(write: Write) -> None:
    assert load_site(write()).site.frame_origins == ()
    listed = write((ORIGINS, f'{ORIGINS}\nframe_origins = ["https://app.shop.example"]'))
    assert load_site(listed).site.frame_origins == ("https://app.shop.example",)


@pytest.mark.parametrize("zone", ["Europe/Tirane", "Asia/Riyadh", "UTC"])
def test_a_time_zone_is_taken_by_its_name(zone: str, write: Write) -> None:
    assert load_site(write((NAME, f'{NAME}\ntime_zone = "{zone}"'))).site.time_zone == zone


def test_a_time_zone_that_is_known_is_not_looked_for(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command loads the site, and looking through all zones takes longer than the rest."""
    looks = "looks through all zones"
    monkeypatch.setattr(time_values, "available_timezones", lambda: pytest.fail(looks))
    load_site(write((NAME, f'{NAME}\ntime_zone = "Europe/Tirane"')))


def test_times_are_in_utc_unless_the_file_says_otherwise(write: Write) -> None:
    assert load_site(write()).site.time_zone == "UTC"


def test_paragraphs_may_have_line_breaks(write: Write) -> None:
    text = "You asked us to.\nWe keep to it."
    assert load_site(write((WHY, f'why_we_write = """{text}"""'))).site.why_we_write == text


# ── the file itself ─────────────────────────────────────────────────────────────────────────


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path / "SITE.toml") == ["file: there is no such file. correct its name."]


def test_a_name_longer_than_any_file_s_is_said_so(tmp_path: Path) -> None:
    for file in (tmp_path / ("a" * 5000), tmp_path / ("a/" * 2500)):
        said = "file: its name is longer than any file’s. correct its name."
        assert mistakes_in(file) == [said]


def test_a_folder_is_no_site_file(tmp_path: Path) -> None:
    assert mistakes_in(tmp_path) == ["file: it is a folder. name the file in it."]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_said_so(write: Write) -> None:
    file = write()
    file.chmod(0)
    assert mistakes_in(file) == ["file: permission denied. let this user read it."]


def test_lists_within_lists_without_end_are_named(tmp_path: Path) -> None:
    file = tmp_path / "SITE.toml"
    file.write_text("id = " + "[" * 100_000)
    reason = "lists or tables stand in each other hundreds of times"
    assert mistakes_in(file) == [f"file: {reason}. look for brackets that never close."]


def test_a_number_longer_than_any_is_named_with_its_line(tmp_path: Path) -> None:
    file = tmp_path / "SITE.toml"
    file.write_text(f"{SITE}\nmaximum = {'9' * 5000}\n")
    line = SITE.count("\n") + 2
    assert mistakes_in(file) == [f"line {line}: a number has too many digits. correct it."]
