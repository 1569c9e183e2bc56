"""What the schema alone cannot see: whether the parts of a site file fit each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

from widget_backend.site.model import CHOICE_KINDS, Theme
from widget_backend.site.pictures import PictureRefused, read_picture
from widget_backend.site.schema import place

Finding = tuple[str, str, str]
"""Key path, reason, cure."""

Row = dict[str, Any]


def findings(data: Row, folder: Path) -> Iterator[Finding]:
    """Every mistake between the parts of a site whose schema is already right."""
    yield from _languages(data)
    yield from _repeated(data)
    yield from _topics(data)
    for path, question in _rows("questions", data):
        yield from _question(path, question)
        yield from _pictures(path, question, folder)
    yield from _follow_ups(data)
    yield from _stages(data)
    yield from _campaigns(data)
    yield from _logo(data, folder)


def _rows(table: str, data: Row, path: str = "") -> Iterator[tuple[str, Row]]:
    """The rows of a table, each with where it stands."""
    rows = data.get(table, [])
    for position, row in enumerate(rows):
        yield place(f"{path}{table}", rows, position), row


def _languages(data: Row) -> Iterator[Finding]:
    if data["source_language"] not in data["locales"]:
        yield (
            "locales",
            f"the source language “{data['source_language']}” is not among them",
            "add it",
        )


def _repeated(data: Row) -> Iterator[Finding]:
    for table in ("roles", "topics", "questions", "stages", "segments", "campaigns"):
        yield from _repeated_ids(table, data.get(table, []))
    for path, question in _rows("questions", data):
        yield from _repeated_ids(f"{path}.options", question.get("options", []))


def _repeated_ids(table: str, rows: list[Row]) -> Iterator[Finding]:
    for name, count in Counter(row["id"] for row in rows).items():
        if count > 1:
            yield table, f"the id “{name}” is used {count} times", "give each its own id"


def _topics(data: Row) -> Iterator[Finding]:
    if not data["topics"]:
        yield "topics", "there is none", "declare at least one [[topics]]"
    roles = {role["id"] for role in data.get("roles", [])}
    for path, topic in _rows("topics", data):
        for role in topic.get("roles", []):
            if role not in roles:
                yield f"{path}.roles", f"no role is called “{role}”", "declare it under [[roles]]"
        for key in ("channels", "frequencies"):
            if not (topic.get(key) or data.get(key)):
                yield (
                    f"{path}.{key}",
                    "is missing or empty",
                    f"list them here, or once for all topics at the top as {key} = […]",
                )


def _question(path: str, question: Row) -> Iterator[Finding]:
    kind, options = question["kind"], question.get("options", [])
    if kind in CHOICE_KINDS and len(options) < 2:
        yield f"{path}.options", f"a question of kind “{kind}” needs two or more", "add options"
    if kind not in CHOICE_KINDS and options:
        yield f"{path}.options", f"a question of kind “{kind}” has none", "remove them"
    if question.get("none") and kind != "several":
        yield f"{path}.none", "is only for questions of kind “several”", "remove it"
    yield from _bounds(path, kind, question.get("minimum"), question.get("maximum"))


def _bounds(path: str, kind: str, low: int | None, high: int | None) -> Iterator[Finding]:
    if low is not None and kind != "number":
        yield f"{path}.minimum", "is only for questions of kind “number”", "remove it"
    elif low is not None and high is not None and low > high:
        yield f"{path}.minimum", f"{low} is more than the maximum {high}", "swap them"
    if high is not None and kind not in {"number", "text"}:
        yield f"{path}.maximum", "is only for questions of kind “number” or “text”", "remove it"
    elif high is not None and kind == "text" and high < 1:
        yield f"{path}.maximum", f"no answer has {high} characters", "write how many it may have"


def _pictures(path: str, question: Row, folder: Path) -> Iterator[Finding]:
    wanted = {"picture": "picture", "colour": "colour"}.get(question["kind"])
    for here, option in _rows("options", question, f"{path}."):
        if wanted and wanted not in option:
            yield f"{here}.{wanted}", "is missing", f"each option of this question shows a {wanted}"
        for key in sorted({"picture", "colour"} & option.keys() - {wanted}):
            yield f"{here}.{key}", f"belongs to questions of kind “{key}”", "remove it"
        if "picture" in option:
            yield from _picture(f"{here}.picture", folder, option["picture"])


def _picture(path: str, folder: Path, name: str) -> Iterator[Finding]:
    cure = "save a plain SVG drawing (shapes, fills and strokes only) beside the site file"
    if not (folder / name).is_file():
        yield path, f"“{name}” cannot be used: there is no such file", cure
        return
    try:
        read_picture(folder / name)
    except PictureRefused as refused:
        yield path, f"“{name}” cannot be used: {refused}", cure


# ── the order of questions ──────────────────────────────────────────────────────────────────


def asking_order(data: Row) -> list[Row]:
    """The stages as asked: short-term ones first, otherwise in the order of the file (S3.2)."""
    terms = {question["id"]: question["term"] for question in data.get("questions", [])}

    def is_long(stage: Row) -> bool:
        return any(terms.get(name) == "long" for name in stage["questions"][:1])

    return sorted(data.get("stages", []), key=is_long)


def _follow_ups(data: Row) -> Iterator[Finding]:
    questions = {question["id"]: question for question in data.get("questions", [])}
    needs: dict[str, set[str]] = {}
    for path, question in _rows("questions", data):
        if condition := question.get("ask_if"):
            needs[question["id"]] = {condition["question"]}
            yield from _condition(f"{path}.ask_if", condition, questions)
    circles = list(_cycle(needs))
    yield from circles or _too_early(data, questions)


def _condition(path: str, condition: Row, questions: dict[str, Row]) -> Iterator[Finding]:
    name, answer = condition["question"], condition["answer"]
    if name not in questions:
        yield path, f"no question is called “{name}”", "correct the name"
    elif answer not in (answers := _possible(questions[name])):
        cure = f"possible answers: {', '.join(answers) or 'none'}"
        yield path, f"“{answer}” is no answer to “{name}”", cure


def _possible(question: Row) -> list[str]:
    if question["kind"] == "yes_no":
        return ["yes", "no"]
    return [option["id"] for option in question.get("options", [])]


def _cycle(needs: dict[str, set[str]]) -> Iterator[Finding]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        chain = " → ".join(error.args[1])
        yield (
            "questions",
            f"ask_if goes in a circle: {chain}",
            "remove one ask_if of the circle, so that one of them can be asked first",
        )


def _too_early(data: Row, questions: dict[str, Row]) -> Iterator[Finding]:
    """A follow-up waits for an answer, so its stage must come after the question's."""
    stages = enumerate(asking_order(data))
    asked = {name: number for number, stage in stages for name in stage["questions"]}
    for path, question in _rows("questions", data):
        name = question.get("ask_if", {}).get("question")
        if name in asked and question["id"] in asked and asked[question["id"]] <= asked[name]:
            yield f"{path}.ask_if", *_why_too_early(question, questions[name])


def _why_too_early(follow_up: Row, question: Row) -> tuple[str, str]:
    name = question["id"]
    if follow_up["term"] != question["term"]:
        reason = f"short-term questions are asked first, so this one comes before “{name}”"
        return reason, "give both the same term"
    return f"it is not asked after “{name}”", f"move it to a later stage than “{name}”"


def _stages(data: Row) -> Iterator[Finding]:
    questions = {question["id"]: question for question in data.get("questions", [])}
    asked: Counter[str] = Counter()
    for path, stage in _rows("stages", data):
        path = f"{path}.questions"
        if not 1 <= len(stage["questions"]) <= 2:
            yield path, f"holds {len(stage['questions'])}", "ask one or two questions a stage"
        for name in stage["questions"]:
            if name not in questions:
                yield path, f"no question is called “{name}”", "correct the name"
        asked.update(stage["questions"])
        if len({questions[name]["term"] for name in stage["questions"] if name in questions}) > 1:
            yield path, "short-term and long-term questions stand together", "split the stage"
    for name in questions:
        if asked[name] != 1:
            yield "stages", f"“{name}” is asked in {asked[name]} stages", "name it in exactly one"


def _campaigns(data: Row) -> Iterator[Finding]:
    topics = {topic["id"] for topic in data["topics"]}
    segments = {segment["id"] for segment in data.get("segments", [])}
    for path, campaign in _rows("campaigns", data):
        if campaign["topic"] not in topics:
            reason = f"no topic is called “{campaign['topic']}”"
            yield f"{path}.topic", reason, "name the topic that people leave who leave this"
        if campaign.get("segment") not in {None, *segments}:
            reason = f"no segment is called “{campaign['segment']}”"
            yield f"{path}.segment", reason, "declare it under [[segments]]"


# ── looks ───────────────────────────────────────────────────────────────────────────────────


def _logo(data: Row, folder: Path) -> Iterator[Finding]:
    logo = data.get("theme", {}).get("logo")
    if logo is None:
        return
    if Path(logo).suffix not in {".svg", ".png"}:
        yield "theme.logo", f"“{logo}” is neither SVG nor PNG", "save the logo as one of them"
    elif not (folder / logo).is_file():
        yield "theme.logo", f"there is no file “{logo}” beside the site file", "correct the name"


LEAST_CONTRAST = 4.5
"""Between text and what is behind it (WCAG 2.2, 1.4.3)."""


def faint(theme: Theme) -> Iterator[Finding]:
    """Whether the text on buttons is hard to read: no mistake, but worth a warning."""
    found = contrast(theme.accent, theme.on_accent)
    if found < LEAST_CONTRAST:
        reason = f"its contrast to theme.accent is {found:.1f} to 1, which many cannot read"
        yield "theme.on_accent", reason, f"choose colours with at least {LEAST_CONTRAST} to 1"


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours `#rrggbb`, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
