"""The embed bench: how long a phone far away waits for the same form, by the way of embedding."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.request import Request, urlopen

from playwright.sync_api import Browser

from tests.bench import hosts, ours, rivals
from tests.bench.browser import CONTROL, Loaded, chromium, load
from tests.bench.child import serving
from tests.bench.hosts import Host, hosting
from tests.bench.people import SITE
from tests.bench.report import Goal, Say, middle, spread, table
from widget_backend import links
from widget_backend.links import Link

TIME_RATIO = 1.08
TASK_RATIO = 1.2
MOST_BYTES = 9 * 1024
"""Of script and fragment together, with their headers."""
MOST_SCRIPT_BYTES = 5 * 1024
"""Of the script with its style sheet, packed, without headers."""
HEAD = (
    "embed",
    "ms",
    "±",
    "of static",
    "of one",
    "bytes",
    "requests",
    "script ms",
    "task ms",
    "shift",
)
KINDS = {
    "sign-up": ("en", "anonymous sign-up"),
    "known": ("ar", "known person's preferences, eight topics in Arabic"),
}
"""The forms that are embedded: their languages, and what they are."""
COMPARED = ("ours", "one request after the page")
"""The rows whose main threads a goal compares."""
OFTEN = 3
"""Loads at full speed of each of these in a round."""
PEERS = "peers: five of the same topics, with how often where they can ask it"


@dataclass
class Row:
    """One way to embed one form, and its loads. The first load only warms the browser."""

    name: str
    path: str
    words: Sequence[str]
    """What a reader must see before the row counts."""
    control: str = CONTROL
    loads: list[Loaded] = field(default_factory=list)
    at_full_speed: list[Loaded] = field(default_factory=list)

    def middle(self, figure: Callable[[Loaded], float]) -> float:
        return middle([figure(each) for each in self.counted])

    @property
    def counted(self) -> list[Loaded]:
        return self.loads[1:]

    @property
    def ms(self) -> float:
        return self.middle(lambda each: each.ms)

    @property
    def task_ms(self) -> float:
        return middle([each.task_ms for each in self.at_full_speed])

    @property
    def script_ms(self) -> float:
        return middle([each.script_ms for each in self.at_full_speed])

    @property
    def missing(self) -> set[str]:
        return {word for each in self.loads for word in each.missing}


Rows = dict[str, Row]


def bench(rounds: int, say: Say) -> list[Goal]:
    """Measure, print the tables, and return the goals with what was reached."""
    host = Host()
    with TemporaryDirectory() as name, hosting(host) as origin:
        peers = _peers(host, origin)
        (handle,) = ours.fill(Path(name), 1)
        with serving("ours", Path(name), origin=origin) as server, chromium() as browser:
            backend = server.url
            sources = {"sign-up": f"{backend}/s/{SITE.id}", "known": _embed_link(backend, handle)}
            kinds = {
                kind: _rows(host, browser, origin, backend, src, kind)
                for kind, src in sources.items()
            }
            rows = [row for each in (*kinds.values(), peers) for row in each.values()]
            _measure(rows, browser, origin, rounds, say)
            script = _packed_size(f"{backend}/widget/v1.js")
    for kind, (_, described) in KINDS.items():
        _print(described, kinds[kind], kinds[kind], say)
    _print(PEERS, peers, kinds["sign-up"], say)
    goals = [
        goal
        for kind, (_, described) in KINDS.items()
        for goal in _goals(kinds[kind], peers, described)
    ]
    return [*goals, *_common_goals(script, rows)]


def _peers(host: Host, origin: str) -> Rows:
    put_up = rivals.put_up(host, origin)
    return {
        each.name: Row(each.name, path, rivals.NAMES, each.control) for path, each in put_up.items()
    }


def _packed_size(script: str) -> int:
    """Bytes of the script's body as a browser gets it that accepts brotli."""
    with urlopen(Request(script, headers={"Accept-Encoding": "br"})) as answer:
        return len(answer.read())


def _embed_link(backend: str, handle: str) -> str:
    until = datetime.now(UTC) + timedelta(days=1)  # longer than any run
    token = ours.SIGNER.token("embed", Link(SITE.id, handle, "ar", until))
    return links.address(backend, "embed", token)


def _rows(host: Host, browser: Browser, origin: str, backend: str, src: str, kind: str) -> Rows:
    """Each row's page on the host. The form reserves the height that it turns out to have."""
    language, _ = KINDS[kind]
    form = _form(f"{src}/fragment?lang={language}", origin)
    fragment = host.put(f"/{kind}/fragment", form)
    script = host.put(f"/{kind}/script", hosts.INSERT.format(fragment=fragment), "text/javascript")
    trial = host.put(f"/{kind}/trial", hosts.snippet(backend, src, language, 0))
    room = math.ceil(load(browser, origin + trial, slow=False).height)
    pages = {
        "static HTML": hosts.static(form, room),
        "one request after the page": hosts.one_request(fragment, room),
        "two in parallel": hosts.two_requests(fragment, script, room),
        "ours": hosts.snippet(backend, src, language, room),
        "ours, nothing reserved": hosts.snippet(backend, src, language, 0),
    }
    words = [SITE.in_locale[language].topic(each.id).name for each in rivals.OFFERED]
    return {
        name: Row(name, host.put(f"/{kind}/{number}", page), words)
        for number, (name, page) in enumerate(pages.items())
    }


def _form(fragment: str, origin: str) -> str:
    """The markup of the form as our backend makes it, so that every row shows the same."""
    with urlopen(Request(fragment, headers={"Origin": origin})) as answer:
        page: str = answer.read().decode()
    found = re.search(r'<div class="preference-widget".*</div>', page, re.DOTALL)
    assert found, page
    return found[0]


def _measure(rows: list[Row], browser: Browser, origin: str, rounds: int, say: Say) -> None:
    for turn in range(rounds + 1):
        for row in rows:
            words = () if turn else row.words  # only the warm load has time to read
            url = origin + row.path
            row.loads.append(load(browser, url, control=row.control, words=words))
        # A few milliseconds of a thread are told apart only over many loads, one beside the other.
        compared = [row for row in rows if row.name in COMPARED] * OFTEN
        for row in compared + (rows if turn % 2 else []):
            url = origin + row.path
            row.at_full_speed.append(load(browser, url, slow=False, control=row.control))
        say(f"  round {turn} of {rounds}" if turn else "  warm", True)


def _print(described: str, rows: Rows, beside: Rows, say: Say) -> None:
    """A table of rows; `beside` has the two that the ratios are against."""
    static, one = beside["static HTML"].ms, beside["one request after the page"].ms
    lines = [
        (
            row.name,
            f"{row.ms:.0f}",
            spread([each.ms for each in row.counted]),
            f"{row.ms / static:.2f}",
            f"{row.ms / one:.2f}",
            f"{row.middle(lambda each: each.total):,.0f}",
            f"{row.middle(lambda each: each.requests):.0f}",
            f"{row.script_ms:.0f}",
            f"{row.task_ms:.0f}",
            f"{max(each.shift for each in row.counted):.3f}",
        )
        for row in rows.values()
    ]
    say(f"  {described}\n{table(HEAD, lines)}\n")


def _goals(rows: Rows, peers: Rows, described: str) -> list[Goal]:
    mine, one = (rows[name] for name in COMPARED)
    ratio = mine.ms / one.ms
    pairs = zip(mine.at_full_speed, one.at_full_speed, strict=True)
    tasks = middle([here.task_ms / there.task_ms for here, there in pairs])
    fastest = min(peers.values(), key=lambda row: row.ms)
    ahead = fastest.ms / mine.ms
    size = mine.middle(lambda each: each.embedded)
    shift = max(each.shift for each in mine.counted)
    control = max(each.shift for each in rows["ours, nothing reserved"].counted)
    goals = [
        ("time / one request", f"{ratio:.2f}", f"≤ {TIME_RATIO}", ratio <= TIME_RATIO),
        (f"{fastest.name}, the fastest peer / time", f"{ahead:.2f}", "> 1", ahead > 1),
        ("main thread / one request", f"{tasks:.2f}", f"≤ {TASK_RATIO}", tasks <= TASK_RATIO),
        ("bytes", f"{size:,.0f}", f"≤ {MOST_BYTES:,}", size <= MOST_BYTES),
        ("layout shift", f"{shift:.3f}", "0", shift == 0),
        ("shift seen where unreserved", f"{control:.3f}", "> 0", control > 0),
    ]
    return [
        Goal(f"{described}: {name}", reached, wanted, met) for name, reached, wanted, met in goals
    ]


def _common_goals(script: int, rows: Sequence[Row]) -> list[Goal]:
    lacking = [f"{row.name}: {', '.join(sorted(row.missing))}" for row in rows if row.missing]
    wanted = f"≤ {MOST_SCRIPT_BYTES:,}"
    return [
        Goal("script and styles, packed", f"{script:,}", wanted, script <= MOST_SCRIPT_BYTES),
        Goal("every row shows the topics", "; ".join(lacking) or "yes", "yes", not lacking),
    ]
