"""What the schema alone cannot check: whether the parts of a site file fit each other.

A file is checked in one go: what the schema has refused is left out, and so is every check that
needs it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from widget_backend.errors import Finding
from widget_backend.site.export_columns import CHANGE_COLUMNS, PERSON_COLUMNS
from widget_backend.site.field_findings import field_findings
from widget_backend.site.filter_findings import filter_findings
from widget_backend.site.logo import logo_findings
from widget_backend.site.messages import Messages, beyond_texts
from widget_backend.site.model import CHOICE_KINDS
from widget_backend.site.parts import Parts, Row, rows_of
from widget_backend.site.sending_findings import sending_findings
from widget_backend.site.svg import PictureRefused, read_picture

TABLES_WITH_IDS = (
    "roles", "groups", "topics", "questions", "stages", "fields", "segments", "campaigns",
    "service_messages",
)  # fmt: skip


def findings(data: Row, folder: Path, messages: Messages) -> Iterator[Finding]:
    """Every mistake between parts of a site that the schema's messages leave whole.

    `folder` is where the files lie that the site names.
    """
    parts = Parts(data, beyond_texts(messages))
    yield from _languages(parts)
    yield from _repeated(parts)
    yield from _topics(parts)
    yield from _groups(parts)
    for path, question in parts.rows("questions"):
        yield from _question(path, question)
        yield from _pictures(path, question, folder)
    yield from _follow_ups(parts)
    yield from _stages(parts)
    yield from _campaigns(parts)
    yield from field_findings(parts)
    yield from sending_findings(parts)
    yield from filter_findings(parts)
    if parts.sound("theme") and "logo" in (theme := parts.get("theme") or {}):
        yield from logo_findings(folder, theme["logo"])


def _languages(parts: Parts) -> Iterator[Finding]:
    own = parts.get("source_language")
    if parts.sound("source_language", "locales") and own not in parts.get("locales"):
        yield Finding("locales", f"the source language “{own}” is not among them", "add it")


def _repeated(parts: Parts) -> Iterator[Finding]:
    for table in TABLES_WITH_IDS:
        yield from _repeated_ids(table, parts.ids(table))
    for path, question in parts.rows("questions"):
        ids = [option["id"] for option in question.get("options", [])]
        yield from _repeated_ids(f"{path}.options", ids)


def _repeated_ids(table: str, ids: list[str]) -> Iterator[Finding]:
    for name, count in Counter(ids).items():
        if count > 1:
            yield Finding(table, f"the id “{name}” is used {count} times", "give each its own id")


def _topics(parts: Parts) -> Iterator[Finding]:
    if parts.get("topics") == []:
        yield Finding("topics", "there is none", "declare at least one [[topics]]")
    for path, topic in parts.rows("topics"):
        yield from _named_by_topic(path, topic, parts)
        if topic["id"] in {*PERSON_COLUMNS, *CHANGE_COLUMNS}:
            reason = f"“{topic['id']}” is a column of exports already"
            yield Finding(f"{path}.id", reason, "choose another id")
        for key in ("channels", "frequencies"):
            if not (topic.get(key) or parts.get(key)):
                yield Finding(
                    f"{path}.{key}",
                    "is missing or empty",
                    f"list them here, or once for all topics at the top as {key} = […]",
                )


def _named_by_topic(path: str, topic: Row, parts: Parts) -> Iterator[Finding]:
    for role in topic.get("roles", []):
        if parts.lacks("roles", role):
            reason = f"no role is called “{role}”"
            yield Finding(f"{path}.roles", reason, "declare it under [[roles]]")
    if (group := topic.get("group")) and parts.lacks("groups", group):
        reason = f"no group is called “{group}”"
        yield Finding(f"{path}.group", reason, "declare it under [[groups]]")


def _groups(parts: Parts) -> Iterator[Finding]:
    used = {topic.get("group") for _, topic in parts.rows("topics")}
    for path, group in parts.rows("groups") if parts.sound("topics") else ():
        if group["id"] not in used:
            cure = f'write group = "{group["id"]}" under its topics, or remove the group'
            yield Finding(path, "no topic is in it", cure)


def order_on_forms(groups: list[Row], topics: list[Row]) -> list[Row]:
    """The topics as people see them: those without a group first, then those of each group."""
    places = {group["id"]: number for number, group in enumerate(groups)}
    return sorted(topics, key=lambda topic: places.get(topic.get("group"), -1))


def _question(path: str, question: Row) -> Iterator[Finding]:
    kind, options = question["kind"], question.get("options", [])
    if kind in CHOICE_KINDS and len(options) < 2:
        yield Finding(
            f"{path}.options", f"a question of kind “{kind}” needs two or more", "add options"
        )
    if kind not in CHOICE_KINDS and options:
        yield Finding(f"{path}.options", f"a question of kind “{kind}” has none", "remove them")
    if question.get("none") and kind != "several":
        yield Finding(f"{path}.none", "is only for questions of kind “several”", "remove it")
    yield from _bounds(path, kind, question.get("minimum"), question.get("maximum"))


def _bounds(path: str, kind: str, low: int | None, high: int | None) -> Iterator[Finding]:
    if low is not None and kind != "number":
        yield Finding(f"{path}.minimum", "is only for questions of kind “number”", "remove it")
    elif low is not None and high is not None and low > high:
        yield Finding(f"{path}.minimum", f"{low} is more than the maximum {high}", "swap them")
    if high is not None and kind not in {"number", "text"}:
        yield Finding(
            f"{path}.maximum", "is only for questions of kind “number” or “text”", "remove it"
        )
    elif high is not None and kind == "text" and high < 1:
        yield Finding(
            f"{path}.maximum", f"no answer has {high} characters", "write how many it may have"
        )


def _pictures(path: str, question: Row, folder: Path) -> Iterator[Finding]:
    wanted = {"picture": "picture", "colour": "colour"}.get(question["kind"])
    for here, option in rows_of("options", question, f"{path}."):
        if wanted and wanted not in option:
            yield Finding(
                f"{here}.{wanted}", "is missing", f"each option of this question shows a {wanted}"
            )
        for key in sorted({"picture", "colour"} & option.keys() - {wanted}):
            yield Finding(f"{here}.{key}", f"belongs to questions of kind “{key}”", "remove it")
        try:
            if "picture" in option:
                read_picture(folder, option["picture"])
        except PictureRefused as refused:
            reason = f"“{option['picture']}” cannot be used: {refused}"
            cure = "save a plain SVG drawing (shapes, fills and strokes only) beside the site file"
            yield Finding(f"{here}.picture", reason, refused.cure or cure)


# ── the order of questions ──────────────────────────────────────────────────────────────────


def asking_order(questions: list[Row], stages: list[Row]) -> list[Row]:
    """The stages as asked: short-term ones first, otherwise in the order of the file."""
    terms = {question["id"]: question["term"] for question in questions}

    def is_long(stage: Row) -> bool:
        return any(terms.get(name) == "long" for name in stage["questions"][:1])

    return sorted(stages, key=is_long)


def _follow_ups(parts: Parts) -> Iterator[Finding]:
    needs: dict[str, set[str]] = {}
    for path, question in parts.rows("questions"):
        if condition := question.get("ask_if"):
            needs[question["id"]] = {condition["question"]}
            yield from _condition(f"{path}.ask_if", condition, parts)
    circles = list(_cycle(needs))
    yield from circles
    if not circles and parts.sound("questions", "stages"):
        yield from _too_early(parts)


def _condition(path: str, condition: Row, parts: Parts) -> Iterator[Finding]:
    name, answer = condition["question"], condition["answer"]
    asked = parts.by_id("questions").get(name)
    if parts.lacks("questions", name):
        yield Finding(path, f"no question is called “{name}”", "correct the name")
    elif asked:
        options = [option["id"] for option in asked.get("options", [])]
        possible = ["yes", "no"] if asked["kind"] == "yes_no" else options
        if answer not in possible:
            cure = f"possible answers: {', '.join(possible) or 'none'}"
            yield Finding(path, f"“{answer}” is no answer to “{name}”", cure)


def _cycle(needs: dict[str, set[str]]) -> Iterator[Finding]:
    try:
        TopologicalSorter(needs).prepare()
    except CycleError as error:
        chain = " → ".join(error.args[1])
        yield Finding(
            "questions",
            f"ask_if goes in a circle: {chain}",
            "remove one ask_if of the circle, so that one of them can be asked first",
        )


def _too_early(parts: Parts) -> Iterator[Finding]:
    """A follow-up waits for an answer, so its stage must come after the question's."""
    questions = parts.by_id("questions")
    stages = enumerate(asking_order(list(questions.values()), parts.get("stages") or []))
    asked = {name: number for number, stage in stages for name in stage["questions"]}
    for path, question in parts.rows("questions"):
        name = question.get("ask_if", {}).get("question")
        if name in asked and question["id"] in asked and asked[question["id"]] <= asked[name]:
            reason, cure = (
                f"it is not asked after “{name}”",
                f"move it to a later stage than “{name}”",
            )
            if question["term"] != questions[name]["term"]:
                reason = f"short-term questions are asked first, so this one comes before “{name}”"
                cure = "give both the same term"
            yield Finding(f"{path}.ask_if", reason, cure)


def _stages(parts: Parts) -> Iterator[Finding]:
    terms = {name: question["term"] for name, question in parts.by_id("questions").items()}
    asked: Counter[str] = Counter()
    for path, stage in parts.rows("stages"):
        yield from _stage(f"{path}.questions", stage["questions"], parts, terms)
        asked.update(stage["questions"])
    for name in parts.ids("questions") if parts.sound("stages") else []:
        if asked[name] != 1:
            yield Finding(
                "stages", f"“{name}” is asked in {asked[name]} stages", "name it in exactly one"
            )


def _stage(path: str, names: list[str], parts: Parts, terms: dict[str, str]) -> Iterator[Finding]:
    if not 1 <= len(names) <= 2:
        yield Finding(path, f"holds {len(names)}", "ask one or two questions a stage")
    for name in names:
        if parts.lacks("questions", name):
            yield Finding(path, f"no question is called “{name}”", "correct the name")
    if len({terms[name] for name in names if name in terms}) > 1:
        yield Finding(path, "short-term and long-term questions stand together", "split the stage")


def _campaigns(parts: Parts) -> Iterator[Finding]:
    topics = parts.by_id("topics")
    for path, campaign in parts.rows("campaigns"):
        if parts.lacks("topics", campaign["topic"]):
            reason = f"no topic is called “{campaign['topic']}”"
            yield Finding(
                f"{path}.topic", reason, "name the topic that people leave who leave this"
            )
        yield from _channel_of(f"{path}.channel", campaign, topics.get(campaign["topic"]), parts)
        if "segment" in campaign and parts.lacks("segments", campaign["segment"]):
            reason = f"no segment is called “{campaign['segment']}”"
            yield Finding(f"{path}.segment", reason, "declare it under [[segments]]")


def _channel_of(path: str, campaign: Row, topic: Row | None, parts: Parts) -> Iterator[Finding]:
    """A campaign by a channel that its topic does not offer goes to nobody."""
    offered = (topic.get("channels") or parts.get("channels")) if topic else None
    channel = campaign.get("channel")
    if channel and offered and channel not in offered:
        reason = f"nobody can get “{campaign['topic']}” by {channel}"
        yield Finding(path, reason, f"choose {' or '.join(offered)}")
