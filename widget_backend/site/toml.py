"""Reading TOML files. Everything that can go wrong is reported in one line."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from widget_backend.errors import FileRefused, Mistake
from widget_backend.file_errors import unreadable


class TomlRefused(FileRefused):
    """The file cannot be read as TOML; `mistake` says where and why, and how to correct it."""

    def __init__(self, path: Path, where: str, reason: str, cure: str) -> None:
        super().__init__(str(path), f"{where}: {reason}", cure)
        self.mistake = Mistake(str(path), where, reason, cure)


def read_toml(path: Path) -> dict[str, Any]:
    """The data of a file. Raises TomlRefused."""
    try:
        # Editors on Windows may put a byte order mark first; TOML has none.
        text = path.read_bytes().decode("utf-8-sig")
        return tomllib.loads(text)
    except OSError as error:
        raise TomlRefused(path, "file", *unreadable(error)) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise TomlRefused(path, f"line {line}", "is not UTF-8", "save it as UTF-8") from error
    except tomllib.TOMLDecodeError as error:
        reason, _, location = str(error).partition(" (at ")
        raise TomlRefused(path, location.rstrip(")") or "end", *_in_words(reason)) from error
    except RecursionError as error:
        reason = "lists or tables stand in each other hundreds of times"
        raise TomlRefused(path, "file", reason, "look for brackets that never close") from error
    except ValueError as error:  # a number with more digits than Python reads
        longest = max(re.finditer(r"\d[\d_]*", text), key=lambda each: len(each[0]))
        line = text.count("\n", 0, longest.start()) + 1
        reason = "a number has too many digits"
        raise TomlRefused(path, f"line {line}", reason, "correct it") from error


def _in_words(reason: str) -> tuple[str, str]:
    """What the parser says of broken TOML, and the cure."""
    if reason == "Illegal character '\\n'":
        return "the line ends inside a text", "a quotation mark may be missing"
    if reason == "Unterminated string" or reason.startswith("Expected \"'"):
        return "the file ends inside a text", "a quotation mark may be missing"
    return reason, "each name may stand once" if "overwrite" in reason else "correct the TOML there"
