"""Encodings: whether a file is text in UTF-8 with commas; if not, what it is, and the cure."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from widget_backend.errors import FileRefused
from widget_backend.file_errors import unreadable

CHUNK = 1 << 16

SAVE_AS_UTF8 = (
    "save it again: Excel: File → Save As → “CSV UTF-8 (Comma delimited)”; "
    "LibreOffice: File → Save As → “Text CSV”, character set “Unicode (UTF-8)”, field delimiter “,”"
)
USE_COMMAS = (
    "separate the columns with commas: Excel writes what Windows’ regional settings say, so choose "
    "File → Options → Advanced, untick “Use system separators”, make “.” the decimal separator and "
    "then File → Save As → “CSV UTF-8 (Comma delimited)”; LibreOffice: File → Save As → "
    "“Text CSV”, character set “Unicode (UTF-8)”, field delimiter “,”"
)
UNPACK = "unpack it and use the CSV files in it, one after another"

KEEP_IT = (
    "; or keep it as it is: import --describe drafts a map, with which import and links read it "
    "(--columns)"
)

SEPARATORS = {
    ";": ("semicolons (;)", USE_COMMAS),
    "\t": ("tabs", SAVE_AS_UTF8),
    "|": ("vertical bars (|)", SAVE_AS_UTF8),
}
"""What may separate columns instead of the commas that we read, with the cure."""


def wrong_separator(first_line: str) -> tuple[str, str] | None:
    """What separates the columns instead of commas, as a reason and the cure; None if commas do.

    It is the character that occurs most often in the first line.
    """
    for separator, (what, cure) in SEPARATORS.items():
        if first_line == f"sep={separator}":
            return f"line 1: its columns are separated by {what}", f"{cure}{KEEP_IT}"
    separator = max(SEPARATORS, key=first_line.count)
    if first_line.count(separator) <= first_line.count(","):
        return None
    what, cure = SEPARATORS[separator]
    return f"its columns are separated by {what}", f"{cure}{KEEP_IT}"


def require_text(path: Path, encoding: str = "utf-8-sig") -> None:
    """Raises FileRefused unless the file is text in this encoding; the error says what it is.

    The file is read once from start to end, so that it is refused before a part of it is imported.
    """
    try:
        if not path.is_file() and path.exists():
            raise FileRefused(str(path), "it is no file on disk", "save it to one and name that")
        _require_text(path, encoding)
        _require_encoding(path, encoding)
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error


def past_a_mark(encoding: str) -> str:
    """The encoding by which a byte order mark at the beginning of UTF-8 is passed over."""
    name = encoding.lower().replace("_", "-")
    return "utf-8-sig" if name in {"utf-8", "utf8"} else name


def encoding_of(path: Path) -> str:
    """The encoding that a file looks to be in. Raises FileRefused if it is no text.

    Of the 8-bit encodings one is guessed: it is for a draft, and is to be checked.
    """
    try:
        with path.open("rb") as file:
            start = file.read(CHUNK)
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    _require_text(path, "utf-8-sig")
    try:
        _require_encoding(path, "utf-8-sig")
        return "utf-8-sig"
    except FileRefused:
        return guess_encoding(start).split(" ")[0].lower()


def _require_text(path: Path, encoding: str) -> None:
    with path.open("rb") as file:
        start = file.read(CHUNK)
    if not start.strip():
        raise FileRefused(str(path), "it is empty", "export it again")
    if start.startswith(b"PK\x03\x04"):
        raise FileRefused(str(path), *_kind_of_archive(path))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(str(path), "it is an Excel workbook (.xls)", SAVE_AS_UTF8)
    if encoding == "utf-16":
        return
    # In UTF-16 without a byte order mark, every other byte of the header is zero.
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:64].count(0) >= 16:
        raise FileRefused(str(path), "it is in UTF-16 (“Unicode”), not in UTF-8", SAVE_AS_UTF8)
    if b"\0" in start:
        raise FileRefused(str(path), "it is not a text file", SAVE_AS_UTF8)


def _kind_of_archive(path: Path) -> tuple[str, str]:
    """What kind of zip file it is, and the cure."""
    try:
        with ZipFile(path) as archive:
            names = archive.namelist()
    except BadZipFile:
        return "it is a damaged zip archive", "fetch it again"
    if any(name.startswith("xl/") for name in names):
        return "it is an Excel workbook (.xlsx)", SAVE_AS_UTF8
    if "mimetype" in names:
        return "it is an OpenDocument spreadsheet (.ods)", SAVE_AS_UTF8
    return "it is a zip archive", UNPACK


def _require_encoding(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding.removesuffix("-sig"))()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeError as error:
                raise FileRefused(str(path), *_undecodable(error, line, encoding)) from error
            if not chunk:
                return
            line += chunk.count(b"\n")


def _undecodable(error: UnicodeError, line: int, encoding: str) -> tuple[str, str]:
    """Why a text cannot be read from about this line on, and the cure."""
    if not isinstance(error, UnicodeDecodeError) or encoding != "utf-8-sig":
        return f"line {line}: it is not in {encoding}", "name its encoding in the file of --columns"
    line += error.object[: error.start].count(b"\n")
    return (
        f"line {line}: it is not in UTF-8 and looks like {guess_encoding(error.object)}",
        SAVE_AS_UTF8,
    )


def guess_encoding(sample: bytes) -> str:
    """Which of two 8-bit encodings a text is probably in.

    Both use the same bytes for letters. Arabic words are runs of such bytes; in Latin words,
    accented letters stand one by one between ASCII letters.
    """
    letters = len(re.findall(rb"[\x80-\xff]", sample))
    in_words = sum(map(len, re.findall(rb"[\x80-\xff]{3,}", sample)))
    if 2 * in_words > letters:
        return "Windows-1256 (Arabic)"
    return "Windows-1252 (Western European)"
