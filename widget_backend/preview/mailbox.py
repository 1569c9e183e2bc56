"""The mailbox: read in a browser the letters that would have been sent, as soon as they wait."""

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


@dataclass(frozen=True)
class Letters:
    """The letters of a folder, and those that are `waiting` to come into it, which takes the worker
    up to a second: nobody who has just signed up should find nothing."""

    folder: Path
    waiting: Callable[[], Sequence[str]] = lambda: ()

    def newest_first(self) -> list[SentMessage]:
        # In this order: what comes into the folder meanwhile is there twice rather than nowhere.
        waiting = [each.encode() for each in self.waiting()]
        sent = [(int(each.stem), each.read_bytes()) for each in sorted(self.folder.glob("*.eml"))]
        known = {content for _, content in sent}
        new = [each for each in waiting if each not in known]
        numbered = [*sent, *enumerate(new, len(sent) + 1)]
        return [read_message(number, content) for number, content in reversed(numbered)]

    def numbered(self, number: int) -> SentMessage | None:
        return next((each for each in self.newest_first() if each.number == number), None)


def read_message(number: int, content: bytes) -> SentMessage:
    message: EmailMessage = message_from_bytes(content, policy=SMTPUTF8)
    text, html = (
        part.get_content() if (part := message.get_body((kind,))) else ""
        for kind in ("plain", "html")
    )
    return SentMessage(
        number,
        message["Subject"],
        message["From"],
        message["To"],
        message["Date"].datetime,
        language(message["Content-Language"] or "en"),
        text,
        html,
    )


def mailbox(letters: Letters, tags: Callable[[], Sequence[str]]) -> Blueprint:
    """Pages that list the letters, newest first, and show each.

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
        return _page("mailbox.html", tags(), messages=letters.newest_first())

    @box.get("/<int:number>")
    def message(number: int) -> str:
        return _page("letter.html", tags(), letter=_letter(letters, number))

    @box.get("/<int:number>/html")
    def html(number: int) -> Response:
        """For the frame on the page of the letter, and nowhere else."""
        # Links in a frame would open in it, where our pages do not show themselves.
        page = _letter(letters, number).html.replace("<head>", '<head><base target="_blank">', 1)
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


def _letter(letters: Letters, number: int) -> SentMessage:
    return letters.numbered(number) or abort(404)
