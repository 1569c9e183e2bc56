"""Where this software is installed: what to type there, and where its files and yours are."""

from __future__ import annotations

import shlex
import sys
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

from widget_backend.calling import NAME
from widget_backend.config import FOLDER, read_setting
from widget_backend.errors import SettingInvalid
from widget_backend.setting_values import folder

PACKAGE = Path(__file__).parent
PYTHON = shlex.quote(sys.executable)
"""What to type for the Python that runs this. A bare `pip` may be that of another, or of none."""


def installing(extra: str) -> str:
    """What to type to get the libraries of an extra."""
    return f"{PYTHON} -m pip install '{NAME}[{extra}]'"


def text_file(name: str) -> str:
    """The path of a text for people, which is `name` in the sources.

    A wheel puts them into `share/doc`, wherever that is in this kind of installation. So does an
    installation of a checkout, but there they are copies, which may be older.
    """
    if not is_from_wheel():
        return name
    try:
        installed = files(NAME) or []
    except PackageNotFoundError:
        installed = []
    end = f"share/doc/{NAME}/{name}"
    paths = (Path(str(each.locate())) for each in installed if each.as_posix().endswith(end))
    return next((str(path.resolve()) for path in paths), name)


def is_from_wheel() -> bool:
    """Whether the package holds what stands beside it in a checkout."""
    return (PACKAGE / "_translations").is_dir()


def our_folder(name: str) -> Path:
    """Where `widget` or `translations` is: inside an installed package, else beside the sources.

    In this order: what stands beside an installed package belongs to others.
    """
    installed = PACKAGE / f"_{name}"
    return installed if installed.is_dir() else PACKAGE.parent / name


def own_folder(name: str) -> Path | None:
    """The folder `name` in that of the operator, which may not exist; None without the setting.

    Raises SettingInvalid.
    """
    own = folder(FOLDER, read_setting(FOLDER))
    return own / name if own else None


def folder_to_write(name: str, ours: Path) -> Path:
    """The operator’s folder `name`, else `ours` in a checkout.

    Raises SettingInvalid where ours are in an installed package.
    """
    if own := own_folder(name):
        return own
    if ours.is_relative_to(PACKAGE):
        reason = f"is not set, and the package’s own {name}/ is replaced with each new version"
        raise SettingInvalid(FOLDER, reason, "set it to a folder of your own")
    return ours
