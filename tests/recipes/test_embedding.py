"""The recipes for owners' pages, as they are pasted; the frameworks run in browsers, in e2e/."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import html5lib
import liquid
import pytest

from tests.support.signing import VECTORS
from tests.support.template_engines import BUILT, EMBEDDING, SCRIPTS, block, blocks, run
from widget_backend.links import PATHS

HERE = Path(__file__).parent
MODULES = BUILT / "node_modules"
HANDLE = "9f2c4b7a1d3e58606b7c8d9eafb0c1d2"
HOME = "https://prefs.example/s/dimora"


def widget(html: str) -> tuple[dict[str, str], dict[str, str], str]:
    """The one element: its attributes, those of the link in it, and the words of that."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    (element,) = tree.iter("preference-widget")
    (link,) = element.iter("a")
    return dict(element.attrib), dict(link.attrib), "".join(link.itertext())


def test_every_recipe_is_named_on_their_page_and_asks_for_the_doctor() -> None:
    pages = {each.name for each in EMBEDDING.glob("*.md")} - {"README.md"}
    index = (EMBEDDING / "README.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| .* \| \[.*\]\((.*?)\) \|$", index, re.M)) == pages
    assert "preference-widget doctor" in index


def test_no_recipe_pastes_an_embed_link() -> None:
    for page in EMBEDDING.glob("*.md"):
        for code in re.findall(
            r"^```\w+\n(.*?)^```$", page.read_text(encoding="utf-8"), re.M | re.S
        ):
            assert not re.search(r"(src|href)=\S*/[ep]/", code), page.name


def test_no_albanian_to_paste_has_a_straight_apostrophe() -> None:
    for page in (EMBEDDING.parent / "README.md", *EMBEDDING.glob("*.md")):
        assert not re.search(r"t\\?'ju", page.read_text(encoding="utf-8")), page


# ── WordPress ───────────────────────────────────────────────────────────────────────────────


def php(expressions: Iterable[str]) -> list[Any]:
    """The values of expressions, with the plugin’s code for signing before them, in PHP itself.

    What the plugin does in a WordPress is tested in tests/wordpress.
    """
    code = (EMBEDDING.parent / "wordpress" / "includes" / "signing.php").read_text(encoding="utf-8")
    program = f"{code}\necho json_encode( array( {', '.join(expressions)} ) );"
    return list(json.loads(run(SCRIPTS / "node", HERE / "php.mjs", MODULES, told=program)))


def test_wordpress_signs_the_test_vectors_byte_for_byte() -> None:
    ending = [each for each in VECTORS if '"x":' in each["payload"]]
    calls = []
    for each in ending:
        payload = json.loads(each["payload"])
        until = payload.pop("x")
        literal = json.dumps(json.dumps(payload), ensure_ascii=True).replace("$", "\\$")
        link = f"json_decode( {literal}, true )"
        calls.append(f"token( '{each['key']}', '{each['purpose']}', {link}, {until} )")
    assert php(calls) == [each["token"] for each in ending]
    assert len(ending) >= 3


def test_wordpress_finds_the_handle_in_any_link_of_its_site_and_in_nothing_else() -> None:
    links = [f"https://prefs.example/{PATHS[each['purpose']]}/{each['token']}" for each in VECTORS]
    others = ["", "nobody", HANDLE[:-1], f"{HANDLE}0", "https://prefs.example/p/x.y", links[0][:-9]]
    calls = [
        (HANDLE, "inn"),
        *((link, each["link"]["site"]) for link, each in zip(links, VECTORS, strict=True)),
    ]
    refused = [*((each, "dimora") for each in others), *((link, "inn") for link in links)]
    found = php(f"handle_in( '{text}', '{site}' )" for text, site in [*calls, *refused])
    assert found == [HANDLE, *(each["link"]["person"] for each in VECTORS), *("" for _ in refused)]


# ── Shopify ─────────────────────────────────────────────────────────────────────────────────

ENVIRONMENT = liquid.Environment()
ENVIRONMENT.add_filter("asset_url", lambda name: f"//cdn.example/{name}")
SECTION, SCHEMA = re.fullmatch(  # type: ignore[union-attr]
    r"(.*)\{% schema %\}(.*)\{% endschema %\}\s*", block("shopify", "liquid"), re.S
).groups()


def section(code: str, customer: object = None, link: str = "/apps/preferences/link") -> str:
    known = {"request": {"locale": {"iso_code": code}}, "customer": customer}
    return ENVIRONMENT.from_string(SECTION).render(**known, section={"settings": {"link": link}})


@pytest.mark.parametrize(
    ("code", "tag"), [("ar", "ar"), ("sq", "sq"), ("sq-AL", "sq"), ("en", "en"), ("de", "en")]
)
def test_shopify_speaks_one_language_in_four_places(code: str, tag: str) -> None:
    html = section(code)
    attributes, link, words = widget(html)
    assert attributes == {"src": HOME, "lang": tag}
    assert link == {"href": f"{HOME}?lang={tag}"}
    assert f'crossorigin href="{HOME}/fragment?lang={tag}"' in html
    assert bool(re.search("[ء-ي]", words)) == (tag == "ar")


def test_shopify_gives_a_customer_the_address_of_a_link_and_no_link() -> None:
    html = section("sq", customer={"id": 1})
    attributes, link, _ = widget(html)
    assert attributes == {"data-link": "/apps/preferences/link", "lang": "sq"}
    assert link == {"href": f"{HOME}/link?lang=sq"}
    assert "preload" not in html
    assert "//cdn.example/account.js" in html
    assert widget(section("sq", customer={"id": 1}, link=""))[0]["src"] == HOME


def test_shopifys_schema_can_be_read() -> None:
    schema = json.loads(SCHEMA)
    assert not [each for each in schema["settings"] if "default" in each], "empty until it is known"
    assert [each["id"] for each in schema["settings"]] == re.findall(
        r"section\.settings\.(\w+) != blank", SECTION
    )


# ── static pages and tag managers ───────────────────────────────────────────────────────────


def test_a_static_page_preloads_what_its_widget_asks_for() -> None:
    html = "".join(blocks("static", "html"))
    attributes, link, _ = widget(html)
    (preload,) = re.findall(r'rel="preload" .*href="(.*)"', html)
    assert preload == f"{attributes['src']}/fragment?lang={attributes['lang']}"
    assert link["href"] == f"{attributes['src']}?lang={attributes['lang']}"


def test_a_static_hosts_policy_names_us_in_two_directives_only() -> None:
    path, header = block("static", "text").splitlines()
    name, _, policy = header.strip().partition(": ")
    assert (path, name) == ("/*", "Content-Security-Policy")
    ours = [each.split()[0] for each in policy.split("; ") if "https://prefs.example" in each]
    assert ours == ["script-src", "connect-src"]


def test_a_tag_manager_loads_the_script_and_leaves_the_element_to_the_page() -> None:
    page, told = blocks("tag-managers", "html")
    attributes, _, _ = widget(page)
    assert re.fullmatch(r"<script>\n.*\n</script>\n", told, re.S), "HTML, as managers want it"
    (src,) = re.findall(r"script\.src = '(.*)'", told)
    assert urlsplit(src).netloc == urlsplit(attributes["src"]).netloc
    assert "preference-widget" not in told.replace("https://prefs.example", "")


# ── React ───────────────────────────────────────────────────────────────────────────────────

USES = """import { PreferenceWidget } from './PreferenceWidget';
export const page = <PreferenceWidget lang="sq" href="https://prefs.example" words="x" %s />;
export const plain = <preference-widget lang="sq" %s />;
"""
RIGHT, WRONG = 'mode="dialog" view="questions" src="https://prefs.example/s/dimora"', 'mode="popup"'
STRICTEST = {
    "strict": True,
    "noEmit": True,
    "jsx": "react-jsx",
    "module": "esnext",
    "moduleResolution": "bundler",
    "target": "es2022",
    "types": [],
    "skipLibCheck": True,
    "paths": {"*": [f"{MODULES}/@types/*", f"{MODULES}/*"]},
}


def test_the_types_for_react_take_what_is_right_and_refuse_what_is_not(tmp_path: Path) -> None:
    """Judged by TypeScript at its strictest, of the component and of the bare element."""
    (tmp_path / "PreferenceWidget.tsx").write_text(block("react", "tsx"), encoding="utf-8")
    (tmp_path / "right.tsx").write_text(USES % (RIGHT, RIGHT), encoding="utf-8")
    (tmp_path / "wrong.tsx").write_text(USES % (WRONG, WRONG), encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text(json.dumps({"compilerOptions": STRICTEST}))
    command = [SCRIPTS / "node", MODULES / "typescript/bin/tsc", "--project", tmp_path]
    said = subprocess.run(command, capture_output=True, text=True, check=False).stdout
    found = re.findall(r"(\w+)\.tsx\((\d),.*(error .*)", said)
    assert [(file, line) for file, line, _ in found] == [("wrong", "2"), ("wrong", "3")], said
    assert all("popup" in what for *_, what in found)
