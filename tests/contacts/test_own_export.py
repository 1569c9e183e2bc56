"""Our own export comes back: here it changes nothing, and elsewhere everyone is as they were."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from peewee import Database

from tests.support.contacts import (
    ARTA,
    LESS,
    NEWS,
    OFF,
    OFFERS,
    PAUSED,
    Export,
    Run,
    arta,
    say,
    table_of,
)
from tests.support.exports import ask_questions
from tests.support.random_people import PEOPLE, RandomPerson, store_people
from widget_backend.contacts.decisions import HEARD, REJECTED_BECAUSE
from widget_backend.contacts.own_export import NOT_CONFIRMED
from widget_backend.rules.later_words import Times
from widget_backend.site.model import Site
from widget_backend.store.database import open_database, write_transaction
from widget_backend.store.ledger import records
from widget_backend.store.models import Identity, Preference, Profile, Role
from widget_backend.store.models_of_runs import RunEffect
from widget_backend.store.new_contacts import NewContact, create_contacts
from widget_backend.web.consents import consents_by_topic

SAID = ("--consent", "they told us")
FEW = settings(max_examples=20, deadline=None, suppress_health_check=[*HealthCheck])
MANY = settings(max_examples=400, deadline=None, suppress_health_check=[*HealthCheck])
CALLS = {"on": True, "channel": "phone", "frequency": "monthly"}
OF_RUNS = {"run", "runeffect", "sqlite_sequence"}


@pytest.fixture
def asking(site_file: Path) -> Path:
    """The shop with questions."""
    ask_questions(site_file)
    return site_file


@pytest.fixture
def elsewhere(migrated: Path, tmp_path: Path) -> Iterator[Database]:
    """The database of another server."""
    file = tmp_path / "elsewhere.db"
    shutil.copy(migrated, file)
    database = open_database(f"sqlite:///{file}")
    with database.connection_context():
        yield database


def url_of(database: Database) -> str:
    return f"sqlite:///{database.database}"


def rows(database: Database) -> dict[str, list[str]]:
    """Every row of every table but those of runs."""
    return {
        table: sorted(map(repr, database.execute_sql(f'SELECT * FROM "{table}"')))
        for table in database.get_tables()
        if table not in OF_RUNS
    }


def export_to(file: Path, run: Run, *arguments: Any, **environment: str) -> Path:
    result = run("export", *arguments, "-o", file, **environment)
    assert result.exit_code == 0, result.output
    return file


def report(run: Run, *arguments: Any, **environment: str) -> dict[str, Any]:
    result = run("import", *arguments, "--json", **environment)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def counts(told: dict[str, Any]) -> dict[str, int]:
    names = ("new", "changed", "unchanged", "held_back", "rejected")
    return {name: told[name] for name in names if told[name]}


# ── the same file changes nothing ───────────────────────────────────────────────────────────


def check_it_changes_nothing(
    run: Run, database: Database, asking: Path, tmp_path: Path, some: settings
) -> None:
    @some
    @given(PEOPLE)
    def check(people: list[RandomPerson]) -> None:
        Profile.delete().execute(database)
        store_people(database, people)
        for fields in ([], ["--fields", "all"], ["--fields", "email,offers,offers:at,post"]):
            file = export_to(tmp_path / "ours.csv", run, asking, *fields)
            before = rows(database)
            told = report(run, asking, file)
            assert counts(told) == {"unchanged": len(people)}
            assert rows(database) == before
            assert not RunEffect.select().where(RunEffect.before.is_null(False)).count(database)

    check()


def test_our_own_export_changes_nothing_here(
    run: Run, database: Database, asking: Path, tmp_path: Path
) -> None:
    check_it_changes_nothing(run, database, asking, tmp_path, FEW)


@pytest.mark.long
def test_nor_does_it_for_many_more_people(
    run: Run, database: Database, asking: Path, tmp_path: Path
) -> None:
    check_it_changes_nothing(run, database, asking, tmp_path, MANY)


# ── elsewhere everyone is as they were ──────────────────────────────────────────────────────


def check_a_move(
    run: Run, database: Database, elsewhere: Database, asking: Path, tmp_path: Path, some: settings
) -> None:
    @some
    @given(PEOPLE)
    def check(people: list[RandomPerson]) -> None:
        Profile.delete().execute(database)
        Profile.delete().execute(elsewhere)
        store_people(elsewhere, people)
        old = {"WIDGET_DATABASE_URL": url_of(elsewhere)}
        file = export_to(tmp_path / "old.csv", run, asking, "--fields", "all", **old)
        dry = report(run, asking, file, *SAID, "--dry-run")
        told = report(run, asking, file, *SAID)
        assert counts(dry) == counts(told) == {"new": len(people)}
        moved = export_to(tmp_path / "new.csv", run, asking, "--fields", "all")
        assert lasting(moved) == lasting(file)

    check()


def lasting(file: Path) -> list[dict[str, str]]:
    """What a move must keep: all but ids, doors and when we first knew them."""
    return [
        {
            name: cell
            for name, cell in row.items()
            if name not in {"person", "created_at"} and not name.endswith(":source")
        }
        for row in table_of(file.read_text(encoding="utf-8"))
    ]


def test_elsewhere_everyone_is_as_they_were(
    run: Run, database: Database, elsewhere: Database, asking: Path, tmp_path: Path
) -> None:
    check_a_move(run, database, elsewhere, asking, tmp_path, FEW)


@pytest.mark.long
def test_and_so_are_many_more_people(
    run: Run, database: Database, elsewhere: Database, asking: Path, tmp_path: Path
) -> None:
    check_a_move(run, database, elsewhere, asking, tmp_path, MANY)


def test_a_no_from_before_a_move_still_stands_against_an_older_yes(
    run: Run,
    database: Database,
    elsewhere: Database,
    site_file: Path,
    tmp_path: Path,
    export_of: Export,
) -> None:
    with write_transaction(elsewhere):
        create_contacts(elsewhere, "shop", 1, [NewContact(ARTA)])
    say(elsewhere, {"topic:calls": {**CALLS, "on": False}}, at=1_704_100_000)
    say(elsewhere, {"overall": OFF}, at=1_704_200_000)
    back = {"reach": "as_chosen", "until": None}
    say(elsewhere, {"overall": back, "topic:news": NEWS}, at=1_704_300_000)
    file = tmp_path / "old.csv"
    export_to(file, run, site_file, "--fields", "all", WIDGET_DATABASE_URL=url_of(elsewhere))
    assert "1 new" in run("import", site_file, file).output
    agreed = {"Email Address": ARTA, "CONFIRM_TIME": "2024-01-01 09:00:00"}
    older = run("import", site_file, export_of("subscribed", agreed), "--topic", "offers")
    assert "1 held back by a no" in older.output
    assert arta(database).times == Times(
        {"calls": 1_704_100_000, "news": 1_704_300_000}, 1_704_300_000, 1_704_200_000, 1_704_300_000
    )


# ── what it says counts as what any file says ───────────────────────────────────────────────

HEADER = "email,language,status,paused_until,offers,offers:at,news,news:at"
YES = "2026-01-02T10:00:00Z"


@pytest.fixture
def bring_ours(run: Run, site_file: Path, tmp_path: Path) -> Callable[..., str]:
    """Import an export of this text; returns what is printed."""

    def bring(text: str, *options: str) -> str:
        file = tmp_path / "list.csv"
        file.write_text(text, encoding="utf-8")
        return run("import", site_file, file, *options).output

    return bring


def row(status: str = "subscribed", until: str = "", offers: str = "", at: str = "") -> str:
    return f"{HEADER}\n{ARTA},sq,{status},{until},{offers},{at},,\n"


def test_the_time_of_a_topic_is_that_of_the_consent(
    bring_ours: Callable[..., str], database: Database, site: Site
) -> None:
    rows = f"{HEADER}\n{ARTA},sq,less,,email weekly,{YES},off,2026-03-04T10:00:00Z\n"
    assert "1 new" in bring_ours(rows)
    person = arta(database)
    assert person.profile.state == {
        "language": "sq",
        "overall": {"reach": "less", "until": None},
        "topic:offers": OFFERS,
        "topic:news": {**NEWS, "channel": "post", "on": False},
    }
    assert person.times.topics == {"offers": 1767348000, "news": 1772618400}
    (record,) = records(database, person.profile.ledger_key)
    assert record.evidence["offers:at"] == YES
    assert consents_by_topic(site, [record])["offers"].day == date(2026, 1, 2)


@pytest.mark.parametrize("at", ["", "3/1/2026 10:00", "2999-01-01"])
@pytest.mark.parametrize("status", ["subscribed", "less"])
def test_a_topic_without_a_time_needs_a_stated_consent(
    status: str,
    at: str,
    bring_ours: Callable[..., str],
    reason: Callable[[], str],
    database: Database,
) -> None:
    rows = row(status, offers="email weekly", at=at)
    assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring_ours(rows)
    assert reason().startswith("has a topic without the time when they agreed; say where and when")
    wants_less = status == "less"  # which counts already
    counts = "0 new, 1 changed" if wants_less else "1 new, 0 changed"
    assert f"{counts}, 0 unchanged, 0 rejected" in bring_ours(rows, *SAID)
    *_, record = records(database, arta(database).profile.ledger_key)
    assert record.evidence["consent"] == SAID[1]
    assert arta(database).profile.state.reach == ("less" if wants_less else "as_chosen")
    assert arta(database).profile.state.is_subscribed("offers")


@pytest.mark.parametrize("status", ["unsubscribed", "undeliverable"])
def test_who_gets_no_mail_comes_in_without_what_nobody_can_prove(
    status: str, bring_ours: Callable[..., str], database: Database
) -> None:
    assert "1 new" in bring_ours(row(status, offers="email weekly"))
    person = arta(database)
    assert person.profile.state.preferences() == {}
    assert (person.profile.state.reach == "off", person.undeliverable) == (
        status == "unsubscribed",
        status == "undeliverable",
    )


def test_what_they_chose_here_since_then_stays(
    bring_ours: Callable[..., str], database: Database
) -> None:
    rows = row(offers="email weekly", at=YES)
    bring_ours(rows)
    say(database, {"topic:offers": {**OFFERS, "on": False}})
    assert "0 changed, 0 unchanged, 1 held back by a no" in bring_ours(rows)
    say(database, {"overall": OFF})
    assert "1 held back by a no" in bring_ours(rows)
    assert arta(database).profile.state.reach == "off"


def test_an_export_is_undone_as_any_import(
    run: Run, site_file: Path, bring_ours: Callable[..., str], database: Database
) -> None:
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(ARTA, ("club",))])
    say(database, {"topic:offers": OFFERS}, at=1_700_000_000)
    before = rows_of_people(database)
    header = "email,language,roles,status,paused_until,phone,post,offers,offers:at,undeliverable"
    cells = f'{ARTA},sq,trade,paused,2999-01-01,\'+355691234567,"Rruga 1",off,{YES},yes'
    assert "1 changed" in bring_ours(f"{header}\n{cells}\n")
    person = arta(database)
    assert (person.profile.roles, person.undeliverable) == (("club", "trade"), True)
    assert Identity.select().where(Identity.value == "+355691234567").count(database) == 1
    result = run("import", site_file, "--undo", "1", "--by", "Mira")
    assert "1 back as before" in result.output
    assert rows_of_people(database) == before


def rows_of_people(database: Database) -> list[Any]:
    """What holds of people, without the number of their saves, and the door of the last."""
    profiles = Profile.select(Profile.language, Profile.reach, Profile.paused_until)
    choices = Preference.select(Preference.topic, Preference.subscribed, Preference.said_at)
    tables = [profiles, choices, Role.select(), Identity.select()]
    return [sorted(map(repr, each.tuples().execute(database))) for each in tables]


@pytest.mark.parametrize(
    ("cells", "wish"),
    [
        (f"yes,{YES}", {"wanted": True, "at": 1767348000}),
        (f"no,{YES}", {"wanted": False, "at": 1767348000}),
        ("yes,", {"wanted": True, "at": None}),
        ("yes,2999-01-01T10:00:00Z", {"wanted": True, "at": None}),
        ("no,", None),
        ("no,in spring", None),
        (f",{YES}", None),
    ],
)
def test_the_wish_not_to_be_tracked_comes_in_and_is_undone_with_its_import(
    cells: str,
    wish: Any,
    run: Run,
    site_file: Path,
    bring_ours: Callable[..., str],
    database: Database,
) -> None:
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(ARTA)])
    header = "email,language,status,paused_until,do_not_track,do_not_track_at"
    bring_ours(f"{header}\n{ARTA},sq,subscribed,,{cells}\n")
    assert arta(database).profile.state.do_not_track == wish
    run("import", site_file, "--undo", "1", "--by", "Mira")
    assert arta(database).profile.state.do_not_track is None


def test_roles_that_the_site_does_not_have_are_told(
    bring_ours: Callable[..., str], database: Database, tag_file: Path
) -> None:
    rows = f"email,language,status,paused_until,roles\n{ARTA},,subscribed,,'club, press'\n"
    rows = rows.replace("'", '"')
    assert "1 tag had no effect: “press” (1)" in bring_ours(rows)
    assert arta(database).profile.roles == ("club",)
    tag_file.write_text('[roles]\npress = "trade"\n', encoding="utf-8")
    bring_ours(rows, "--map", str(tag_file))
    assert arta(database).profile.roles == ("club", "trade")


def test_a_topic_that_the_site_calls_otherwise_is_named_in_the_map(
    bring_ours: Callable[..., str], database: Database, tag_file: Path
) -> None:
    rows = row(offers="email weekly", at=YES).replace("offers", "deals")
    tag_file.write_text('[topics]\ndeals = "offers"\n', encoding="utf-8")
    assert "1 new" in bring_ours(rows, "--map", str(tag_file))
    assert arta(database).profile.state.is_subscribed("offers")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            row(offers="email weekly", at=YES).replace("offers", "deals"),
            "line 1: the site has no topic “deals”",
        ),
        (
            f"email,language,status,paused_until,deals\n{ARTA},,subscribed,,off\n",
            "declare it under [[topics]], take the column “deals” out, or name one in the file of",
        ),
        (f"email,answer:rooms\n{ARTA},bath\n", "line 1: the site has no question “rooms”"),
        (
            f"email,offers:at,offers:at\n{ARTA},,\n",
            "line 1: the columns “offers:at” and “offers:at” are of one topic",
        ),
        (
            row(offers="email weekly", at=YES).replace("\n", ",Opted out\n", 1)[:-1] + ",yes\n",
            "line 2: “yes” in the column “Opted out” may mean no",
        ),
        ('{"email":{"address":"a@example.com"}}\n', "line 1: it has JSON objects, not columns"),
    ],
)
def test_a_file_that_cannot_be_read_whole_is_refused(
    text: str, says: str, bring_ours: Callable[..., str], database: Database
) -> None:
    assert says in bring_ours(text)
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (row(offers="yes", at=YES), "holds no choice in “offers”"),
        (row("paused"), "holds no day in “paused_until”"),
        (row("paused", "soon"), "holds no day in “paused_until”"),
        (row().replace("sq", "Albanian?"), "holds no language in “language”"),
        (
            f"email,email_confirmed,language,status,paused_until\n{ARTA},no,,subscribed,\n",
            "has not confirmed there, by “email_confirmed”",
        ),
        (
            f"email,language,status,paused_until,overall\n{ARTA},,subscribed,,all\n",
            "holds no known word in “overall”",
        ),
        (
            f"email,language,status,paused_until,do_not_track\n{ARTA},,subscribed,,please\n",
            "holds no yes or no in “do_not_track”",
        ),
    ],
)
def test_a_row_that_cannot_be_read_is_rejected(
    text: str,
    says: str,
    bring_ours: Callable[..., str],
    reason: Callable[[], str],
    database: Database,
) -> None:
    assert "1 rejected" in bring_ours(text)
    assert reason() == says
    assert Profile.select().count(database) == 0


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
    bring_ours: Callable[..., str],
    reason: Callable[[], str],
    database: Database,
) -> None:
    cells, why, noes = REJECTED[case]
    before: dict[str, Any] = {}
    if is_known:
        with write_transaction(database):
            create_contacts(database, "shop", 1, [NewContact(ARTA)])
        before = {"topic:news": BY_POST}
        say(database, before, at=1_700_000_000)
    header = "email,language,status,offers,offers:at,news,do_not_track,do_not_track_at"
    pause = "" if cells.count(",") == 7 else ","
    text = f"{header},paused_until,roles\n{ARTA},{cells}{pause},club\n"
    dry = bring_ours(text, "--dry-run")
    assert f"line 2: {why}" in dry
    counts = "0 new, 0 changed, 0 unchanged, 1 rejected"
    assert (counts in dry, counts in bring_ours(text)) == (True, True)
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
    case: str, bring_ours: Callable[..., str], database: Database
) -> None:
    """However late it was said there."""
    cells, before = MORE[case]
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(ARTA)])
    say(database, {"topic:news": BY_POST, **before}, at=1_700_000_000)
    header = "email,language,status,paused_until,overall_at"
    assert "0 changed" in bring_ours(f"{header}\n{ARTA},Albanian?,{cells},{YES}\n")
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
    bring_ours: Callable[..., str],
    reason: Callable[[], str],
    database: Database,
) -> None:
    cells, noes = UNCONFIRMED[case]
    header = "email,email_confirmed,language,status,paused_until,news"
    text = f"{header}\n{ARTA},no,,{cells}\n"
    for options in (["--dry-run"], []):
        assert "0 new, 0 changed, 0 unchanged, 1 rejected" in bring_ours(text, *options)
    assert reason() == NOT_CONFIRMED
    assert Profile.select().count(database) == 0, "nobody has shown that it is theirs"
    with write_transaction(database):
        create_contacts(database, "shop", 1, [NewContact(ARTA)])
    say(database, {"topic:news": BY_POST}, at=1_700_000_000)
    assert "1 rejected" in bring_ours(text)
    assert reason() == (f"{NOT_CONFIRMED} {HEARD}" if noes else NOT_CONFIRMED)
    assert arta(database).profile.state == {"topic:news": BY_POST, **noes}


def test_a_wish_that_was_taken_back_there_does_not_count_in_a_rejected_row(
    bring_ours: Callable[..., str], database: Database
) -> None:
    header = "email,language,status,paused_until,do_not_track,do_not_track_at"
    assert "1 rejected" in bring_ours(f"{header}\n{ARTA},Albanian?,subscribed,,no,{YES}\n")
    assert Profile.select().count(database) == 0


@pytest.mark.parametrize("option", [("--topic", "offers"), ("--list", "A")])
def test_nobody_is_subscribed_to_more_than_the_export_says(
    option: tuple[str, str], bring_ours: Callable[..., str], tag_file: Path
) -> None:
    tag_file.write_text('[lists]\nA = "offers"\n', encoding="utf-8")
    output = bring_ours(row(), *option, "--map", str(tag_file))
    assert "an export of our own and says itself who gets what" in output


def test_an_export_can_be_a_list_of_people_who_left(
    bring_ours: Callable[..., str], database: Database
) -> None:
    bring_ours(row(offers="email weekly", at=YES))
    assert "1 changed" in bring_ours(row(offers="email weekly"), "--as", "unsubscribed")
    assert arta(database).profile.state.reach == "off"
