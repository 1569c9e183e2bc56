"""Files in: what is read, what is named with its cure, on which line a row stands."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from widget_backend.contacts.csv_reader import LONGEST_CELL, LONGEST_ROW, CsvRow, open_csv
from widget_backend.contacts.duplicates import SeenNames
from widget_backend.contacts.entries import PlatformFile
from widget_backend.contacts.platforms import mailchimp
from widget_backend.errors import FileRefused

HEADER = "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME,TAGS"
ALBANIAN = f"{HEADER}\nerion@example.com,Bledar Çela,,,\nela@example.com,Ëngjëll,,,\n"
ARABIC = f"{HEADER}\nnoor@example.com,نور الهدى,,,\nomar@example.com,عمر الصالح,,,\n"
PLAIN = f"{HEADER}\narta@example.com,Arta,,,\n"


def zipped(*names: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return file.getvalue()


def written(tmp_path: Path, content: bytes | str) -> Path:
    file = tmp_path / "contacts.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def rows_of(file: Path) -> list[CsvRow]:
    with open_csv(file) as table:
        return list(table.rows())


# ── encodings and separators ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", [PLAIN, ALBANIAN, ARABIC])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_utf8_is_read_with_and_without_bom_and_with_any_line_end(
    tmp_path: Path, text: str, encoding: str, end: str
) -> None:
    rows = rows_of(written(tmp_path, text.replace("\n", end).encode(encoding)))
    expected = [tuple(line.split(",")) for line in text.splitlines()[1:]]
    assert [row.cells for row in rows] == expected
    assert [row.line for row in rows] == list(range(2, len(rows) + 2))


EXCEL = "Excel: File → Save As → “CSV UTF-8 (Comma delimited)”"
SEPARATOR = "untick “Use system separators”"
NOT_UTF8 = "line 2: it is not in UTF-8 and looks like"
OTHERS = {
    "Windows-1252": (ALBANIAN.encode("cp1252"), f"{NOT_UTF8} Windows-1252 (Western", EXCEL),
    "Windows-1256": (ARABIC.encode("cp1256"), f"{NOT_UTF8} Windows-1256 (Arabic)", EXCEL),
    "UTF-16 little-endian with BOM": (ARABIC.encode("utf-16"), "UTF-16", EXCEL),
    "UTF-16 big-endian with BOM": (b"\xfe\xff" + PLAIN.encode("utf-16-be"), "UTF-16", EXCEL),
    "UTF-16 without BOM": (ARABIC.encode("utf-16-le"), "UTF-16", EXCEL),
    "semicolons": (ARABIC.replace(",", ";").encode(), "separated by semicolons (;)", SEPARATOR),
    "tabs": (ARABIC.replace(",", "\t").encode("utf-8-sig"), "separated by tabs", EXCEL),
    "semicolons, said for Excel": (b"sep=;\nEmail Address;TAGS\n", "by semicolons (;)", SEPARATOR),
    "quoted, semicolons": (b'"Email Address";"TAGS"\n', "separated by semicolons", SEPARATOR),
    "Excel workbook": (zipped("xl/workbook.xml"), "is an Excel workbook (.xlsx)", EXCEL),
    "OpenDocument": (zipped("mimetype", "content.xml"), "OpenDocument spreadsheet", EXCEL),
    "zip archive": (zipped("subscribed.csv"), "is a zip archive", "unpack it"),
    "cut-off archive": (zipped("subscribed.csv")[:30], "damaged zip archive", "fetch it again"),
    "old Excel workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(600), "(.xls)", EXCEL),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is not a text file", EXCEL),
    "nothing": (b"", "it is empty", "export it again"),
    "only line ends": (b"\r\n\r\n", "it is empty", "export it again"),
    "no header": (b"arta@example.com,Arta\n", "line 1: no column is called “Email Address”",
                  "let the first line name the columns"),
    "another header": (b"Name,Mail\nArta,none\n", "line 1: no column is called",
                       "let the first line name the columns"),
    "semicolons, the address under another name": (
        b"E-Mail-Adresse;Vorname;Status\narta@example.com;Arta;\n",
        "separated by semicolons (;)", SEPARATOR),
    "tabs, the address under another name": (
        b"EMAIL\tLAST, FIRST\tCITY\narta@example.com\tHoxha, Arta\t\n", "separated by tabs", EXCEL),
    "a header in pieces": (b'"Email Address,TAGS\n', "quotation mark opens in line 1", "close it"),
    "a header that takes a row with it": (
        b'Email Address,"TAGS\narta@example.com,"a"\n', "quotation mark opens in line 1", "close"),
    "a header that a row closes": (
        b'Email Address,"TAGS\narta@example.com,a"\n', "quotation mark opens in line 1", "close"),
    "an open quote below sep=": (
        b'sep=,\nEmail Address,"TAGS\narta@example.com,a\n', "opens in line 2", "close it"),
}  # fmt: skip


@pytest.mark.parametrize("what", OTHERS)
def test_anything_else_is_named_in_one_line_with_its_cure(tmp_path: Path, what: str) -> None:
    content, reason, cure = OTHERS[what]
    file = written(tmp_path, content)
    with pytest.raises(FileRefused) as refused:
        rows_of(file)
    said = str(refused.value)
    assert said.startswith(f"{file}: ")
    assert reason in said
    assert cure in said
    assert "\n" not in said
    assert "arta" not in said


@pytest.mark.parametrize("said", ["sep=,\r\n", "\ufeffsep=,\n"])
def test_commas_said_for_excel_alone_are_no_header(tmp_path: Path, said: str) -> None:
    rows = rows_of(written(tmp_path, said + PLAIN))
    assert [(row.line, row.cells[0]) for row in rows] == [(3, "arta@example.com")]


def test_one_foreign_letter_far_down_refuses_the_whole_file_before_any_row(tmp_path: Path) -> None:
    rows = "".join(f"a{number}@example.com,A,,,\n" for number in range(20_000))
    file = written(
        tmp_path, f"{PLAIN}{rows}".encode() + "ela@example.com,Ela Ë,,,\n".encode("cp1252")
    )
    with (
        pytest.raises(FileRefused, match=r"line 20003: .* Windows-1252"),
        open_csv(file),
    ):
        pytest.fail("a table was opened")


def test_a_file_that_is_missing_or_no_file_is_named(tmp_path: Path) -> None:
    for file, reason in ((tmp_path / "none.csv", "no such file"), (tmp_path, "no file on disk")):
        with pytest.raises(FileRefused, match=reason):
            rows_of(file)


# ── rows ────────────────────────────────────────────────────────────────────────────────────

TWO = "Email Address,NOTES\n"
STRAY = "a quotation mark opens or closes in the wrong place"


def opened(line: int) -> str:
    return f"a quotation mark opens in line {line}, and its text does not end there"


LONG = "x" * (LONGEST_CELL + 1)
TOO_LONG = "a cell is longer than 131,072 characters"


@pytest.mark.parametrize(
    ("below", "expected"),
    [
        pytest.param("a@x.al,1\nb@x.al,2\n", [(2, "a@x.al", ""), (3, "b@x.al", "")], id="plain"),
        pytest.param("a@x.al,1\n\n ,\n\nb@x.al,2", [(2, "a@x.al", ""), (6, "b@x.al", "")],
                     id="empty lines are passed over and counted"),
        pytest.param('a@x.al,"one\ntwo\n"\nb@x.al,2\n', [(2, "a@x.al", ""), (5, "b@x.al", "")],
                     id="a note of several lines"),
        pytest.param("a@x.al\nb@x.al,2\n",
                     [(2, "a@x.al", ""), (3, "b@x.al", "")],
                     id="empty cells at the end that a spreadsheet dropped"),
        pytest.param("a@x.al,1,, \nb@x.al,2\n", [(2, "a@x.al", ""), (3, "b@x.al", "")],
                     id="empty cells at the end that a spreadsheet added"),
        pytest.param('"a\n@x.al"\nb@x.al,2\n',
                     [(2, '"a', opened(2)), (3, '@x.al"', ""), (4, "b@x.al", "")],
                     id="too few fields over lines that may be others' rows"),
        pytest.param('a@x.al,"one\ntwo",\nb@x.al,2\n', [(2, "a@x.al", ""), (4, "b@x.al", "")],
                     id="a note of several lines and an empty cell more"),
        pytest.param("a@x.al,1,2,3\nb@x.al,2\n",
                     [(2, "a@x.al", "has 4 fields where the header has 2"), (3, "b@x.al", "")],
                     id="too many fields"),
        pytest.param('a@x.al,"1\nb@x.al,2\nc@x.al,"3"\n',
                     [(2, 'a@x.al,"1', opened(2)), (3, "b@x.al", ""), (4, "c@x.al", "")],
                     id="an open quote that the next quote closes"),
        pytest.param('"a@x.al","1\n"b@x.al","2"\n"c@x.al","3"\n',
                     [(2, '"a@x.al","1', opened(2)), (3, "b@x.al", ""), (4, "c@x.al", "")],
                     id="an open quote among quoted rows"),
        pytest.param('a@x.al,1\nb@x.al,"2\nc@x.al,3\n',
                     [(2, "a@x.al", ""), (3, 'b@x.al,"2', opened(3)), (4, "c@x.al", "")],
                     id="an open quote that nothing closes"),
        pytest.param('a@x.al,"1"2\nb@x.al,2\n', [(2, 'a@x.al,"1"2', STRAY), (3, "b@x.al", "")],
                     id="text after a closing quote"),
        pytest.param('a@x.al,5" pipe\nb@x.al,2\n', [(2, "a@x.al", ""), (3, "b@x.al", "")],
                     id="an inch is no quote"),
        pytest.param(f"a@x.al,{LONG}\nb@x.al,{LONG[1:]}\n",
                     [(2, f"a@x.al,{LONG}", TOO_LONG), (3, "b@x.al", "")],
                     id="a cell that is too long"),
        pytest.param(f'a@x.al,"1\nb@x.al,{LONG[1:]}\n',
                     [(2, 'a@x.al,"1', opened(2)), (3, "b@x.al", "")],
                     id="an open quote before a long cell"),
        pytest.param('a@x.al,"1\nb@x.al,2\n"\nc@x.al,3\n',
                     [(2, "a@x.al", ""), (5, "c@x.al", "")],
                     id="what is well quoted is one row"),
        pytest.param('a@x.al,"1\nb@x.al,2\n",3\nc@x.al,3\n',
                     [(2, 'a@x.al,"1', opened(2)), (3, "b@x.al", ""), (4, '",3', opened(4)),
                      (5, "c@x.al", "")],
                     id="a wrong number of fields over several lines gives them back"),
    ],
)  # fmt: skip
def test_each_row_comes_with_its_line_and_what_is_wrong_with_it(
    tmp_path: Path, below: str, expected: list[tuple[int, str, str]]
) -> None:
    rows = rows_of(written(tmp_path, TWO + below))
    assert [(row.line, row.cells[0], row.problem) for row in rows] == expected


def test_a_quote_that_is_never_closed_costs_its_own_row_only(tmp_path: Path) -> None:
    below = "".join(f"a{number}@x.al,\n" for number in range(3 * LONGEST_ROW))
    rows = rows_of(written(tmp_path, f'{TWO}first@x.al,"open\n{below}'))
    assert [row.line for row in rows if row.problem] == [2]
    assert [row.line for row in rows] == list(range(2, 3 * LONGEST_ROW + 3))


def test_a_quote_that_is_never_closed_is_not_looked_for_to_the_end(tmp_path: Path) -> None:
    file = written(tmp_path, f'{TWO}first@x.al,"open\n' + "a@x.al,\n" * 100_000)
    with open_csv(file) as table:
        assert next(table.rows()).problem == opened(2)
        assert table.position < table.size / 20


def test_a_repeated_address_is_known_by_its_first_line_and_by_its_first_with_this_word() -> None:
    words = ["on", "on", "off", "on", "off", "on", "off"]
    with SeenNames() as seen:
        lines = [seen.earlier_lines("a@x.al", word, line) for line, word in enumerate(words)]
        assert seen.earlier_lines("b@x.al", "on", 8) == (None, None)
    assert lines == [(None, None), (0, 0), (0, None), (0, 0), (0, 2), (0, 0), (0, 2)]


# ── kinds ───────────────────────────────────────────────────────────────────────────────────

SUBSCRIBED = "Email Address,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP"


@pytest.mark.parametrize("kind", ["subscribed", "unsubscribed", "cleaned"])
def test_the_kind_is_told_by_the_columns(export_of: Callable[..., Path], kind: str) -> None:
    with open_csv(export_of(kind, name="audience.csv")) as table:
        assert PlatformFile(table, mailchimp.PLATFORM).kind == kind


@pytest.mark.parametrize(
    ("name", "header", "reason"),
    [
        (
            "a.csv",
            "Email Address,First Name",
            "OPTIN_TIME and CONFIRM_TIME, UNSUB_TIME, CLEAN_TIME",
        ),
        (
            "a.csv",
            "Email Address,OPTIN_TIME",
            "line 1: CONFIRM_TIME, UNSUB_TIME, CLEAN_TIME are all missing",
        ),
        ("a.csv", f"{SUBSCRIBED},UNSUB_TIME,CLEAN_TIME", "both unsubscribed and cleaned"),
        ("a.csv", "Email Address,UNSUB_TIME,OPTIN_TIME,CONFIRM_TIME", "columns of your own"),
    ],
)
def test_a_header_of_no_kind_is_refused_rather_than_guessed(
    tmp_path: Path, name: str, header: str, reason: str
) -> None:
    file = tmp_path / name
    file.write_text(f"{header}\n")
    with open_csv(file) as table, pytest.raises(FileRefused, match=reason):
        PlatformFile(table, mailchimp.PLATFORM)
