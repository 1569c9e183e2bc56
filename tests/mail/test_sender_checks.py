"""`mail-check`: a good message passes, and each broken one fails for its own reason."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from tests.support.messages import ADDRESS, DKIM, DOOR, HTML, checked, message
from widget_backend.cli import main


def test_a_message_that_lacks_nothing_passes(site_file: Path, tmp_path: Path) -> None:
    result = checked(message(), site_file, tmp_path)
    assert result.exit_code == 0, result.output
    assert all(line.startswith("ok  ") for line in result.output.splitlines())
    assert len(result.output.splitlines()) >= 10


def test_the_postal_address_counts_in_each_language_of_the_site(
    site_file: Path, tmp_path: Path
) -> None:
    html = HTML.replace(ADDRESS, "Dimora sh.p.k.,<br>Rruga e Gështenjave 12, 1019 Tiranë, Shqipëri")
    assert checked(message(html=html), site_file, tmp_path).exit_code == 0


def test_a_link_in_the_plain_text_is_visible_too(site_file: Path, tmp_path: Path) -> None:
    mail = message(text=f"Leave: {DOOR}/u/abc.def", html=f"<p>{ADDRESS}</p>")
    assert checked(mail, site_file, tmp_path).exit_code == 0


BROKEN = {
    "no sender": (message(From=None), ["From names a sender"]),
    "no List-Unsubscribe": (
        message(List_Unsubscribe=None),
        [
            "List-Unsubscribe is there",
            "List-Unsubscribe has an https address",
            "that address is a one-click link of ours",
        ],
    ),
    "no angle brackets": (
        message(List_Unsubscribe=f"{DOOR}/o/abc.def"),
        [
            "List-Unsubscribe is there",
            "List-Unsubscribe has an https address",
            "that address is a one-click link of ours",
        ],
    ),
    # Python does that by itself to what is longer than a line, as our real links are.
    "encoded words": (
        message(List_Unsubscribe=f"<{DOOR}/o/{'abc' * 30}.def>"),
        [
            "List-Unsubscribe is there",
            "List-Unsubscribe has an https address",
            "that address is a one-click link of ours",
        ],
    ),
    "only http": (
        message(List_Unsubscribe=f"<{DOOR.replace('https', 'http')}/o/abc.def>"),
        ["List-Unsubscribe has an https address", "that address is a one-click link of ours"],
    ),
    "the link of the page": (
        message(List_Unsubscribe=f"<{DOOR}/u/abc.def>"),
        ["that address is a one-click link of ours"],
    ),
    "no List-Unsubscribe-Post": (
        message(List_Unsubscribe_Post=None),
        ["List-Unsubscribe-Post says List-Unsubscribe=One-Click"],
    ),
    "another List-Unsubscribe-Post": (
        message(List_Unsubscribe_Post="One-Click"),
        ["List-Unsubscribe-Post says List-Unsubscribe=One-Click"],
    ),
    "no signature": (
        message(DKIM_Signature=None),
        [
            "a DKIM signature is there",
            "the DKIM signature covers from",
            "the DKIM signature covers list-unsubscribe",
            "the DKIM signature covers list-unsubscribe-post",
        ],
    ),
    "a header that is not signed": (
        message(DKIM_Signature=DKIM.replace(":List-Unsubscribe-Post", "")),
        ["the DKIM signature covers list-unsubscribe-post"],
    ),
    "no visible link": (
        message(html=HTML.replace("Unsubscribe</a>", "</a>")),
        ["a visible link leads out"],
    ),
    "a link that leads elsewhere": (
        message(html=HTML.replace(DOOR, "https://click.example")),
        ["a visible link leads out"],
    ),
    "no postal address": (
        message(html=HTML.replace(ADDRESS, "Tirana")),
        ["the postal address is there"],
    ),
}


HIDDEN = {
    "not displayed": f'<a style="Display : none" href="{DOOR}/u/abc.def">Unsubscribe</a>',
    "hidden": f'<a hidden href="{DOOR}/u/abc.def">Unsubscribe</a>',
    "in what is hidden": f'<p hidden><br><a href="{DOOR}/u/abc.def">Unsubscribe</a></p>',
    "around what is hidden": f'<a href="{DOOR}/u/abc.def"><b hidden>Unsubscribe</b></a>',
    "without a token": f'<a href="{DOOR}/u/">Unsubscribe</a>',
}
BROKEN |= {
    f"a link {how}": (message(html=f"{link}<p>{ADDRESS}</p>"), ["a visible link leads out"])
    for how, link in HIDDEN.items()
}
BROKEN |= {
    "an address without a token": (
        message(List_Unsubscribe=f"<{DOOR}/o/>"),
        ["that address is a one-click link of ours"],
    ),
    "the postal address in the title": (
        message(html=f"<title>{ADDRESS}</title>" + HTML.replace(ADDRESS, "")),
        ["the postal address is there"],
    ),
}


def lacking(result: Result) -> list[str]:
    """What lacks; each line says how to mend it."""
    lines = [line for line in result.output.splitlines() if line.startswith("lacking  ")]
    assert all(line.partition(": ")[2] for line in lines)
    return [line[9:].partition(": ")[0] for line in lines]


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_message_fails_for_its_own_reason(
    what: str, site_file: Path, tmp_path: Path
) -> None:
    mail, reasons = BROKEN[what]
    result = checked(mail, site_file, tmp_path)
    assert result.exit_code == 1
    assert lacking(result) == reasons


POST = "List-Unsubscribe-Post: List-Unsubscribe=One-Click"
AGAIN = {
    "From: x@shop.example": "From names a sender",
    f"list-unsubscribe: <{DOOR}/o/abc.def>": "List-Unsubscribe is there",
    POST.replace("Post:", "POST:"): "List-Unsubscribe-Post says List-Unsubscribe=One-Click",
}


@pytest.mark.parametrize("header", AGAIN)
def test_a_header_that_is_there_twice_is_lacking(
    header: str, site_file: Path, tmp_path: Path
) -> None:
    result = checked(f"{header}\r\n".encode() + message().as_bytes(), site_file, tmp_path)
    assert lacking(result) == [AGAIN[header]]


def test_what_must_not_be_encoded_is_read_as_it_stands_there(
    site_file: Path, tmp_path: Path
) -> None:
    encoded = b"List-Unsubscribe-Post: =?utf-8?q?List-Unsubscribe=3DOne-Click?="
    mail = message().as_bytes().replace(POST.encode(), encoded)
    result = checked(mail, site_file, tmp_path)
    assert lacking(result) == ["List-Unsubscribe-Post says List-Unsubscribe=One-Click"]


def test_one_signature_covers_both_headers_or_it_does_not_count(
    site_file: Path, tmp_path: Path
) -> None:
    half = DKIM.replace(":List-Unsubscribe-Post", "")
    other = DKIM.replace(":List-Unsubscribe:", ":")
    two = message(DKIM_Signature=half)
    two["DKIM-Signature"] = other
    assert lacking(checked(two, site_file, tmp_path)) == [
        "the DKIM signature covers list-unsubscribe-post"
    ]
    two["DKIM-Signature"] = DKIM
    assert checked(two, site_file, tmp_path).exit_code == 0


@pytest.mark.parametrize("sender", ["<@", "a@[", "x:;>y <a@b>", "Dimora", "<>", ""])
def test_a_sender_that_is_no_address_is_told_so(
    sender: str, site_file: Path, tmp_path: Path
) -> None:
    mail = message(From=None).as_bytes()
    result = checked(f"From: {sender}\r\n".encode() + mail, site_file, tmp_path)
    assert lacking(result) == ["From names a sender"]
    assert "write it as Name <name@shop.example>" in result.output


def test_the_case_of_scheme_and_host_tells_nothing(site_file: Path, tmp_path: Path) -> None:
    loud = DOOR.upper()
    header = f"<{loud}/o/abc.def>"
    mail = message(List_Unsubscribe=header, html=HTML.replace(DOOR, loud))
    result = checked(mail, site_file, tmp_path)
    assert result.exit_code == 0, result.output


def test_a_visible_link_behind_a_hidden_preheader_and_unclosed_lines_is_seen(
    site_file: Path, tmp_path: Path
) -> None:
    html = f'<div style="display:none">Soon<p>over<br><img></div><ul><li>Sale</ul>{HTML}'
    assert checked(message(html=html), site_file, tmp_path).exit_code == 0


@pytest.mark.parametrize("content", [b"From: a@b.c", b"From: a@b.c\r\n\r\n", b"Subject:\n\n\0"])
def test_what_is_hardly_a_message_is_judged_all_the_same(
    content: bytes, site_file: Path, tmp_path: Path
) -> None:
    result = checked(content, site_file, tmp_path)
    assert result.exit_code == 1
    assert "lacking  List-Unsubscribe is there" in result.output


def test_a_file_that_is_not_there_is_named(site_file: Path, tmp_path: Path) -> None:
    arguments = ["mail-check", str(tmp_path / "none.eml"), "--site", str(site_file)]
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{tmp_path / 'none.eml'}: there is no such file")
