"""Every kind of address that the pages have."""

from __future__ import annotations

from collections.abc import Iterator

from tests.support.worlds import OFF, SAID, World
from widget_backend.embed.snippets import VIEWS
from widget_backend.links import PATHS, Link, Purpose
from widget_backend.pages.snippet import views as owner

QUERIES = (
    "",
    "?lang=ar",
    "?saved=1",
    "?saved=0",
    "?saved=999",
    "?new=1&saved=1",
    "?view=questions",
    "?view=questions&stage=changes&saved=1",
    "?do=off&revision=1&offered=offers",
    "?List-Unsubscribe=One-Click",
)
MORE: tuple[tuple[Purpose, str], ...] = (
    ("preferences", "/renew"),
    ("questions", "/renew"),
    ("preferences", "/why"),
    ("questions", "/why"),
    ("unsubscribe", "/why"),
    ("preferences", "/data"),
    ("unsubscribe", "/data"),
    ("data", "/download"),
    ("data", "/receipt/1"),
)
"""Further pages behind a link of a purpose."""
ELSEWHERE = (
    "/",
    "/nothing",
    "/p/",
    "/p/forged",
    "/e/forged/fragment",
    "/s/kutia",
    "/s/kutia/fragment",
    "/s/kutia/privacy",
    "/s/kutia/evidence-key",
    "/s/kutia/link",
    "/s/kutia/link?sent=1",
    "/s/kutia/theme.css",
    "/s/kutia/logo",
    "/s/kutia/snippet",
    "/s/kutia/snippet?lang=ar&language=sq&view=questions&mode=prompt&version=pinned",
    *[f"/s/kutia/preview/{view}" for view in VIEWS],
    *[f"/s/kutia/preview/{view}/fragment?lang=sq" for view in VIEWS],
    "/s/nobody",
    "/s/nobody/snippet",
    "/s/nobody/preview/sign-up/fragment",
    "/s/nobody/logo",
    "/widget/v1.js",
    "/widget/v1.0.0.js",
    "/widget/v9.9.9.js",
    "/widget/form.css",
    "/widget/page.css",
    "/widget/snippet.css",
    "/widget/snippet.js",
    "/favicon.ico",
    "/robots.txt",
    "/.well-known/gpc.json",
    "/.well-known/security.txt",
)
OF_OPERATORS = ("/healthz", "/readyz", "/readyz?exclude=letters", "/metrics")
"""What programs ask that watch the server."""
OF_OWNERS = {
    "/s/kutia/snippet": owner.POLICY,
    **{f"/s/kutia/preview/{view}": owner.PREVIEW_POLICY for view in VIEWS},
}
"""Pages about nobody: the only ones that run a script of ours."""


def addresses(world: World) -> Iterator[str]:
    """Every kind of address there is: each purpose for each kind of person, right and wrong."""
    people = [
        world.person(SAID),
        world.person({"overall": OFF, "language": "sq"}, email="b@example.com"),
        world.person({"topic:offers": SAID["topic:offers"]}, email="c@example.com", pending=True),
    ]
    for purpose in PATHS:
        for other in PATHS.values():
            yield f"/{other}/{world.token(purpose, people[0])}"
            yield f"/{other}/{world.token(purpose, people[0])}/fragment"
    for person in people:
        for purpose, more in MORE:
            yield from (f"{world.link(purpose, person)}{more}{query}" for query in QUERIES)
        for purpose, door in PATHS.items():
            token = world.token(purpose, person)
            end = "/fragment" if purpose == "embed" else ""
            yield from (f"/{door}/{token}{end}{query}" for query in QUERIES)
    for purpose, door in PATHS.items():
        nobody = world.signer.mint(purpose, Link("kutia", "0" * 32), world.clock())
        no_site = world.signer.mint(purpose, Link("gone", "0" * 32), world.clock())
        yield from (f"/{door}/{token}" for token in (nobody, no_site))
    yield from (*ELSEWHERE, *OF_OPERATORS)
