"""Watching over both origins: which policies pages broke, which scripts failed, which cookies went.

Works in every engine alike, because browsers report to the server that sent the policy. All that
is added to what people get is the address to report to and, in the shop, a script that notes what
fails before anything else could.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from threading import Condition
from typing import Any

from flask import Response

from e2e.support.tab import Tab, provoke

REPORTS = "/policy-reports"
COLLECTOR = "/collector.js"
COLLECT = b"""
const noted = (what) => { document.documentElement.dataset.failed =
  (document.documentElement.dataset.failed ?? '') + what + '; '; };
addEventListener('error', (event) => noted(event.message ?? 'cannot load ' + event.target.src));
addEventListener('unhandledrejection', (event) => noted(event.reason));
"""
START = Callable[..., Any]


class Watch:
    """What browsers did and said. `cookies`, `missing` and `posts` are for tests to read."""

    def __init__(self) -> None:
        self.cookies: list[str] = []
        self.missing: list[str] = []
        self.posts: list[str] = []
        self._reports: list[dict[str, str]] = []
        self._changed = Condition()

    def around(self, app: Any) -> Any:
        """The app with its policies reported to us."""

        def watched(environ: dict[str, Any], start: START) -> Iterable[bytes]:
            path = environ["PATH_INFO"]
            if path == REPORTS:
                return self._take_report(environ, start)
            if path == COLLECTOR:
                start("200 OK", [("Content-Type", "text/javascript")])
                return [COLLECT]
            if environ["REQUEST_METHOD"] == "POST":
                self.posts.append(path)
            if "HTTP_COOKIE" in environ:
                self.cookies.append(f"{path} was sent {environ['HTTP_COOKIE']}")
            answer: Iterable[bytes] = app(environ, self._noting(environ, start))
            return answer

        return watched

    def _noting(self, environ: dict[str, Any], start: START) -> START:
        path = environ["PATH_INFO"]
        part_of_a_page = environ.get("HTTP_SEC_FETCH_DEST") in {"style", "script", "image"}

        def noting(status: str, headers: list[tuple[str, str]], *rest: Any) -> Any:
            said = dict(headers)
            if "Set-Cookie" in said:
                self.cookies.append(f"{path} set {said['Set-Cookie']}")
            if part_of_a_page and status[0] in "45" and path != "/favicon.ico":
                self.missing.append(f"{path} {status}")
            return start(status, [_reporting(*each) for each in headers], *rest)

        return noting

    def listen_for_script_errors(self, response: Response) -> Response:
        """For a Flask app whose pages run scripts."""
        if response.mimetype == "text/html":
            script = f'<head><script src="{COLLECTOR}"></script>'
            response.set_data(response.get_data(as_text=True).replace("<head>", script, 1))
        return response

    def forget(self) -> None:
        """What a test did on purpose is no news for the next."""
        self.cookies.clear()
        self.missing.clear()
        with self._changed:
            self._reports.clear()

    def check(self, tab: Tab) -> None:
        """In this tab no policy was broken and no script failed."""
        assert tab.script_errors() == []
        assert self.reports_until(provoke(tab)) == []

    # ── broken policies ──

    def _take_report(self, environ: dict[str, Any], start: START) -> Iterable[bytes]:
        said = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with self._changed:
            self._reports.append(json.loads(said)["csp-report"])
            self._changed.notify_all()
        start("204 No Content", [])
        return []

    def reports_until(self, blocked: str) -> list[str]:
        """What was reported before the violation that a test caused on purpose, as the last."""

        def came() -> bool:
            return any(blocked in report["blocked-uri"] for report in self._reports)

        with self._changed:
            assert self._changed.wait_for(came, 20), f"no report that {blocked} was blocked"
            reports, self._reports = self._reports, []
        return [
            f"{report['document-uri']}: {report['effective-directive']} {report['blocked-uri']}"
            for report in reports
            if blocked not in report["blocked-uri"]
        ]


def _reporting(name: str, value: str) -> tuple[str, str]:
    if name.lower() == "content-security-policy":
        return name, f"{value}; report-uri {REPORTS}"
    return name, value
