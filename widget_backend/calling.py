"""How our commands are called here, so that a message tells what works when it is typed."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

NAME = "preference-widget"


def calling(words: str) -> str:
    """What to type for a command of ours, like `check mysite`: by the path that this one was called
    by, unless the bare name leads to the same program."""
    program = Path(sys.argv[0])
    if program.stem != NAME or _is_on_path(program):
        return f"{NAME} {words}"
    path = f'"{program}"' if " " in str(program) else str(program)  # as every shell reads it
    return f"{path} {words}"


def _is_on_path(program: Path) -> bool:
    on_path = shutil.which(NAME)
    return bool(on_path) and program.exists() and program.samefile(str(on_path))
