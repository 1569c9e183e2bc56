"""The demo's mailbox: read in a browser the messages that would have been sent."""

from __future__ import annotations

from dataclasses import dataclass
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTPUTF8
from pathlib import Path

from flask import Blueprint, Response, abort, render_template

POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-popups"
"""Emails have inline styles; nothing else in them may run or be fetched."""


@dataclass(frozen=True)
class SentMessage:
    """One message in the mailbox; `name` is its file’s."""

    name: str
    subject: str
    recipient: str
    text: str
    html: str


def read_message(file: Path) -> SentMessage:
    message: EmailMessage = message_from_bytes(file.read_bytes(), policy=SMTPUTF8)
    text, html = (
        part.get_content() if (part := message.get_body((kind,))) else ""
        for kind in ("plain", "html")
    )
    return SentMessage(file.stem, message["Subject"], message["To"], text, html)


def mailbox(folder: Path) -> Blueprint:
    """Pages that list the messages of a folder, newest first, and show each."""
    box = Blueprint("mailbox", __name__, url_prefix="/mail")

    @box.get("/")
    def messages() -> str:
        files = sorted(folder.glob("*.eml"), reverse=True)
        return render_template("mailbox.html", messages=[read_message(each) for each in files])

    @box.get("/<int:number>")
    def message(number: int) -> Response:
        file = folder / f"{number:06}.eml"
        if not file.exists():
            abort(404)
        page = Response(read_message(file).html, mimetype="text/html")
        page.headers["Content-Security-Policy"] = POLICY
        return page

    return box
