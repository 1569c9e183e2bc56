"""`init`: a folder with a new site, from five answers."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import click

from widget_backend.calling import calling
from widget_backend.cli.group import FILE
from widget_backend.cli.misfits import unencrypted
from widget_backend.cli.served_sites import served_sites
from widget_backend.errors import Finding, Mistake, SiteFileInvalid, WidgetError
from widget_backend.i18n.languages import language
from widget_backend.site.channels import CHANNELS
from widget_backend.site.new_site import require_free, write_site
from widget_backend.site.ready_sites import (
    NewSite,
    id_from,
    ready_language,
    ready_sets,
    wrong_answers,
)
from widget_backend.site.values import bare, is_name


class Question(NamedTuple):
    """One thing to know. `key` is the field of a NewSite; most are keys of the site file too."""

    option: str
    key: str
    prompt: str
    default: str = ""


SETS = ", ".join(ready_sets())
FIVE = (
    Question("name", "name", "Name of your site or organisation"),
    Question("url", "url", "Address where people reach this software", "http://127.0.0.1:8000"),
    Question("languages", "locales", "Languages, that of your texts first (ar, en, sq, …)", "en"),
    Question("topics", "topics", f"Ready topics ({SETS})", "newsletter"),
    Question("channels", "channels", f"Channels ({', '.join(CHANNELS)})", "email"),
)
DEFAULTS = ", ".join(f"--{each.option} {each.default}" for each in FIVE if each.default)
ID = "Id, which becomes part of every address"
LISTS = ("locales", "topics", "channels")

Answers = dict[str, Any]
"""By key: a text, or a list of them for LISTS."""


@click.command()
@click.argument("folder", type=FILE)
@click.option("--name", help="Of your site or organisation, as people know it.")
@click.option("--url", help="Address of this software, like https://prefs.example.com.")
@click.option("--languages", help="Like sq,en,ar; the first is that of the site file.")
@click.option("--topics", help=f"Ready topics to begin with: {SETS}.")
@click.option("--channels", help=f"Some of {', '.join(CHANNELS)}.")
@click.option("--id", help="Part of every address. Default: like the name.")
@click.option(
    "--yes", is_flag=True, help=f"Ask nothing; unless other values are given, {DEFAULTS}."
)
def init(folder: Path, yes: bool, **options: str | None) -> None:
    """Write a new site into FOLDER: a commented site file with its translations.

    Asks on the terminal for what no option says. Lists are separated by commas. Nothing that exists
    is overwritten.
    """
    require_free(folder)
    own_name = folder.resolve().name
    question_of_id = Question("id", "id", ID, own_name if is_name(own_name) else "")
    questions = (*FIVE, question_of_id)
    typed = {each.key: options[each.option] for each in questions}
    answers = {key: _read(key, text) for key, text in typed.items() if text is not None}
    if yes:
        missing = _complete(answers, questions, _default)
    elif sys.stdin.isatty():
        _refuse(folder, _findings(answers))
        missing = _complete(answers, questions, _ask)
    else:
        missing = _complete(answers, questions, lambda question: None)
    _refuse(folder, [*_findings(answers), *missing])
    site = NewSite(**answers)
    files = write_site(folder, site)
    click.echo("\n".join([*map(str, files), *_still_to_do(files, site)]))
    preview = calling(f"preview {shlex.quote(str(files[0].parent))}")
    click.echo(f"Next:\n\n    {preview}")


def _read(key: str, text: str) -> Any:
    if key in LISTS:
        return [each for each in re.split("[ ,،]+", text) if each]
    return bare(text.strip()) if key == "url" else text.strip()


# ── answers ─────────────────────────────────────────────────────────────────────────────────


def _complete(
    answers: Answers, questions: Iterable[Question], answer_to: Callable[[Question], Any]
) -> list[Finding]:
    """Put in the answers that are not there yet; returns a finding for those that nobody gives."""
    missing = []
    for question in questions:
        if question.key == "id":
            _derive_id(answers, is_asking=answer_to is _ask)
        if question.key in answers:
            continue
        answer = answer_to(question)
        if answer is not None:
            answers[question.key] = answer
        elif question.key != "id" or "name" in answers:
            missing.append(f"--{question.option}")
    if not missing:
        return []
    if answer_to is _default:
        return [Finding(" ".join(missing), "missing, and there is no default", "write it")]
    cure = f"write them, or --yes for {DEFAULTS}"
    return [Finding(" ".join(missing), "missing, and there is no terminal to ask at", cure)]


def _ask(question: Question) -> Any:
    """The answer from the terminal; it is asked again until nothing is wrong with it."""

    def read(text: str) -> Any:
        answer = _read(question.key, text)
        if lines := [f"{each.reason}. {each.cure}." for each in _findings({question.key: answer})]:
            raise click.UsageError(" ".join(lines))
        return answer

    return click.prompt(question.prompt, question.default or None, value_proc=read, err=True)


def _default(question: Question) -> Any:
    return _read(question.key, question.default) if question.default else None


def _derive_id(answers: Answers, is_asking: bool) -> None:
    """An id like the name. Who can be asked is, if it is another site's."""
    derived = {"id": id_from(answers.get("name", ""))}
    if derived["id"] and not (is_asking and any(_findings(derived))):
        answers.update({**derived, **answers})


def _refuse(folder: Path, findings: Iterable[Finding]) -> None:
    """Raises SiteFileInvalid if there are any, each with the option that it is about."""
    options = {each.key: f"--{each.option}" for each in FIVE} | {"id": "--id"}
    mistakes = []
    for where, reason, cure in findings:
        key = where.partition("[")[0]
        mistakes.append(Mistake(str(folder), options.get(key, where), reason, cure))
    if mistakes:
        raise SiteFileInvalid(mistakes)


# ── checking ────────────────────────────────────────────────────────────────────────────────


def _findings(answers: Answers) -> Iterator[Finding]:
    """What is wrong with answers, by key."""
    empty = [key for key, value in answers.items() if not value]
    keys = {key: answers[key] for key in answers if key not in {"topics", *empty}}
    wrong = list(wrong_answers(keys))
    yield from wrong
    for key in empty:
        yield Finding(key, "is empty", "name at least one" if key in LISTS else "write it")
    for name in answers.get("topics", []):
        if name not in ready_sets():
            yield Finding("topics", f"there are no ready topics “{name}”", f"choose of {SETS}")
    if "url" in keys and not any(each.where == "url" for each in wrong):
        yield from unencrypted(answers["url"])
    if answers.get("id") in _ids_in_use():
        yield Finding("id", f"a site of WIDGET_SITES has the id “{answers['id']}”", OTHER_ID)


OTHER_ID = "choose another one with --id"


def _ids_in_use() -> set[str]:
    """Those of the sites that the settings name and that can be read."""
    if os.environ.get("WIDGET_SITES"):
        with suppress(WidgetError):
            return {each.id for each in served_sites()}
    return set()


# ── the end ─────────────────────────────────────────────────────────────────────────────────


def _still_to_do(files: list[Path], site: NewSite) -> Iterator[str]:
    file, *catalogs = files
    english = language("en")
    if ready_language(site.source_language) is None:
        name = english.name_of(site.source_language)
        yield f"There are no ready texts in {name}: rewrite the English ones in {file}"
    for catalog in catalogs:
        tag = catalog.parts[-3]
        if ready_language(tag) is None:
            yield f"There are no ready texts in {english.name_of(tag)}: translate {catalog}"
    yield f"Before others see the site, go through the lines with TODO in {file}."
