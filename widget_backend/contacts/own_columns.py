"""Columns of our own export: which are about which topic and question of the site."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from widget_backend.contacts.copied_cells import is_choice
from widget_backend.contacts.csv_reader import CsvFile, usable_rows
from widget_backend.contacts.export_fields import all_fields
from widget_backend.contacts.mapping import TagMapping
from widget_backend.contacts.platform import Platform
from widget_backend.errors import FileRefused
from widget_backend.site.export_columns import CHANGE_COLUMNS
from widget_backend.site.model import Question, Site, Topic

EPOCH = datetime.fromtimestamp(0, UTC)
"""Any time, where only names of fields are asked for."""
OF_A_CHOICE = ("", "at", "source")
OF_AN_ANSWER = ("", "kind", "at")
"""What may stand behind the name of a topic or question, after a colon."""


@dataclass(frozen=True)
class OwnColumns:
    """Which columns are about which topic, by what of it they hold, and the same of questions."""

    topics: Mapping[Topic, Mapping[str, str]] = field(default_factory=dict)
    questions: Mapping[Question, Mapping[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, csv_file: CsvFile, site: Site, mapping: TagMapping) -> OwnColumns:
        """Raises FileRefused for the first topic or question that the site does not have."""
        topics: dict[Topic, dict[str, str]] = {}
        questions: dict[Question, dict[str, str]] = {}
        known = {*all_fields(site, EPOCH), *CHANGE_COLUMNS}
        others = []
        for name in csv_file.header:
            base, _, part = name.partition(":")
            topic = site.topic(mapping.topics.get(base, base))
            answered, _, part_of_answer = name.removeprefix("answer:").partition(":")
            question = site.question(answered)
            if topic and part in OF_A_CHOICE:
                _put_once(csv_file, topics.setdefault(topic, {}), part, name)
            elif name.startswith("answer:") and question and part_of_answer in OF_AN_ANSWER:
                _put_once(csv_file, questions.setdefault(question, {}), part_of_answer, name)
            elif name not in known:
                others.append(name)
        _refuse_unknown(csv_file, others)
        return cls(topics, questions)

    @property
    def names(self) -> Iterator[str]:
        for each in (*self.topics.values(), *self.questions.values()):
            yield from each.values()

    @property
    def evidence(self) -> Iterator[str]:
        """When and through which door each topic was chosen."""
        for columns in self.topics.values():
            yield from (name for part, name in columns.items() if part)


def _put_once(csv_file: CsvFile, columns: dict[str, str], part: str, name: str) -> None:
    if part in columns:
        reason = f"line 1: the columns “{columns[part]}” and “{name}” are of one topic"
        raise FileRefused(str(csv_file.path), reason, "take one of them out")
    columns[part] = name


def _refuse_unknown(csv_file: CsvFile, names: Sequence[str]) -> None:
    """Raises FileRefused for the first of these columns that is of a topic or a question."""
    for name in names:
        base, _, part = name.removeprefix("answer:").partition(":")
        if name.startswith("answer:"):
            reason = f"line 1: the site has no question “{base}”"
            raise FileRefused(str(csv_file.path), reason, _cure("questions", name))
        if part in OF_A_CHOICE[1:] or _holds_choices(csv_file, name):
            reason = f"line 1: the site has no topic “{base}”"
            cure = f'{_cure("topics", name)}, or name one in the file of --map: "{base}" = "…"'
            raise FileRefused(str(csv_file.path), reason, cure)


def _cure(table: str, name: str) -> str:
    return f"declare it under [[{table}]], take the column “{name}” out"


def _holds_choices(csv_file: CsvFile, name: str) -> bool:
    at = csv_file.header.index(name)
    platform = Platform("", "", "", separator=csv_file.separator)
    cells = (row[at] for row in usable_rows(csv_file.path, platform))
    return next((is_choice(cell) for cell in cells if cell), False)
