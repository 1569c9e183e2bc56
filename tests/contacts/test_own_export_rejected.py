"""Whatever is wrong with a row of an export of ours, the no in it counts, and nothing more."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, LESS, NEWS, OFF, PAUSED, Bring, Run, arta, come_in, say
from widget_backend.contacts.decisions import HEARD, REJECTED_BECAUSE
from widget_backend.contacts.own_export import NOT_CONFIRMED
from widget_backend.store.models import Profile

YES = "2026-01-02T10:00:00Z"
WISH = {"wanted": True, "at": 1767348000}
BY_POST = {**NEWS, "channel": "post"}
PROVED = f"email weekly,{YES}"
REJECTED = {
    "a wish, in a row with a cell that cannot be read": (
        f"Albanian?,subscribed,{PROVED},,yes,{YES}",
        "holds no language in “language”",
        {"do_not_track": WISH},
    ),
    "a wish beside a topic that nobody can prove": (
        f"sq,subscribed,email weekly,,,yes,{YES}",
        REJECTED_BECAUSE["without consent"],
        {"do_not_track": WISH},
    ),
    "leaving everything": (
        f"Albanian?,unsubscribed,{PROVED},,,",
        "holds no language in “language”",
        {"overall": OFF},
    ),
    "another topic": (
        "sq,subscribed,email weekly,,off,,",
        REJECTED_BECAUSE["without consent"],
        {"topic:news": {**BY_POST, "on": False}},
    ),
    "a pause, in a row with a cell that cannot be read": (
        "sq,paused,perhaps,,,,,2999-01-01",
        "holds no choice in “offers”",
        {"overall": PAUSED},
    ),
    "less of everything, in a row with a cell that cannot be read": (
        "sq,less,perhaps,,,,,",
        "holds no choice in “offers”",
        {"overall": LESS},
    ),
    "less of everything, beside a topic that nobody can prove": (
        "sq,less,email weekly,,,,,",
        REJECTED_BECAUSE["without consent"],
        {"overall": LESS},
    ),
    "another topic, in a row with a cell that cannot be read": (
        f"sq,subscribed,perhaps,{YES},off,,",
        "holds no choice in “offers”",
        {"topic:news": {**BY_POST, "on": False}},
    ),
}


@pytest.mark.parametrize("is_known", [True, False], ids=["known here", "a stranger"])
@pytest.mark.parametrize("case", REJECTED)
def test_what_a_rejected_row_says_no_to_counts(
    case: str,
    is_known: bool,
    run: Run,
    site_file: Path,
    bring_alone: Bring,
    reason: Callable[[], str],
    database: Database,
) -> None:
    cells, refused, noes = REJECTED[case]
    why, _, cure = refused.partition("; ")
    before: dict[str, Any] = {}
    if is_known:
        come_in(database)
        before = {"topic:news": BY_POST}
        say(database, before, at=1_700_000_000)
    header = "email,language,status,offers,offers:at,news,do_not_track,do_not_track_at"
    pause = "" if cells.count(",") == 7 else ","
    text = f"{header},paused_until,roles\n{ARTA},{cells}{pause},club\n"
    dry = bring_alone(text, "--dry-run")
    assert "; ".join(filter(None, [f"line 2: {why} {HEARD}", cure])) in dry
    counts = "0 new, 0 changed, 0 unchanged, 1 rejected"
    assert (counts in dry, counts in bring_alone(text)) == (True, True)
    assert reason() == f"{why} {HEARD}"
    person = arta(database).profile
    assert (person.state, person.roles) == ({**before, **noes}, ())
    run("import", site_file, "--undo", "1", "--by", "Mira")
    if is_known:
        assert arta(database).profile.state == before
    else:
        assert Profile.select().count(database) == 0


MORE = {
    "a pause that is over": ("paused,2020-01-01", {}),
    "a shorter pause": ("paused,2998-01-01", {"overall": PAUSED}),
    "less, where they paused": ("less,", {"overall": PAUSED}),
    "less, where they left": ("less,", {"overall": OFF}),
    "a pause, where they left": ("paused,2999-01-01", {"overall": OFF}),
    "everything as chosen": ("subscribed,", {"overall": LESS}),
}


@pytest.mark.parametrize("case", MORE)
def test_a_rejected_row_never_brings_more(
    case: str, bring_alone: Bring, database: Database
) -> None:
    """However late it was said there."""
    cells, before = MORE[case]
    come_in(database)
    say(database, {"topic:news": BY_POST, **before}, at=1_700_000_000)
    header = "email,language,status,paused_until,overall_at"
    assert "0 changed" in bring_alone(f"{header}\n{ARTA},Albanian?,{cells},{YES}\n")
    assert arta(database).profile.state == {"topic:news": BY_POST, **before}


UNCONFIRMED = {
    "leaving": ("unsubscribed,,", {"overall": OFF}),
    "less": ("less,,", {"overall": LESS}),
    "a topic": ("subscribed,,off", {"topic:news": {**BY_POST, "on": False}}),
    "no no": ("subscribed,,email weekly", {}),
}


@pytest.mark.parametrize("case", UNCONFIRMED)
def test_a_no_without_a_confirmed_address_counts_for_who_is_known_here(
    case: str,
    bring_alone: Bring,
    reason: Callable[[], str],
    database: Database,
) -> None:
    cells, noes = UNCONFIRMED[case]
    header = "email,email_confirmed,language,status,paused_until,news"
    text = f"{header}\n{ARTA},no,,{cells}\n"
    for options in (["--dry-run"], []):
        assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring_alone(text, *options)
    assert reason() == NOT_CONFIRMED
    assert Profile.select().count(database) == 0, "nobody has shown that it is theirs"
    come_in(database)
    say(database, {"topic:news": BY_POST}, at=1_700_000_000)
    assert "1 rejected" in bring_alone(text)
    assert reason() == (f"{NOT_CONFIRMED} {HEARD}" if noes else NOT_CONFIRMED)
    assert arta(database).profile.state == {"topic:news": BY_POST, **noes}


def test_a_wish_that_was_taken_back_there_does_not_count_in_a_rejected_row(
    bring_alone: Bring, database: Database
) -> None:
    header = "email,language,status,paused_until,do_not_track,do_not_track_at"
    assert "1 rejected" in bring_alone(f"{header}\n{ARTA},Albanian?,subscribed,,no,{YES}\n")
    assert Profile.select().count(database) == 0
