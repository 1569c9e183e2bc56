"""What those who run the server ask it: whether it is alive, whether it can work, what it did."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, jsonify, request

from widget_backend.context import Context
from widget_backend.pages.assets import assets
from widget_backend.store.readiness import Check, readiness
from widget_backend.web.headers import PERSONAL, finish_page
from widget_backend.web.metrics import IN_APP, Metrics
from widget_backend.web.request_context import current_context

operating = Blueprint("operating", __name__)
operating.after_request(finish_page)

TEXT_FORMAT = "text/plain; version=0.0.4; charset=utf-8"
"""Of Prometheus (https://prometheus.io/docs/instrumenting/exposition_formats/)."""
RETRY_AFTER = 60
"""Seconds after which to look again whether the server can work."""


@assets.get("/healthz")
def health() -> Response:
    """That the process answers. Needs no database, and no thread that waits for one."""
    return Response("ok\n", mimetype="text/plain", headers=PERSONAL)


@operating.get("/readyz")
def readiness_of_server() -> Response:
    """Whether it can work, and each check by its name: `?exclude=letters` leaves one out."""
    left_out = {*request.args.getlist("exclude")}
    checks = [each for each in _checks(current_context()) if each.name not in left_out]
    is_ready = not any(each.problem for each in checks)
    answer = jsonify(ready=is_ready, checks={each.name: each.problem or "ok" for each in checks})
    answer.headers.extend(PERSONAL)
    if not is_ready:
        answer.status_code, answer.headers["Retry-After"] = 503, str(RETRY_AFTER)
    return answer


def _checks(context: Context) -> list[Check]:
    folders = [context.checkpoints.path.parent] if context.checkpoints else []
    return [*readiness(context.database, context.now, folders, context.sends_mail)]


@operating.get("/metrics")
def metrics() -> Response:
    """What was counted, for who has the key; the page of an unknown address where there is none."""
    counted: Metrics | None = current_app.extensions.get(IN_APP)
    if counted is None:
        abort(404)
    if not counted.may_be_read_with(request.headers.get("Authorization", "")):
        asked = {**PERSONAL, "WWW-Authenticate": "Bearer"}
        return Response("the key is missing or wrong\n", 401, asked, mimetype="text/plain")
    return Response(counted.text(), content_type=TEXT_FORMAT, headers=PERSONAL)
