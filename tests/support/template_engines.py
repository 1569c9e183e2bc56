"""The engines that render the recipes: the real ones, and for Mailchimp the rules it documents.

What only the tests of the recipes need lies in `.venv/engines`; `make test` puts it there.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import jinja2
import liquid

import widget_backend

RECIPES = Path(widget_backend.__file__).parent / "recipes"
EMBEDDING = RECIPES.parents[1] / "widget" / "recipes"
SCRIPTS = Path(sys.executable).parent
BUILT = SCRIPTS.parent / "engines"
HANDLEBARS = """
const { template, data } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
process.stdout.write(require('handlebars').compile(template)(data));
"""

Contact = Mapping[str, str]
Render = Callable[[str, Contact], str]


def recipe(platform: str) -> str:
    beside = RECIPES / f"{platform}.md"
    return (beside if beside.exists() else EMBEDDING / beside.name).read_text(encoding="utf-8")


def blocks(platform: str, kind: str) -> list[str]:
    """What a reader copies: the blocks of a page that are marked as this kind."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", recipe(platform), re.M | re.S)


def block(platform: str, kind: str) -> str:
    """The only one."""
    (found,) = blocks(platform, kind)
    return found


# ── Python ──────────────────────────────────────────────────────────────────────────────────


def jinja(is_escaping: bool) -> Render:
    environment = jinja2.Environment(autoescape=is_escaping)
    return lambda template, contact: environment.from_string(template).render(contact)


def shopify(is_escaping: bool) -> Render:
    environment = liquid.Environment(autoescape=is_escaping)
    return lambda template, contact: environment.from_string(template).render(**contact)


# ── programs ────────────────────────────────────────────────────────────────────────────────


def run(*command: str | Path, told: str = "", **surroundings: str) -> str:
    """What a program says. Fails with its complaint."""
    done = subprocess.run(
        command, input=told, env=surroundings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def handlebars(template: str, contact: Contact) -> str:
    told = json.dumps({"template": template, "data": contact})
    modules = str(BUILT / "node_modules")
    return run(SCRIPTS / "node", "-e", HANDLEBARS, told=told, NODE_PATH=modules)


def listmonk(kind: str) -> Render:
    """There even plain text goes through Go's html/template, and headers through text/template."""

    def render(template: str, contact: Contact) -> str:
        data = {"Subscriber": {"Attribs": contact}}
        told = json.dumps({"template": template, "data": data})
        return run(BUILT / "go-templates", kind, told=told)

    return render


# ── Mailchimp ───────────────────────────────────────────────────────────────────────────────

FIELD = re.compile(r"^\| `(\w+)` \| `(\w+)` \| text \| (?:`(\S+)`)? ?\|$", re.M)
TAG = re.compile(r"\*\|(.*?)\|\*")


def fields() -> list[tuple[str, str, str]]:
    """Merge tag, column and default of each field that the recipe has its reader make."""
    return FIELD.findall(recipe("mailchimp"))


def mailchimp(template: str, contact: Contact) -> str:
    """Mailchimp's rules for what the recipe uses, as it documents them; nobody else has its engine.

    A tag becomes the field's value, or the default where that is empty. IF, ELSEIF and ELSE keep
    the first part that is true. Nothing is escaped. Any other tag, or one in a wrong place, fails.
    """
    values = {tag: contact.get(column) or default for tag, column, default in fields()}
    kept, said = "", {"shown": True, "open": False, "done": False}
    for place, part in enumerate(TAG.split(template)):
        if place % 2 == 0:
            kept += part if said["shown"] else ""
        elif ":" in part:
            _turn(part, values, said)
        elif said["shown"]:
            kept += values[part]
    assert not said["open"], "an IF without END:IF"
    return kept


def _turn(tag: str, values: Mapping[str, str], said: dict[str, bool]) -> None:
    """Whether what follows a tag of conditions is shown. Conditions do not nest."""
    what, _, condition = tag.partition(":")
    assert (what == "IF") != said["open"], tag
    if what == "END":
        assert condition == "IF"
        said.update(shown=True, open=False, done=False)
        return
    assert what in {"IF", "ELSEIF"} or tag == "ELSE:"
    name, _, wanted = condition.partition("=")
    is_true = not said["done"] and (tag == "ELSE:" or values[name] == wanted)
    said.update(shown=is_true, open=True, done=said["done"] or is_true)


ENGINES: dict[str, dict[str, Render]] = {
    "jinja": {"html": jinja(True), "text": jinja(False)},
    "liquid": {"html": shopify(False), "text": shopify(False), "http": shopify(False)},
    "handlebars": {"html": handlebars, "text": handlebars, "http": handlebars},
    "listmonk": {"html": listmonk("html"), "text": listmonk("html"), "json": listmonk("text")},
    "mailchimp": {"html": mailchimp, "text": mailchimp},
}


def render(platform: str, kind: str, contact: Contact) -> str:
    """A block of a recipe as the platform would send it to a contact."""
    return ENGINES[platform][kind](block(platform, kind), contact)
