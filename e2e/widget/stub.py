"""A stand-in for the backend and, on another origin, for a shop that pasted the snippet.

Tests say what each address answers and read afterwards what was asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qsl

from e2e.support.line import Gate
from widget_backend.embed.script import widget_script

COLLECTOR = """
const seen = [];
const note = (what) => document.documentElement.dataset.seen = (seen.push(what), seen.join('; '));
for (const name of ['load', 'saved', 'error']) {
  addEventListener('preference-widget:' + name, (event) => note(name + ' ' + event.detail.status));
}
addEventListener('securitypolicyviolation', (event) => {
  if (event.blockedURI.endsWith('/favicon.ico')) return; // Firefox looks for one of its own accord
  note('violates ' + event.violatedDirective);
});
addEventListener('error', (event) => note('fails: ' + event.message));
addEventListener('unhandledrejection', (event) => note('rejects: ' + event.reason));
"""
"""Runs in the shop's page: writes what happens there onto <html data-seen="…">."""


ALWAYS = {"Cache-Control": "no-store", "Access-Control-Allow-Origin": "*"}


@dataclass
class Answer:
    """What an address says. Status 0 hangs up."""

    body: str = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    kind: str = "text/html; charset=utf-8"
    encoding: str = "utf-8"
    gate: Gate | None = None


@dataclass(frozen=True)
class Asked:
    """One request as it came in."""

    line: str
    headers: dict[str, str]
    form: list[tuple[str, str]]


class Stub:
    """Answers by `METHOD /path?query`, or by `METHOD /path`, whatever the query."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.origin = ""
        self.shop = ""

    def find(self, line: str) -> Answer:
        missing = Answer("<!doctype html><p>Not found", 404)
        return self.answers.get(line) or self.answers.get(line.partition("?")[0]) or missing

    def lines(self, path: str) -> list[str]:
        """What was asked of addresses that begin like this, as `METHOD /path?query`."""
        return [each.line for each in self.asked if path in each.line]

    def posted(self) -> list[list[tuple[str, str]]]:
        return [each.form for each in self.asked if each.line.startswith("POST")]


CLOSE = '<button type="button" class="close" value="2099-01-01">Close</button>'
RETRY = '<p class="retry" role="alert" hidden>Try again.</p>'


def fragment(content: str, marks: str = "", language: str = 'lang="en" dir="ltr"') -> str:
    """A document as the backend sends it: one root, and its marks."""
    root = f'<div class="preference-widget" {language} {marks}>{CLOSE}'
    return f"<!doctype html><title>Dimora</title>{root}{content}{RETRY}</div>"


class _Handler(BaseHTTPRequestHandler):
    stub: Stub
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        form = parse_qsl(self.rfile.read(length).decode(), keep_blank_values=True)
        line = f"{self.command} {self.path}"
        self.stub.asked.append(Asked(line, dict(self.headers), form))
        self.reply(self.stub.find(line))

    do_POST = do_OPTIONS = do_GET  # noqa: N815 - the names that http.server looks for

    def reply(self, answer: Answer) -> None:
        if answer.gate:
            answer.gate.pass_through()
        if not answer.status:
            self.close_connection = True
            return
        body = answer.body.encode(answer.encoding)
        self.send_response(answer.status)
        for name, value in (ALWAYS | {"Content-Type": answer.kind} | answer.headers).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


@contextmanager
def _server(stub: Stub) -> Iterator[str]:
    with ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), {"stub": stub})
    ) as server:
        server.daemon_threads = True
        server.handle_error = lambda *_: None  # type: ignore[method-assign]  # a browser hung up
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@contextmanager
def running() -> Iterator[Stub]:
    """Both origins; the backend's brings the script and the collector."""
    stub = Stub()
    with _server(stub) as stub.origin, _server(stub) as stub.shop:
        script = "text/javascript"
        stub.answers["GET /widget/v1.js"] = Answer(widget_script().decode(), kind=script)
        stub.answers["GET /collect.js"] = Answer(COLLECTOR, kind=script)
        yield stub


STRICT = (
    "default-src 'none'; script-src {0}; connect-src {0}; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)


FRAGMENT = "/s/dimora/fragment"
OPEN = "default-src * 'unsafe-inline' 'unsafe-eval' data:"
"""A page without protection of its own: whatever could run, would."""


def shop_page(stub: Stub, body: str = "", *, head: str = "", policy: str = STRICT) -> str:
    """Puts a page with the script, and the snippet unless `body` says otherwise; its address."""
    html = f"""<!doctype html><html lang="en"><meta charset="utf-8"><title>Shop</title>
      <script src="{stub.origin}/collect.js"></script>
      {head}
      <script type="module" src="{stub.origin}/widget/v1.js"></script>
      {body or snippet(stub)}"""
    headers = {"Content-Security-Policy": policy.format(stub.origin)}
    stub.answers["GET /"] = Answer(html, headers=headers)
    return f"{stub.shop}/"


def snippet(stub: Stub, attributes: str = 'lang="sq"') -> str:
    return f"""<preference-widget src="{stub.origin}/s/dimora" {attributes}>
      <a href="{stub.origin}/s/dimora">Choose how to hear from us</a></preference-widget>"""


FORM = """<h2>Preferences</h2>
  <form method="post" action="/s/dimora/fragment?lang=sq" novalidate>
    <input type="hidden" name="revision" value="1">
    <input type="checkbox" id="news" name="topic" value="news"><label for="news">News</label>
    <label for="town">Town</label><input id="town" name="town">
    <button name="do" value="save">Save</button><button name="do" value="off">Leave</button>
  </form>"""
"""A small form, as the backend would send it."""


def with_form(stub: Stub, *, then: Answer | None = None, marks: str = "") -> None:
    """The snippet's address brings the form, and sending that is answered with `then`."""
    stub.answers[f"GET {FRAGMENT}"] = Answer(fragment(FORM, marks))
    if then:
        stub.answers[f"POST {FRAGMENT}"] = then


def see_other(stub: Stub, content: str, marks: str = "data-saved") -> Answer:
    """What a save is answered with: 303 to an address that shows `content`."""
    stub.answers[f"GET {FRAGMENT}?saved=1"] = Answer(fragment(content, marks))
    return Answer(status=303, headers={"Location": f"{FRAGMENT}?saved=1"})
