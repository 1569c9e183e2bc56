"""The origin of the host pages: it takes the shop's place in a world."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from flask import Flask, Response, render_template, request

from e2e.support.hosts.packages import as_module, file_of
from e2e.support.world import World
from widget_backend.i18n.languages import language

PAGES = Path(__file__).parent / "pages"
POLICY = {
    "default-src": "'none'",
    "style-src": "{shop}",
    "script-src": "{shop} {backend}",
    "connect-src": "{backend}",
    "img-src": "data:",
    "frame-src": "{shop}",
    "form-action": "'none'",
    "base-uri": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "'none'",
}
"""As strict as can be; a page that needs more says so in ALLOWS. In a sandbox 'self' is nobody."""
ALLOWS = {"base": {"base-uri": "*"}, "vue": {"trusted-types": "vue"}}
MODULES = {
    "react": ("react", "cjs/react.production.js"),
    "scheduler": ("scheduler", "cjs/scheduler.production.js"),
    "react-dom": ("react-dom", "cjs/react-dom.production.js"),
    "react-dom-client": ("react-dom", "cjs/react-dom-client.production.js"),
}


@dataclass(frozen=True)
class Embedded:
    """What the snippet of a host page names; `second` is for a page with two."""

    src: str
    tag: str
    fallback: str = "https://prefs.example/"
    second: str = ""
    page_tag: str = "en"


def host_app(world: World, embedded: Embedded) -> Flask:
    """Serves every page in `pages/` with this snippet in it."""
    app = Flask(__name__, template_folder=str(PAGES))

    @app.get("/hosts/<name>.html")
    def page(name: str) -> str:
        return render_template(
            f"{name}.html",
            **vars(embedded),
            backend=world.backend,
            language=language(embedded.page_tag),
            inherits=name == "shadow",
            sandbox=request.args.get("sandbox"),
        )

    @app.get("/hosts/<name>.js")
    def script(name: str) -> Response:
        return Response(_script(name), mimetype="text/javascript")

    @app.after_request
    def strict(response: Response) -> Response:
        allowed = ALLOWS.get(request.path.removeprefix("/hosts/").removesuffix(".html"), {})
        policy = "; ".join(f"{name} {value}" for name, value in {**POLICY, **allowed}.items())
        response.headers["Content-Security-Policy"] = policy.format(
            backend=world.backend, shop=world.shop
        )
        return response

    app.after_request(world.watch.listen_for_script_errors)
    return app


def _script(name: str) -> str:
    if name == "vue":
        return file_of("vue", "dist/vue.runtime.esm-browser.prod.js")
    if name in MODULES:
        return as_module(file_of(*MODULES[name]))
    return (PAGES / f"{name}.js").read_text(encoding="utf-8")
