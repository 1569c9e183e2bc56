"""The npm package: what it holds, and that its types are those of the element."""

from __future__ import annotations

import json
import re
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from tests.support.template_engines import BUILT, SCRIPTS
from tests.support.wheels import ROOT, run
from widget_backend.embed.releases import current_version

WIDGET = ROOT / "widget"
MANIFEST = json.loads((WIDGET / "package.json").read_text(encoding="utf-8"))
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)")
TYPES = (WIDGET / "preference-widget.d.ts").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as `npm install` would put it into a project."""
    folder = tmp_path_factory.mktemp("project")
    known = {"HOME": str(folder), "PATH": f"{SCRIPTS}:/usr/bin:/bin"}
    npm = (SCRIPTS / "npm", "pack", "--offline", "--pack-destination", folder)
    run(*npm, cwd=WIDGET, env=known)
    (file,) = folder.glob("*.tgz")
    with tarfile.open(file) as packed:
        packed.extractall(folder, filter="data")
    package = folder / "node_modules" / "preference-widget"
    package.parent.mkdir()
    return (folder / "package").rename(package)


def test_a_dry_run_of_npm_lists_exactly_what_users_need(tmp_path: Path) -> None:
    known = {"HOME": str(tmp_path), "PATH": f"{SCRIPTS}:/usr/bin:/bin"}
    npm = (SCRIPTS / "npm", "pack", "--dry-run", "--json", "--offline")
    (packed,) = json.loads(run(*npm, cwd=WIDGET, env=known).stdout)
    files: list[dict[str, Any]] = packed["files"]
    recipes = {f"recipes/{each.name}" for each in (WIDGET / "recipes").iterdir()}
    texts = {"LICENSE", "README.md", "ACCESSIBILITY.md", "released/hashes.txt", *recipes}
    code = {"package.json", "preference-widget.d.ts", "v1.js"}
    taken_for_a_licence = {"copying.js"}  # npm packs every file of that name, whatever one asks
    assert {each["path"] for each in files} == texts | code | taken_for_a_licence


def test_the_package_has_the_licence_and_the_authors_of_the_rest(unpacked: Path) -> None:
    assert (unpacked / "LICENSE").read_bytes() == (ROOT / "LICENSE").read_bytes()
    assert (MANIFEST["license"], MANIFEST["author"]) == ("MIT", "the preference-widget developers")


def test_every_link_of_its_texts_leads_into_the_package(unpacked: Path) -> None:
    for text in unpacked.rglob("*.md"):
        for link in LINK.findall(text.read_text(encoding="utf-8")):
            target = (text.parent / link).resolve()
            assert target.is_relative_to(unpacked.resolve()), f"{text.name}: {link}"
            assert target.exists(), f"{text.name}: {link}"


def test_its_version_is_that_of_the_frozen_script_that_it_holds() -> None:
    if frozen := current_version():
        assert frozen == f"v{MANIFEST['version']}.js"


def test_the_script_is_what_the_package_gives_to_whoever_imports_it(unpacked: Path) -> None:
    (unpacked.parents[1] / "use.mjs").write_text(
        "console.log(import.meta.resolve('preference-widget'))"
    )
    done = run(SCRIPTS / "node", unpacked.parents[1] / "use.mjs")
    assert done.stdout.strip() == (unpacked / "v1.js").as_uri()


# ── types ───────────────────────────────────────────────────────────────────────────────────


def test_the_types_name_what_the_element_observes_and_sends() -> None:
    source = (WIDGET / "preference-widget.js").read_text(encoding="utf-8")
    (observed,) = re.findall(r"observedAttributes = \[(.*)\]", source)
    (attributes,) = re.findall(r"interface PreferenceWidgetAttributes \{(.*?)\n\}", TYPES, re.S)
    assert re.findall(r"^  (\w+)\?:", attributes, re.M) == re.findall(r"'(\w+)'", observed)
    documented = (WIDGET / "README.md").read_text(encoding="utf-8")
    events = re.findall(r"^\| `(preference-widget:\w+)` \|", documented, re.M)
    assert re.findall(r"^    '(preference-widget:\w+)':", TYPES, re.M) == events
    exported = set(re.findall(r"export class (\w+)", (WIDGET / "v1.js").read_text()))
    assert set(re.findall(r"export class (\w+)", TYPES)) == exported


USE = """\
import { PreferenceWidgetElement, type PreferenceWidgetAttributes } from 'preference-widget';
const element = document.createElement('preference-widget');
element.addEventListener('preference-widget:error', (event) => event.detail.status.toFixed());
document.addEventListener('preference-widget:saved', ({ detail: { status } }) => status.toFixed());
const present: PreferenceWidgetElement | null = document.querySelector('preference-widget');
export const attributes: PreferenceWidgetAttributes = { lang: 'sq', mode: 'dialog' };
customElements.define('my-preferences', class extends PreferenceWidgetElement {
  override async request(url: string, options: { body?: URLSearchParams; signal: AbortSignal }) {
    return present ? super.request(url, options) : { status: 0, responseURL: url, response: null };
  }
});
"""
WRONG = """\
import type { PreferenceWidgetAttributes } from 'preference-widget';
export const attributes: PreferenceWidgetAttributes = { mode: 'popup' };
document.addEventListener('preference-widget:saved', (event) => event.detail.person);
"""


@pytest.mark.parametrize("resolution", [("esnext", "bundler"), ("nodenext", "nodenext")])
def test_typescript_takes_what_is_right_and_refuses_what_is_not(
    unpacked: Path, resolution: tuple[str, str]
) -> None:
    folder = unpacked.parents[1]
    options = {"strict": True, "noEmit": True, "target": "es2022", "types": []}
    module = dict(zip(("module", "moduleResolution"), resolution, strict=True))
    (folder / "package.json").write_text('{ "type": "module" }')
    (folder / "right.ts").write_text(USE)
    (folder / "wrong.ts").write_text(WRONG)
    written = {"compilerOptions": {**options, **module}, "files": ["right.ts", "wrong.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(written))
    tsc = [SCRIPTS / "node", BUILT / "node_modules/typescript/bin/tsc", "--project", folder]
    done = subprocess.run(tsc, capture_output=True, text=True, check=False)
    wrong = re.findall(r"^(?:.*/)?(\w+)\.ts\((\d+),", done.stdout, re.M)
    assert wrong == [("wrong", "2"), ("wrong", "3")], done.stdout
