"""The kind of a whole file, where its rows have no status: subscribed, unsubscribed or cleaned."""

from __future__ import annotations

from collections.abc import Sequence

from widget_backend.contacts.column_names import says_consent
from widget_backend.contacts.csv_reader import CsvFile
from widget_backend.contacts.platform import Kind, Platform
from widget_backend.contacts.platforms.own_list import PLATFORM as OWN_LIST
from widget_backend.contacts.stated_consent import SAY_WHEN
from widget_backend.errors import FileRefused

_DESCRIBE = "draft a map of the columns with --describe and use it with --columns"
_AS_EXPORTED = "export the audience again and import its files as they are"


def kind_of(csv_file: CsvFile, platform: Platform, has_consent: bool = False) -> Kind:
    """The kind of an export, by its header. Raises FileRefused if it has none, or more than one.

    Nothing is guessed: to subscribe people who unsubscribed would be the worst mistake. With a
    stated consent, a file without times contains subscribers.
    """
    file = str(csv_file.path)
    marks = {name: at for name in platform.kinds if (at := csv_file.column(name)) is not None}
    if len(marks) > 1:
        reason = "line 1: it has the columns of both unsubscribed and cleaned contacts"
        raise FileRefused(file, reason, _AS_EXPORTED)
    agreed = [csv_file.column(name) for name in platform.agreed]
    for mark, at in marks.items():
        if at < (agreed[0] or 0):
            reason = f"line 1: {mark} stands where columns of your own do"
            raise FileRefused(file, reason, f"rename a column of your own, or {_AS_EXPORTED}")
        return platform.kinds[mark]
    if platform.without_status is None:
        columns = " or ".join(f"“{name}”" for name in platform.statuses)
        raise FileRefused(file, f"line 1: the column {columns} is missing", "export it again")
    if platform.without_status == "subscribed" and not has_consent:
        _require_consent(csv_file, platform, agreed)
    return platform.without_status


def _require_consent(csv_file: CsvFile, platform: Platform, agreed: Sequence[int | None]) -> None:
    file = str(csv_file.path)
    if not agreed and platform.name_agreed:
        reason = f"{platform.name} names no column that says when people agreed"
        raise FileRefused(file, reason, f"{platform.name_agreed}, or {SAY_WHEN}")
    if not agreed and platform.id == OWN_LIST.id:
        reason = "nothing is known to say when people agreed"
        possible = [f"“{each}”" for each in csv_file.header if says_consent(each)]
        column = possible[0] if possible else "a column"
        raise FileRefused(file, reason, f"if {column} says it, {_DESCRIBE}; if not, {SAY_WHEN}")
    if not agreed:
        reason = f"line 1: no column of {platform.name} says when people agreed"
        raise FileRefused(file, reason, f"{SAY_WHEN}, or {_DESCRIBE}")
    if None in agreed:
        missing = [name for name, at in zip(platform.agreed, agreed, strict=True) if at is None]
        names = f"{' and '.join(missing)}, {', '.join(platform.kinds)}"
        raise FileRefused(
            file, f"line 1: {names} are all missing", f"{_AS_EXPORTED}, or {SAY_WHEN}"
        )
