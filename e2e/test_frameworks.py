"""The recipes for React, Vue and tag managers, built as a page's author would, in three engines."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from e2e.support.tab import Tab
from e2e.widget.stub import FORM, Answer, Stub, fragment, running, see_other

HERE = Path(__file__).parent
RECIPES = HERE.parent / "widget" / "recipes"
SCRIPTS = Path(sys.executable).parent
MODULES = SCRIPTS.parent / "engines" / "node_modules"

REACT = """import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import { PreferenceWidget } from './PreferenceWidget';

function Account() {
  const [src, setSrc] = useState<string>();
  const [saved, setSaved] = useState(0);
  return <>
    <PreferenceWidget src={src} lang="en" href="/react" words="Link in React"
      onSaved={() => setSaved((count) => count + 1)} />
    <button onClick={() => setSrc(`${document.body.dataset.origin}/s/react`)}>React</button>
    <p>React saved {saved}</p>
  </>;
}
createRoot(document.querySelector('#react')!).render(<Account />);
"""
VUE = """import { createApp, h, ref } from 'vue';
import PreferenceForm from './PreferenceForm.vue';

const [src, saved] = [ref(), ref(0)];
const known = { lang: 'en', href: '/vue', words: 'Link in Vue' };
createApp({ render: () => [
  h(PreferenceForm, { ...known, src: src.value, onSaved: () => { saved.value += 1; } }),
  h('button', { onClick: () => { src.value = `${document.body.dataset.origin}/s/vue`; } }, 'Vue'),
  h('p', `Vue saved ${saved.value}`),
] }).mount('#vue');
"""


def blocks(recipe: str, kind: str) -> list[str]:
    text = (RECIPES / f"{recipe}.md").read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.M | re.S)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """What esbuild made of the recipes, by name."""
    folder = tmp_path_factory.mktemp("frameworks")
    sources = {
        "PreferenceWidget.tsx": blocks("react", "tsx")[0],
        "react.tsx": REACT,
        "PreferenceForm.vue": blocks("vue", "vue")[0],
        "vue.ts": VUE,
    }
    for name, source in sources.items():
        (folder / name).write_text(source, encoding="utf-8")
    command = [SCRIPTS / "node", HERE / "bundle.mjs", MODULES, folder]
    subprocess.run(command, check=True)
    return {name: (folder / f"{name}.js").read_text(encoding="utf-8") for name in ("react", "vue")}


def put(stub: Stub, built: Mapping[str, str]) -> None:
    """A page with an app of each framework, whose script a tag manager loads."""
    _, manager = blocks("tag-managers", "html")
    for name, source in built.items():
        stub.answers[f"GET /{name}.js"] = Answer(source, kind="text/javascript")
    stub.answers["GET /"] = Answer(
        f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Account</title>
        <script src="{stub.origin}/collect.js"></script>
        <body data-origin="{stub.origin}"><div id="react"></div><div id="vue"></div>
        <script type="module" src="/react.js"></script><script type="module" src="/vue.js"></script>
        {manager.replace("https://prefs.example", stub.origin)}"""
    )
    for name in built:
        form = FORM.replace("/s/dimora", f"/s/{name}").replace(">Save<", f">Save in {name}<")
        saved = see_other(stub, f"<h3 data-focus>Done in {name}</h3>")
        location = f"/s/{name}/fragment?saved=1"
        stub.answers[f"GET {location}"] = stub.answers.pop("GET /s/dimora/fragment?saved=1")
        stub.answers[f"GET /s/{name}/fragment"] = Answer(fragment(form))
        stub.answers[f"POST /s/{name}/fragment"] = Answer(
            status=saved.status, headers={"Location": location}
        )


def test_in_react_and_vue_a_known_person_saves_and_the_page_hears_of_it(
    tab: Tab, built: Mapping[str, str]
) -> None:
    with running() as stub:
        put(stub, built)
        tab.open(f"{stub.shop}/")
        for name, called in (("react", "React"), ("vue", "Vue")):
            tab.see("link", f"Link in {called}")  # until src is there
            tab.click("button", called)
            tab.click("button", f"Save in {name}")
            tab.see("heading", f"Done in {name}")
            tab.see_text(f"{called} saved 1")
        seen = tab.run("() => document.documentElement.dataset.seen")
        assert seen == "; ".join(["load 200; load 200; saved 200"] * 2)
        assert tab.script_errors() == []
    assert len(stub.posted()) == 2
