"""A page that an owner made for each thing that can be wrong, and how what doctor says begins."""

from __future__ import annotations

from e2e.support.owners_pages import (
    CUT,
    ELEMENT,
    FAINT,
    LINK,
    LONG,
    PRELOAD,
    SCRIPT,
    STYLES,
    THIS_HASH,
    TOKEN,
    Page,
    in_mode,
)
from e2e.widget.stub import FORM, Answer, fragment
from widget_backend.embed.releases import integrity

BROKEN_SCRIPT = """customElements.define('preference-widget', class extends HTMLElement {
  connectedCallback() { throw new Error('broken'); }
});"""
REFUSED = Answer("<!doctype html><p>no", 403, {"Access-Control-Allow-Origin": "https://a.example"})

BROKEN: dict[str, tuple[Page, list[str]]] = {
    "no element": (Page(body=LINK), ["element: there is no <preference-widget> in the page."]),
    "no script": (Page(head=PRELOAD), ["script: the page loads none of ours. paste <script"]),
    "a script of another kind": (
        Page(head=SCRIPT.replace(' type="module"', "")),
        ["script: it has no type=module."],
    ),
    "a script that is not there": (
        Page(script=Answer("no", 404)),
        ["script: {origin}/widget/v1.js answers with 404. correct its address."],
    ),
    "a script as plain text": (
        Page(script=Answer("export {}", kind="text/plain")),
        ["script: {origin}/widget/v1.js comes as text/plain, which no browser runs"],
    ),
    "a script with another hash": (
        Page(head=SCRIPT.replace("src=", f'crossorigin integrity="{integrity(b"other")}" src=')),
        [
            "script: v1.js changes, and will then not have this hash.",
            "script: its content has not the hash in integrity. copy the hash of this very version",
        ],
    ),
    "a script that fails": (
        Page(script=Answer(BROKEN_SCRIPT, kind="text/javascript"), styles=""),
        ["script: it failed: Error: broken. pin an earlier version, and tell us."],
    ),
    "a policy that forbids the script": (
        Page(policy="script-src 'self'"),
        ["script-src: the page’s Content Security Policy forbids {origin}. add {origin} to scri"],
    ),
    "a policy that forbids the form": (
        Page(head=SCRIPT, policy="connect-src 'self'; script-src {0}"),
        ["connect-src: the page’s Content Security Policy forbids {origin}. add {origin} to co"],
    ),
    "a policy that says it for everything": (
        Page(head=SCRIPT, policy="default-src 'self'; style-src 'unsafe-inline'"),
        ["script-src: the page’s Content Security Policy forbids {origin}. add script-src 'self'"],
    ),
    "a policy that allows nothing": (
        Page(head=SCRIPT, policy="default-src 'none'; script-src {0}; style-src 'unsafe-inline'"),
        ["connect-src: the page’s Content Security Policy forbids {origin}. add connect-src {orig"],
    ),
    "a policy of nonces": (
        Page(policy="script-src 'nonce-abc' 'strict-dynamic'"),
        ["script-src: the page’s Content Security Policy forbids {origin}. give our script el"],
    ),
    "an origin that is not listed": (
        Page(form=REFUSED),
        ["origins: {origin} lets no page of {shop} read the form, so that only the link shows. a"],
    ),
    "an address with a query, on a page that is not listed": (
        Page(
            head=SCRIPT, body=ELEMENT.replace('/s/dimora"', '/s/dimora/?lang=en"', 1), form=REFUSED
        ),
        ["origins: {origin} lets no page of {shop} read the form, so that only the link shows. a"],
    ),
    "a site that there is not": (
        Page(form=Answer(fragment("<h2>There is no such page</h2>"), 404)),
        ["src: {origin} answers with 404: there is no such site, or the link is over."],
    ),
    "a backend that hangs up": (
        Page(head=SCRIPT, form=Answer(status=0)),
        ["src: {origin} does not answer: net::ERR_EMPTY_RESPONSE. see that it runs"],
    ),
    "a preload of something else": (
        Page(head=PRELOAD.replace("lang=en", "lang=sq") + SCRIPT),
        ["preload: it names {origin}/s/dimora/fragment?lang=sq, but the widget asks for "],
    ),
    "a preload that is no use": (
        Page(head=PRELOAD.replace(" crossorigin", "") + SCRIPT),
        ["preload: the form is fetched twice. write crossorigin on the line"],
    ),
    "colours that are hard to read": (
        Page(
            styles=f"{STYLES} preference-widget {{ {FAINT} }}",
            form=Answer(fragment(f'{FORM}<button class="primary">{LONG}</button>')),
        ),
        [
            f"contrast: the text “{CUT}” has 1.16 to 1, not 4.5. set color on the page",
            "contrast: the edge of “",
            f"contrast (dark): the text “{CUT}” has 1.16 to 1",
            "contrast (dark): the edge of “",
        ],
    ),
    "dark letters on a dark page": (
        Page(styles=f"{STYLES} body {{ background: #222222; color: #333333 }}"),
        ["contrast: the text “", "contrast: the edge of “", "contrast (dark)", "contrast (dark)"],
    ),
    "an embed link in a page that may be cached": (
        Page(
            head=SCRIPT,
            body=ELEMENT.replace('/s/dimora"', f'{TOKEN}"'),
            headers={"Cache-Control": "public, max-age=60"},
        ),
        [
            "src: {origin} answers with 404",
            "cached link: a personal link (/e/…) stands in HTML that may be cached: Cache-",
        ],
    ),
    "no link inside": (
        Page(body=ELEMENT.replace(LINK, "")),
        ["link: there is none inside the element, so that nothing shows without script."],
    ),
    "a link to another language": (
        Page(body=ELEMENT.replace("?lang=en", "?lang=sq")),
        ["link: the link inside leads to a page in sq, the widget speaks en. write lang=en"],
    ),
    "a link in other letters": (
        Page(body=ELEMENT.replace("Choose how to hear from us", "اختيار طريقة التواصل")),
        ["link: “اختيار طريقة التواصل” is not written in the letters of en."],
    ),
    "a form in another language": (
        Page(form=Answer(fragment(FORM, language='lang="sq" dir="ltr"'))),
        ["lang: the form came in sq, the page asks for en. add it to locales in SITE.toml"],
    ),
    "a page that says no language": (
        Page(head=SCRIPT, lang="", body=ELEMENT.replace(' lang="en"', "").replace("?lang=en", "")),
        ["lang: neither the page nor the element says its language. write lang on <html>"],
    ),
    "an element that is closed at once": (
        Page(body='<preference-widget src="{origin}/s/dimora" lang="en" />' + LINK),
        ["element: it ends with />, so that what follows in the page is taken for what is ins"],
    ),
    "an element without its end": (
        Page(body=ELEMENT.replace("</preference-widget>", "")),
        ["element: its end is missing, so that what follows in the page vanishes with the link"],
    ),
    "questions for everybody": (
        Page(head=SCRIPT, body=ELEMENT.replace(" lang=", ' view="questions" lang=')),
        ["view: questions are for people you know, and src is for everybody. leave view out"],
    ),
    "an address that is mistyped": (
        Page(body=ELEMENT.replace('/s/dimora"', '/s/dimorra"')),
        ["src: {origin} answers with 404: there is no such site, or the link is over. correct"],
    ),
    "a language that the form does not speak": (
        Page(
            head=SCRIPT,
            body=ELEMENT.replace('lang="en"', 'lang="de"'),
        ),
        ["lang: the form came in en, the page asks for de. add it to locales in SITE.toml, or"],
    ),
    "a height that the form does not fit into": (
        Page(styles="preference-widget { display: block; height: 2rem }"),
        ["height (phone): 0 px are reserved and the form takes "],
    ),
    "a mode and a view that there are not": (
        Page(
            head=SCRIPT, body=ELEMENT.replace(" lang=", ' mode="modal" view="questionnaire" lang=')
        ),
        [
            "mode: there is none that is called “modal”. write inline, dialog or prompt.",
            "view: there is none that is called “questionnaire”. write preferences or questions.",
        ],
    ),
    "a preload beside a dialog": (
        Page(styles="", body=ELEMENT.replace(' lang="en"', ' lang="en" mode="dialog"')),
        ["preload: it fetches the form of a dialog, which is fetched when somebody opens it."],
    ),
    "two elements alike": (
        Page(body=ELEMENT * 2),
        ["element: two elements show the same form alike. keep one of them."],
    ),
    "room for a dialog, which needs none": (
        Page(
            head=SCRIPT,
            body=ELEMENT.replace(' lang="en"', ' lang="en" mode="dialog"'),
            styles="preference-widget { min-block-size: 40rem }",
        ),
        ["height (phone): 640 px are reserved for a dialog, which needs none. write prefer"],
    ),
    "an element without src": (
        Page(head=SCRIPT, body=ELEMENT.replace(' src="{origin}/s/dimora"', "")),
        ["src: an element has no address there, so that only its link shows. write src, or let"],
    ),
    "an element whose src leads to the page's own server": (
        Page(
            head=SCRIPT,
            body=ELEMENT.replace('{origin}/s/dimora"', 'shop"', 1),
            policy="default-src * 'unsafe-inline'",
        ),
        ["src: {shop} answers with 404: there is no such site, or the link is over. correct src"],
    ),
    "something else in place of the form": (
        Page(form=Answer("<!doctype html><p>Welcome")),
        ["src: what {origin} answers is no form of ours. begin src with the address of the pr"],
    ),
    "a link that leads nowhere": (
        Page(body=ELEMENT.replace("{origin}/s/dimora?", "https://[/s/dimora?")),
        ["link: https://[/s/dimora?lang=en is no address of a page. write that of the hosted"],
    ),
    "a page that may run no script": (
        Page(headers={"Content-Security-Policy": "sandbox"}),
        ["script: it comes, and the browser does not run it. where the page has sandbox, add"],
    ),
    "a dialog on a page that is not listed": (
        Page(head=SCRIPT, styles="", body=in_mode("dialog"), form=REFUSED),
        ["origins: {origin} lets no page of {shop} read the form, so that only the link shows. a"],
    ),
    "a dialog whose form the policy forbids": (
        Page(
            head=SCRIPT,
            styles="",
            body=in_mode("dialog"),
            policy="connect-src 'self'; script-src {0}",
        ),
        ["connect-src: the page’s Content Security Policy forbids {origin}. add {origin} to co"],
    ),
    "a dialog without a link": (
        Page(head=SCRIPT, styles="", body=in_mode("dialog").replace(LINK, "")),
        ["link: there is none inside the element, so that nothing shows without script."],
    ),
    "a page without an origin of its own": (
        Page(headers={"Content-Security-Policy": "sandbox allow-scripts"}, form=REFUSED),
        ["sandbox: the page has no origin of its own, so that {origin} lets it read nothing. add"],
    ),
    "an address that is none": (
        Page(head=SCRIPT, body=ELEMENT.replace("{origin}/s/dimora", "javascript:alert(1)", 1)),
        ["src: “javascript:alert(1)” is no address of a page. write src, or let your script"],
    ),
    "a picture of ours that the policy forbids, and a form that is not there": (
        Page(
            head=SCRIPT,
            body='<img src="{origin}/s/dimora/logo" alt="">' + ELEMENT,
            form=Answer("no", 404),
        ),
        [
            "img-src: the page’s Content Security Policy forbids {origin}. add img-src {orig",
            "src: {origin} answers with 404",
        ],
    ),
    "a form that the page hides": (
        Page(body=f"<div style='display: none'>{ELEMENT}</div>"),
        ["form: it is there, and the page does not show it. show what it stands in, or its"],
    ),
    "a link to nowhere": (
        Page(body=ELEMENT.replace("{origin}/s/dimora?lang=en", "#")),
        ["link: the link inside leads to this page itself. write the address of the hosted"],
    ),
    "a link without words": (
        Page(body=ELEMENT.replace("Choose how to hear from us", "")),
        ["link: the link inside says nothing. write words into it, as `preference-widget snip"],
    ),
    "far too much room": (
        Page(styles="preference-widget { display: block; min-block-size: 200rem }"),
        ["height (phone): 3200 px are reserved and the form takes "],
    ),
    "a preload beside a prompt": (
        Page(styles="", body=in_mode("prompt")),
        ["preload: it fetches the form of a prompt, which is not fetched while it stays closed."],
    ),
    "a hash of the script that changes": (
        Page(head=SCRIPT.replace("src=", f'crossorigin integrity="{THIS_HASH}" src=')),
        ["script: v1.js changes, and will then not have this hash. name a version that never"],
    ),
    "two versions of the script": (
        Page(
            head=SCRIPT + SCRIPT.replace("v1.js", "v1.0.0.js"),
        ),
        ["script: two versions are loaded, and the first that comes is used. keep one of them."],
    ),
    "an address that is not encrypted": (
        Page(
            head=SCRIPT,
            body=ELEMENT.replace("{origin}/s", "http://prefs.invalid/s"),
            policy="default-src * 'unsafe-inline'",
        ),
        [
            "http: http://prefs.invalid is not encrypted: anybody on the way reads what is typed.",
            "src: http://prefs.invalid does not answer: net::ERR_",
        ],
    ),
}
