"""Messages as gateways and mail programs leave them: read, or told to be none."""

from __future__ import annotations

import codecs
import unicodedata
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.messages import ADDRESS, DOOR, HTML, checked, message
from tests.support.replies import KEY, SIGNER, mail, piped, state, token
from widget_backend.demo.run import DIMORA
from widget_backend.errors import MessageWithoutLink, NoMessage
from widget_backend.mail import message_reader
from widget_backend.mail.inbound import one_click_link
from widget_backend.mail.message_reader import read_message, text_parts
from widget_backend.mail.sender_checks import check_message
from widget_backend.site.load import load_site
from widget_backend.store.profiles import Profile

BEFORE = {
    "a byte order mark": codecs.BOM_UTF8,
    "two of them": codecs.BOM_UTF8 * 2,
    "a blank line": b"\r\n",
    "blank lines and a mark": b"\n \t\n\r\n" + codecs.BOM_UTF8,
    "the line of a mailbox file": b"From hello@dimora.example Mon Mar  1 12:00:00 2027\n",
    "a gateway's banner": b"[EXTERNAL] Do not open what you do not know.\r\n",
    "a banner and a blank line": b"*** This message came from outside ***\r\n\r\n",
    "a banner of two lines": b"CAUTION: this message came\r\nfrom outside\r\n",
    "a banner with a header's colon": b"CAUTION: external\r\n",
}


@pytest.mark.parametrize("what", BEFORE)
def test_what_stands_before_the_headers_is_passed_over(
    what: str, site_file: Path, tmp_path: Path
) -> None:
    result = checked(BEFORE[what] + message().as_bytes(), site_file, tmp_path)
    assert result.exit_code == 0, result.output


def test_a_message_that_was_saved_in_utf_16_is_read(site_file: Path, tmp_path: Path) -> None:
    saved = message().as_bytes().decode().encode("utf-16")
    assert checked(saved, site_file, tmp_path).exit_code == 0


@pytest.mark.parametrize("what", BEFORE)
def test_who_leaves_by_such_a_message_has_left(
    send: object, database: object, person: Profile, what: str
) -> None:
    result = piped(send, BEFORE[what] + mail(token(person.handle)))
    assert (result.exit_code, result.output) == (0, "")
    assert state(database, person)["overall"]["reach"] == "off"  # type: ignore[arg-type]


NONE = {
    "nothing": b"",
    "blank lines": b"\n\n\n",
    "a text": b"Dear all,\n\nthe meeting: tomorrow.\n",
    "a list": b"name: Arta\nage: 30\n\n",
    "no text": b"\xff\xfe\x00",
    "a picture": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "a page": b"<!doctype html>\n<p>From: us</p>",
}


@pytest.mark.parametrize("what", NONE)
def test_what_is_no_message_is_told_as_that_and_nothing_else(
    what: str, site_file: Path, tmp_path: Path
) -> None:
    result = checked(NONE[what], site_file, tmp_path)
    assert result.exit_code == 1
    assert result.stdout == ""
    file = tmp_path / "message.eml"
    assert result.stderr == f"{file}: is no email message. save it with its headers.\n"


@pytest.mark.parametrize("what", NONE)
def test_a_pipe_without_a_message_is_told_as_that(send: object, what: str) -> None:
    result = piped(send, NONE[what], WIDGET_SIGNING_KEYS=KEY)
    assert result.exit_code == 0
    told = "Nothing was changed: the standard input holds no email message.\n"
    assert result.stderr == told


# ── the postal address ──────────────────────────────────────────────────────────────────────

LINES = ADDRESS.split(", ")
WRITTEN = {
    "lines of a paragraph": "<br>".join(LINES),
    "cells of a table": f"<table><tr>{''.join(f'<td>{each}</td>' for each in LINES)}</tr></table>",
    "rows of a table": "".join(f"<tr><td>{each}" for each in LINES),
    "blocks": "".join(f"<div>{each}</div>" for each in LINES),
    "decomposed letters": unicodedata.normalize("NFD", ADDRESS),
    "soft hyphens": ADDRESS.replace("Gështenjave", "Gësh&shy;ten\u00adjave"),
    "signs of no width": ADDRESS.replace("Tirana", "Ti\u200bra&zwnj;na\ufeff"),
    "spaces that do not break": ADDRESS.replace(" ", "&nbsp;").replace(",", "\u202f,"),
    "words in bold": ADDRESS.replace("Dimora", "<b>Dim</b>ora"),
    "a place to break": ADDRESS.replace("Gështenjave", "Gështen<wbr>jave"),
    "capital letters": ADDRESS.upper(),
    "behind what only Outlook reads": f"<!--[if mso]>x<![endif]--><![if !mso]>{ADDRESS}",
    "behind an unknown mark": f"<![x[>{ADDRESS}",
}


@pytest.mark.parametrize("how", WRITTEN)
def test_the_postal_address_is_seen_however_it_is_set(
    how: str, site_file: Path, tmp_path: Path
) -> None:
    html = HTML.replace(ADDRESS, WRITTEN[how])
    result = checked(message(html=html), site_file, tmp_path)
    assert result.exit_code == 0, result.output


def test_the_postal_address_is_seen_in_plain_text(site_file: Path, tmp_path: Path) -> None:
    text = unicodedata.normalize("NFD", "\n".join(LINES)) + f"\n{DOOR}/u/abc.def"
    assert checked(message(text=text, html="<p>Sale!"), site_file, tmp_path).exit_code == 0


@pytest.mark.parametrize(
    "html",
    [
        HTML.replace("Tirana", "Durrës"),
        HTML.replace(ADDRESS, "Dimora 12 1019"),
        HTML.replace(ADDRESS, f"<!-- {ADDRESS} -->"),
        HTML.replace(ADDRESS, f"<!--[if mso]>{ADDRESS}<![endif]-->"),
    ],
)
def test_another_address_and_one_that_nobody_sees_do_not_count(
    html: str, site_file: Path, tmp_path: Path
) -> None:
    result = checked(message(html=html), site_file, tmp_path)
    assert "lacking  the postal address is there" in result.output


# ── malformed parameters ────────────────────────────────────────────────────────────────────

CRASHED = (
    "Content-Type: ;é*0*",
    "Content-Type: charset=\0",
    "Content-Type: text/html; charset=\0x",
    "Content-Type: multipart/mixed; boundary*0*=x''%",
    "Content-Type: text/html; charset*=utf-8''%",
    "Content-Disposition: ;*0*=",
    "Content-Transfer-Encoding: =?utf-8?b?",
)


@pytest.mark.parametrize("header", CRASHED)
def test_a_malformed_parameter_ends_in_lines_that_judge_the_rest(
    header: str, site_file: Path, tmp_path: Path
) -> None:
    source = f"From: a@b.example\r\n{header}\r\n\r\n<p>Sale!".encode()
    result = checked(source, site_file, tmp_path)
    assert (result.exit_code, result.stderr) == (1, "")
    assert "ok       From names a sender" in result.output
    with pytest.raises(MessageWithoutLink):
        one_click_link(source, SIGNER)


def test_of_parts_that_nobody_can_tell_the_text_is_read() -> None:
    source = b"From: a@b.example\nContent-Type: multipart/mixed; boundary*0*=\0\n\nHello"
    assert list(text_parts(read_message(source))) == [("text/plain", "Hello")]


BITS = st.sampled_from(
    [
        *("text/html", "multipart/mixed", "message/rfc822", "attachment", "base64", "uuencode"),
        *(";", "=", "*", "*0", "*0*", "charset", "boundary", "utf-8", "''", "'", "%", "%00", "\0"),
        *('"', "\\", "(", ")", "<", ">", "@", "[", "]", ":", ",", "x", "é", "\udc80", " ", "1"),
        *("=?utf-8?b?", "?=", "=?x?q?", "\r\n ", "\n\t"),
    ]
)
NAMES = st.sampled_from(
    [
        *("Content-Type", "Content-Transfer-Encoding", "Content-Disposition", "From", "Subject"),
        *("List-Unsubscribe", "List-Unsubscribe-Post", "DKIM-Signature"),
    ]
)
HEADERS = st.lists(
    st.builds("{}: {}\r\n".format, NAMES, st.lists(BITS, max_size=8).map("".join)), max_size=5
).map("".join)
BODIES = st.lists(
    st.sampled_from(
        [
            *("<!", "[", "<![CDATA[", "<![if x]>", "<!--", "-->", "<a href=", "x", ">", "</a>"),
            *("<br", "&#x110000;", "&shy;", "<?", "<p hidden>", "--x\r\n", "--x--", "\r\n"),
            *("begin 644 x\n", "Content-Type: text/html; charset*0*=\r\n\r\n"),
        ]
    ),
    max_size=8,
).map("".join)
MESSAGES = st.builds("From: a@b.example\r\n{}\r\n{}".format, HEADERS, BODIES)
SITES = [load_site(DIMORA / "SITE.toml").site]


@given(MESSAGES)
def test_no_message_makes_a_command_stumble(source: str) -> None:
    sent = source.encode("utf-8", "surrogateescape")
    assert len(check_message(sent, SITES)) >= 10
    with suppress(MessageWithoutLink):
        one_click_link(sent, SIGNER)


@given(st.binary(max_size=300))
def test_nothing_at_all_makes_a_command_stumble(source: bytes) -> None:
    with suppress(NoMessage):
        check_message(source, SITES)
    with suppress(NoMessage, MessageWithoutLink):
        one_click_link(source, SIGNER)


def test_no_line_is_looked_at_for_each_line_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stranger's message of 21 MB, all headers that nobody knows, held `inbound` for 79 s."""
    looked_at = []
    is_header = message_reader._HEADER.match

    class Counting:
        def match(self, line: bytes) -> object:
            looked_at.append(line)
            return is_header(line)

    monkeypatch.setattr(message_reader, "_HEADER", Counting())
    with pytest.raises(NoMessage):
        read_message(b"X-Filler: 1\r\n" * 1000)
    assert len(looked_at) <= 1001
