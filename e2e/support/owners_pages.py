"""Pages that owners make, and those of which `preference-widget doctor` says nothing."""

from __future__ import annotations

from dataclasses import dataclass, field

from e2e.widget.stub import FORM, STRICT, Answer, Stub, fragment
from widget_backend.embed.releases import integrity
from widget_backend.embed.script import widget_script

LINK = '<a href="{origin}/s/dimora?lang=en">Choose how to hear from us</a>'
ELEMENT = f'<preference-widget src="{{origin}}/s/dimora" lang="en">{LINK}</preference-widget>'
PRELOAD = '<link rel="preload" as="fetch" crossorigin href="{origin}/s/dimora/fragment?lang=en">'
SCRIPT = '<script type="module" src="{origin}/widget/v1.js"></script>'
STYLES = "preference-widget { display: block; min-block-size: 20rem }"
LONG = "Choose what you want to hear about and go on"
CUT = "Choose what you want to hear about and …"
THIS_HASH = integrity(widget_script())
FAINT = "--pw-accent: #eeeeee; --pw-on-accent: #ffffff"
TOKEN = f"/e/{'c' * 40}.{'d' * 43}"


@dataclass(frozen=True)
class Page:
    """What an owner made. `{origin}` stands for the backend's, `{shop}` for the page's own."""

    head: str = PRELOAD + SCRIPT
    body: str = ELEMENT
    styles: str = STYLES
    lang: str = ' lang="en"'
    policy: str = f"{STRICT}; style-src 'unsafe-inline'"
    headers: dict[str, str] = field(default_factory=dict)
    encoding: str = "utf-8"
    form: Answer | None = None
    script: Answer | None = None


def put(stub: Stub, page: Page) -> str:
    """The page and all it needs, served; its address."""
    html = f"""<!doctype html><html{page.lang}><meta charset="{page.encoding}"><title>Shop</title>
      <style>{page.styles}</style>{page.head}<h1>Shop</h1>{page.body}<p>Below</p>"""
    filled = html.replace("{origin}", stub.origin).replace("{shop}", stub.shop)
    headers = {"Content-Security-Policy": page.policy.format(stub.origin), **page.headers}
    kind = f"text/html; charset={page.encoding}"
    stub.answers["GET /shop"] = Answer(filled, 200, headers, kind, page.encoding)
    stub.answers["GET /widget/v1.0.0.js"] = stub.answers["GET /widget/v1.js"]
    stub.answers["GET /s/dimora/fragment"] = page.form or Answer(fragment(FORM))
    if page.script:
        stub.answers["GET /widget/v1.js"] = page.script
    return f"{stub.shop}/shop"


def in_mode(mode: str) -> str:
    return ELEMENT.replace(" lang=", f' mode="{mode}" lang=', 1)


IN_A_SHADOW = """<p id=host style="min-block-size: 30rem"></p>
<script>addEventListener('load', () => {
  document.querySelector('#host').attachShadow({ mode: 'open' }).innerHTML = `%s`; })</script>"""

HEALTHY = {
    "in another shadow tree, also as a dialog": Page(
        head=SCRIPT,
        body=IN_A_SHADOW
        % (
            f"<style>{STYLES.replace('widget', 'widget:not([mode])')}</style>"
            + ELEMENT
            + in_mode("dialog")
        ),
        policy="default-src * 'unsafe-inline'",
    ),
    "as a prompt and in a dialog": Page(
        head=SCRIPT, styles="", body=in_mode("prompt") + in_mode("dialog")
    ),
    "as a prompt that has nothing to ask": Page(
        head=SCRIPT,
        styles="",
        body=in_mode("prompt"),
        form=Answer(fragment("<h2>There is nothing to answer now</h2>", marks="data-nothing")),
    ),
    "inline": Page(),
    "in an old encoding": Page(
        head=f"{PRELOAD}{SCRIPT}<meta name=description content='مفروشات'>", encoding="windows-1256"
    ),
    "in the browser's own dark colours": Page(
        head=f"<meta name=color-scheme content='light dark'>{PRELOAD}{SCRIPT}"
    ),
    "on a page that is always dark": Page(styles=f":root {{ color-scheme: dark }} {STYLES}"),
    "beside a long text in a grid": Page(
        body=f"<div class=grid>{ELEMENT}<p class=long>Text</p></div>",
        styles=f"""{STYLES} .grid {{ display: grid; grid-template-columns: 1fr 1fr }}
          .long {{ block-size: 900px }}""",
    ),
    "in what people open": Page(
        head=SCRIPT, body=f"<details><summary>Letters</summary>{ELEMENT}</details>"
    ),
    "beside another's script": Page(
        head=f"{PRELOAD}{SCRIPT}<script src='/widget/v3.js'></script>", policy="script-src *"
    ),
    "with a picture that is the link": Page(
        body=ELEMENT.replace("Choose how", "<img src='data:,' alt='Choose how").replace(
            "us</a>", "us'></a>"
        )
    ),
    "with an address that was copied with its query": Page(
        body=ELEMENT.replace('/s/dimora"', '/s/dimora/?lang=en#top"', 1)
    ),
    "with a link that names its language twice": Page(
        body=ELEMENT.replace("?lang=en", "?lang=en&lang=sq")
    ),
    "without a preload and a policy": Page(head=SCRIPT, policy="default-src * 'unsafe-inline'"),
    "for a known person, by a script": Page(
        head=SCRIPT
        + "<script>addEventListener('load', () => document.querySelector('preference-widget')"
        ".setAttribute('src', '{origin}/s/dimora'))</script>",
        body=ELEMENT.replace(' src="{origin}/s/dimora"', ""),
        policy="default-src * 'unsafe-inline'",
    ),
    "a personal link that nobody caches": Page(
        body=ELEMENT.replace("/s/dimora?lang=en", f"{TOKEN}?lang=en".replace("/e/", "/p/"))
    ),
}
