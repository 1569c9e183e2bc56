"""Files: what a file is before it is read as a table, and the cure when it is something else."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from widget_backend.errors import FileRefused, unreadable

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

SEPARATORS = {
    ";": ("semicolons (;)", USE_COMMAS),
    "\t": ("tabs", SAVE_AS_UTF8),
    "|": ("vertical bars (|)", SAVE_AS_UTF8),
}
"""What else columns are separated with, and the cure; we read commas."""


def separator_of(first_line: str) -> tuple[str, str] | None:
    """What separates the columns where commas should, with the cure; None where commas do.

    Whatever the columns are called: the sign that stands most often between them separates them.
    """
    for separator, (what, cure) in SEPARATORS.items():
        if first_line == f"sep={separator}":
            return f"line 1: its columns are separated by {what}", cure
    separator = max(SEPARATORS, key=first_line.count)
    if first_line.count(separator) <= first_line.count(","):
        return None
    what, cure = SEPARATORS[separator]
    return f"its columns are separated by {what}", cure


def refuse_unreadable(path: Path) -> None:
    """Read a file once from end to end, so that no half of it is taken before the other is refused.

    Raises FileRefused, naming what it is instead, unless it is text in UTF-8.
    """
    try:
        if not path.is_file() and path.exists():
            raise FileRefused(str(path), "it is no file on disk", "save it to one and name that")
        _refuse_binary(path)
        _refuse_other_encodings(path)
    except OSError as error:
        raise FileRefused(str(path), *unreadable(error)) from error


def _refuse_binary(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(CHUNK)
    if not start.strip():
        raise FileRefused(str(path), "it is empty", "export it again")
    if start.startswith(b"PK\x03\x04"):
        raise FileRefused(str(path), *_archive(path))
    if start.startswith(b"\xd0\xcf\x11\xe0"):
        raise FileRefused(str(path), "it is an Excel workbook (.xls)", SAVE_AS_UTF8)
    # Without a byte order mark UTF-16 shows by every other byte of the header being zero.
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or start[:64].count(0) >= 16:
        raise FileRefused(str(path), "it is in UTF-16 (“Unicode”), not in UTF-8", SAVE_AS_UTF8)
    if b"\0" in start:
        raise FileRefused(str(path), "it is not a text file", SAVE_AS_UTF8)


def _archive(path: Path) -> tuple[str, str]:
    """What kind of zip file this is, and what to do about it."""
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


def _refuse_other_encodings(path: Path) -> None:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                line += error.object[: error.start].count(b"\n")
                looks = old_encoding(error.object)
                reason = f"line {line}: it is not in UTF-8 and looks like {looks}"
                raise FileRefused(str(path), reason, SAVE_AS_UTF8) from error
            if not chunk:
                return
            line += chunk.count(b"\n")


def old_encoding(sample: bytes) -> str:
    """Which 8-bit encoding a text seems to be in.

    Both have letters in the same places, but Arabic words are runs of them, while in the Latin
    script accented letters stand one by one among ASCII ones.
    """
    letters = len(re.findall(rb"[\x80-\xff]", sample))
    in_words = sum(map(len, re.findall(rb"[\x80-\xff]{3,}", sample)))
    if 2 * in_words > letters:
        return "Windows-1256 (Arabic)"
    return "Windows-1252 (Western European)"
