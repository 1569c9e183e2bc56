"""A column that may say no, under a name that is not known, is never passed over."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, WHEN, Bring, Run, arta
from widget_backend.store.models import Profile

SAID = "card at the till, Tirana"


def row_with(name: str, cell: str) -> str:
    return f"Email Address,{name},OPTIN_TIME,CONFIRM_TIME\n{ARTA},{cell},{WHEN},{WHEN}\n"


@pytest.mark.parametrize("consent", [(), ("--consent", SAID)])
@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Email Status", "Unsubscribed"),
        ("Contact status", "Opted-out"),
        ("Stato", "unsubscribed"),
        ("Unsubscribed", "yes"),
        ("unsubscribed_at", "2024-03-01"),
        ("UNSUB_REASON", "not for me"),
        ("Opt-out", "true"),
        ("Opted out of email: News", "1"),
        ("E-mail blacklisted", "x"),
        ("Bounced", "Yes"),
        ("Subscribed", "no"),
        ("is_subscribed", "FALSE"),
        ("Consent", "n"),
        ("GDPR", "withdrawn"),
        ("Newsletter", "No"),
        ("DNC", "1"),
        ("Statusi", "çregjistruar"),
        ("Statusi", "diçka tjetër"),
        ("Abonuar", "Jo"),
        ("Çregjistruar më", "2024-03-01"),
        ("Shënime", "I çabonuar"),
        ("Shenime", "I cabonuar"),
        ("الحالة", "غير مشترك"),
        ("مشترك", "لا"),
        ("تاريخ إلغاء الاشتراك", "2024-03-01"),
        ("ملاحظات", "الغى الاشتراك"),
        ("Iscritto", "no"),
        ("Abgemeldet", "ja"),
        ("Désabonné", "oui"),
    ],
)
def test_what_may_be_a_no_refuses_the_file_before_anything_is_written(
    bring: Bring, database: Database, name: str, cell: str, consent: tuple[str, ...]
) -> None:
    told = bring(row_with(name, cell), *consent)
    assert f"line 2: “{cell}” in the column “{name}” may mean no" in told
    assert "rename the column" in told
    assert not Profile.select().count(database)


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("Email Status", "Subscribed"),
        ("Unsubscribed", "No"),
        ("unsubscribed_at", "-"),
        ("Bounced", "0"),
        ("Subscribed", "2024-03-01"),
        ("Consent", "yes"),
        ("Newsletter", "yes"),
        ("Marketing emails delivered", "0"),
        ("Abonuar", "Po"),
        ("Çregjistruar", "Jo"),
        ("مشترك", "نعم"),
        ("الحالة الاجتماعية", "متزوج"),
        ("Emri", "Jo"),
        ("Stato", "Italia"),
        ("SMS Marketing Consent", "no"),
        ("Accepts SMS Marketing", "no"),
        ("Order status", "pending"),
        ("Membership status", "gold"),
        ("Mailing State", "CA"),
        ("NOTES", "unsubscribed from the club in 2019 and came back"),
        ("TAGS", "unsubscribed"),
    ],
)
def test_what_does_not_say_no_keeps_nobody_out(
    bring: Bring, database: Database, name: str, cell: str
) -> None:
    assert "1 new, 0 changed, 0 unchanged, 0 rejected" in bring(row_with(name, cell))
    assert "topic:offers" in arta(database).profile.state


def test_a_known_status_that_is_a_no_needs_no_other(bring: Bring) -> None:
    text = "Email,Unsubscribed from all email,Unsubscribed at\n"
    assert "1 new, 0 changed" in bring(f"{text}{ARTA},yes,2024-03-01\n")


def test_what_links_wrote_is_read(site_file: Path, run: Run, bring: Bring, tmp_path: Path) -> None:
    bring(row_with("Name", "Arta"))
    out = tmp_path / "with-links.csv"
    run("links", site_file, tmp_path / "list.csv", "-o", out)
    assert "1 unchanged, 0 rejected" in bring(out.read_text(encoding="utf-8"))
