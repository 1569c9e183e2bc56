"""What a site would embed instead: other people's widgets, as npm has them, with our topics.

They are fetched at their exact versions when the bench runs, and only then. We serve what their
packages hold, unchanged, from the page's own host; the pages that configure them are ours.
"""

from __future__ import annotations

import json
import mimetypes
import subprocess
import sys
import tarfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.child import ROOT
from tests.bench.hosts import Host, embedding
from tests.bench.people import TOPICS

CACHE = ROOT / "var" / "peers"
PAGES = Path(__file__).parent / "templates" / "rivals"
OFFERED = TOPICS[:5]
NAMES = [topic.name for topic in OFFERED]
"""What a reader must see in every row before it counts."""
CURE = """\
The peers of the embed bench come from npm, which says: {said}
“make bench” installs npm; “--only mailing” and “--only server” need none."""


@dataclass(frozen=True)
class Rival:
    """A widget: what is fetched, our page for it, and what in it is the control of a topic."""

    name: str
    packages: tuple[str, ...]
    page: str
    files: tuple[str, ...]
    control: str
    address: str = ""
    """What the page's address ends with so that the form opens."""


RIVALS = (
    Rival(
        "vanilla-cookieconsent 3.1.0",
        ("vanilla-cookieconsent@3.1.0",),
        "vanilla-cookieconsent.html",
        ("dist/cookieconsent.css", "dist/cookieconsent.esm.js"),
        "#cc-main .section__toggle-wrapper, #cc-main .pm__btn",
    ),
    Rival(
        "klaro 0.7.22",
        ("klaro@0.7.22",),
        "klaro.html",
        ("dist/klaro.js",),
        "#klaro .cm-list-label, #klaro .cm-btn",
    ),
    Rival(
        "tarteaucitron 1.34.0",
        ("tarteaucitronjs@1.34.0",),
        "tarteaucitronjs.html",
        (
            "tarteaucitron.min.js",
            "tarteaucitron.services.min.js",
            "lang/tarteaucitron.en.min.js",
            "css/tarteaucitron.min.css",
        ),
        "#tarteaucitronServices button",
        "#choose",
    ),
    Rival(
        "SurveyJS 2.5.38",
        ("survey-core@2.5.38", "survey-js-ui@2.5.38"),
        "surveyjs.html",
        ("survey-core.fontless.min.css", "survey.core.min.js", "survey-js-ui.min.js"),
        "#survey .sd-item, #survey input",
    ),
    Rival(
        "Form.io 5.6.0",
        ("@formio/js@5.6.0",),
        "formio.html",
        ("dist/formio.form.min.css", "dist/formio.form.min.js"),
        "#formio input, #formio select",
    ),
    Rival(
        "Ghost Portal 2.71.227",
        ("@tryghost/portal@2.71.227",),
        "ghost-portal.html",
        ("umd/portal.min.js",),
        ".gh-portal-list-toggle-wrapper label, .gh-portal-for-switch",
        "#/portal/account/newsletters",
    ),
)


def fetch() -> None:
    """Every package that is not here yet, packed as npm has it; nothing in it is run."""
    wanted = [each for rival in RIVALS for each in rival.packages if not _packed(each).exists()]
    if not wanted:
        return
    npm = Path(sys.executable).with_name("npm")
    if not npm.exists():
        raise SystemExit(CURE.format(said=f"nothing, as there is no {npm.name}"))
    CACHE.mkdir(parents=True, exist_ok=True)
    command: list[str | Path] = [
        npm,
        "pack",
        "--ignore-scripts",
        "--pack-destination",
        CACHE,
        *wanted,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(CURE.format(said=done.stderr.strip()))


def _packed(package: str) -> Path:
    """Where npm puts `@scope/name@1.2.3`: at `scope-name-1.2.3.tgz`."""
    return CACHE / f"{package.lstrip('@').replace('/', '-').replace('@', '-')}.tgz"


def put_up(host: Host, origin: str) -> dict[str, Rival]:
    """Serve the rivals' files and a page for each; returns them by the paths of the pages."""
    for path, answer in GHOST.items():
        host.put(path, json.dumps(answer), "application/json")
    return {_put_up(host, origin, rival): rival for rival in RIVALS}


def _put_up(host: Host, origin: str, rival: Rival) -> str:
    for package in rival.packages:
        _put_files(host, package, rival.files)
    head, body = (PAGES / rival.page).read_text().split("<!-- body -->")
    fill = {"{files}": "/npm", "{origin}": origin}
    for mark, value in fill.items():
        head, body = head.replace(mark, value), body.replace(mark, value)
    data = f"<script>const topics = {json.dumps(_topics())}</script>"
    return host.put(f"/rivals/{rival.page}", embedding(data + head, body)) + rival.address


def _put_files(host: Host, package: str, files: tuple[str, ...]) -> None:
    name = package.rpartition("@")[0]
    with tarfile.open(_packed(package)) as archive:
        for file in files:
            if f"package/{file}" in archive.getnames():
                content = archive.extractfile(f"package/{file}")
                assert content
                kind = mimetypes.guess_type(file)[0] or "text/plain"
                host.put(f"/npm/{name}/{file}", content.read().decode(), kind)


def _topics() -> list[dict[str, Any]]:
    return [
        {
            "id": topic.id,
            "name": topic.name,
            "benefit": topic.benefit,
            "frequencies": [each.replace("_", " ") for each in topic.frequencies],
        }
        for topic in OFFERED
    ]


NEWSLETTERS = [
    {"id": topic.id, "uuid": topic.id, "name": topic.name, "description": topic.benefit}
    | {"sort_order": place, "status": "active", "visibility": "members", "paid": False}
    for place, topic in enumerate(OFFERED)
]
GHOST: dict[str, object] = {
    "/members/api/member/": {
        "uuid": "member",
        "email": "person@example.com",
        "firstname": "",
        "name": "",
        "paid": False,
        "status": "free",
        "subscribed": True,
        "subscriptions": [],
        "newsletters": [],
        "enable_comment_notifications": False,
        "email_suppression": {"suppressed": False, "info": None},
    },
    "/ghost/api/content/settings/": {
        "settings": {
            "title": "Dimora",
            "url": "http://dimora.example/",
            "locale": "en",
            "portal_button": False,
            "members_signup_access": "all",
            "editor_default_email_recipients": "visibility",
            "comments_enabled": "off",
            "portal_plans": ["free"],
        }
    },
    "/ghost/api/content/tiers/": {"tiers": []},
    "/ghost/api/content/newsletters/": {"newsletters": NEWSLETTERS},
}
"""What a Ghost server would answer for a signed-in member with five newsletters."""
