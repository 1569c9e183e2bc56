"""The mailbox: every letter, the newest first, and nothing in it may run."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from peewee import Database

from widget_backend.jobs.work import email
from widget_backend.mail.transports import FileTransport
from widget_backend.preview.run import Preview

LETTER = """\
Subject: Hello {n} <b>
From: Shop <hello@shop.example>
To: visitor{n}@example.com
Date: Mon, 01 Mar 2027 12:0{n}:00 +0000
Content-Language: ar
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Open http://127.0.0.1:9000/c/token{n} <script>

--b
Content-Type: text/html; charset=utf-8

<html><head></head><body><a href="http://127.0.0.1:9000/c/token{n}">Open</a></body></html>

--b--
"""


@pytest.fixture
def two_letters(preview: Preview) -> None:
    preview.mail.mkdir()
    for number in (1, 2):
        (preview.mail / f"{number:06}.eml").write_text(LETTER.format(n=number))


@pytest.mark.usefixtures("two_letters")
def test_letters_are_listed_the_newest_first_and_as_text(website: FlaskClient) -> None:
    page = website.get("/mail/").text
    assert page.index("visitor2@example.com") < page.index("visitor1@example.com")
    assert "Hello 2 &lt;b&gt;" in page
    assert "&lt;script&gt;" in page
    assert '<a href="http://127.0.0.1:9000/c/token1" rel="noopener" target="_blank">' in page
    assert '<pre dir="rtl" lang="ar">' in page


@pytest.mark.usefixtures("two_letters")
def test_a_letter_stands_in_a_frame_in_which_nothing_runs_and_links_open(
    website: FlaskClient,
) -> None:
    page = website.get("/mail/1").text
    assert 'src="/mail/1/html"' in page
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in page
    letter = website.get("/mail/1/html")
    assert '<base target="_blank">' in letter.text
    policy = letter.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert policy.endswith("sandbox allow-popups allow-popups-to-escape-sandbox")
    assert website.get("/mail/3").status_code == 404


@pytest.mark.usefixtures("two_letters")
def test_a_letter_is_shown_as_it_is_while_the_site_has_a_mistake(
    website: FlaskClient, site_file: Path
) -> None:
    site_file.write_text("id =")
    assert "preview-problem" in website.get("/mail/1").text
    letter = website.get("/mail/1/html")
    assert "preview-problem" not in letter.text
    assert "sha256" not in letter.headers["Content-Security-Policy"]


@pytest.mark.parametrize("tag", ["en", "sq"])
def test_a_sign_up_leaves_its_letter_there(
    tag: str, preview: Preview, backend: FlaskClient, website: FlaskClient
) -> None:
    form = {"email": "visitor@example.com", "topics": "news", "form": "0" * 32}
    assert backend.post(f"/s/shop?lang={tag}", data=form).status_code == 303
    early = website.get("/mail/").text
    assert "visitor@example.com" in early, "the worker looks for letters only once a second"
    database: Database = preview.database
    with database.connection_context():
        email(FileTransport(preview.mail)).run(database, int(preview.clock().timestamp()), bool)
    page = website.get("/mail/").text
    assert page == early
    assert f'lang="{tag}">' in page
    assert "http://127.0.0.1:9000/c/" in page
