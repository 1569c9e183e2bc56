"""The mailbox: read in a browser the letters that would have been sent."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

from flask import Blueprint, Response, abort, render_template, request

from widget_backend.i18n.languages import Language, language, match

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; frame-src 'self'; form-action 'none'; "
    "base-uri 'none'"
)
LETTER_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
"""Letters have inline styles; nothing else in them may run or be fetched. Their links open in
tabs of their own, which may do what any page may."""


@dataclass(frozen=True)
class SentMessage:
    """One letter in the mailbox; `number` counts from the first that was ever sent."""

    number: int
    subject: str
    sender: str
    recipient: str
    at: datetime
    language: Language
    text: str
    html: str


def read_message(file: Path) -> SentMessage:
    message: EmailMessage = message_from_bytes(file.read_bytes(), policy=SMTPUTF8)
    text, html = (
        part.get_content() if (part := message.get_body((kind,))) else ""
        for kind in ("plain", "html")
    )
    return SentMessage(
        int(file.stem),
        message["Subject"],
        message["From"],
        message["To"],
        message["Date"].datetime,
        language(message["Content-Language"] or "en"),
        text,
        html,
    )


def mailbox(folder: Path, tags: Callable[[], Sequence[str]]) -> Blueprint:
    """Pages that list the letters of a folder, newest first, and show each.

    They are in that one of the `tags` which the address asks for, or else in the first.
    """
    box = Blueprint(
        "mailbox",
        __name__,
        url_prefix="/mail",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )

    @box.get("/")
    def messages() -> str:
        files = sorted(folder.glob("*.eml"), reverse=True)
        return _page("mailbox.html", tags(), messages=[read_message(each) for each in files])

    @box.get("/<int:number>")
    def message(number: int) -> str:
        return _page("letter.html", tags(), letter=_letter(folder, number))

    @box.get("/<int:number>/html")
    def html(number: int) -> Response:
        """For the frame on the page of the letter, and nowhere else."""
        # Links in a frame would open in it, where our pages do not show themselves.
        page = _letter(folder, number).html.replace("<head>", '<head><base target="_blank">', 1)
        return Response(
            page, mimetype="text/html", headers={"Content-Security-Policy": LETTER_POLICY}
        )

    @box.after_request
    def with_frames(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", POLICY)
        return response

    return box


def _page(template: str, tags: Sequence[str], **values: object) -> str:
    spoken = language(match(request.args.get("lang"), tags) or tags[0])
    words = spoken.translations
    return render_template(
        template, _=words.gettext, pgettext=words.pgettext, language=spoken, **values
    )


def _letter(folder: Path, number: int) -> SentMessage:
    file = folder / f"{number:06}.eml"
    if not file.exists():
        abort(404)
    return read_message(file)
