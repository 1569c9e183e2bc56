"""What an import changes, what it never changes, and what it keeps as evidence."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from peewee import Database, OperationalError, SqliteDatabase

from widget_backend.audience.imports import Import, import_entries
from widget_backend.audience.mailchimp import Audience, Entry
from widget_backend.audience.outputs import Rejects
from widget_backend.audience.tables import open_table
from widget_backend.audience.tags import TagMap, read_tag_map
from widget_backend.errors import FileRefused
from widget_backend.rules.state import AS_CHOSEN, Change, State, difference
from widget_backend.site.model import Site
from widget_backend.store.contacts import Contact, find_contacts
from widget_backend.store.database import open_database
from widget_backend.store.ledger import Circumstances, records, shown
from widget_backend.store.models import Identity, Ledger, LedgerValue, Profile
from widget_backend.store.profiles import create_profile
from widget_backend.store.saves import save, save_within

Export = Callable[..., Path]
Run = Callable[..., Result]

ARTA = "arta@example.com"
OFFERS = {"on": True, "channel": "email", "frequency": "weekly"}
NEWS = {"on": True, "channel": "email", "frequency": "monthly"}
OFF = {"reach": "off", "until": None}
OPTED_IN = {
    "Email Address": ARTA,
    "OPTIN_TIME": "2024-03-01 09:00:00",
    "OPTIN_IP": "192.0.2.1",
    "CONFIRM_TIME": "2024-03-01 09:05:00",
    "CONFIRM_IP": "192.0.2.2",
}
TAGS = """
[topics]
"Offers" = "offers"
"Trade list" = "trade-lists"
[roles]
"Trade" = "trade"
"Club, gold" = "club"
"""


def found(database: Database, *emails: str) -> dict[str, Contact]:
    return find_contacts(database, "shop", emails)


def arta(database: Database) -> Contact:
    return found(database, ARTA)[ARTA]


def say(database: Database, wanted: State, at: int = 1_790_000_000) -> None:
    """Arta says something herself, on the hosted page."""
    person = arta(database).person
    how = Circumstances(at, "hosted", shown("shop", "en", {"title": "Choices"}))
    save(database, person, difference(person.state, wanted), how)


def everything(database: Database) -> list[Any]:
    """All rows of all tables that an import may touch."""
    tables = (Profile, Identity, Ledger, LedgerValue)
    return [list(table.select().order_by(1).tuples().execute(database)) for table in tables]


@pytest.fixture
def tag_file(tmp_path: Path) -> Path:
    file = tmp_path / "tags.toml"
    file.write_text(TAGS, encoding="utf-8")
    return file


# ── who comes in, with what ─────────────────────────────────────────────────────────────────


def test_subscribed_contacts_get_the_named_topics_by_email(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA, "Erion@Example.com")
    result = run("import", site_file, file, "--topic", "offers", "--topic", "news")
    assert result.output == (
        "subscribed.csv (subscribed): 2 new, 0 updated, 0 unchanged, 0 rejected.\n"
    )
    contacts = found(database, ARTA, "erion@example.com")
    assert len(contacts) == 2
    for contact in contacts.values():
        assert contact.person.state == {"topic:offers": OFFERS, "topic:news": NEWS}
        assert contact.person.revision == 1
        assert not contact.undeliverable


def test_without_a_named_topic_nobody_is_subscribed_and_the_summary_says_so(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    result = run("import", site_file, export_of("subscribed", OPTED_IN))
    assert "Nobody was subscribed to a topic: name topics with --topic or --map." in result.output
    assert arta(database).person.state == {}


def test_tags_give_topics_and_roles(
    run: Run, database: Database, site_file: Path, export_of: Export, tag_file: Path
) -> None:
    file = export_of(
        "subscribed",
        {"Email Address": ARTA, "TAGS": '"Trade","Offers","Club, gold","Unknown"'},
        {"Email Address": "b@example.com", "TAGS": "Trade list"},
        {"Email Address": "c@example.com", "TAGS": ""},
    )
    assert run("import", site_file, file, "--map", tag_file).exit_code == 0
    contacts = found(database, ARTA, "b@example.com", "c@example.com")
    told = [(contact.person.roles, list(contact.person.state)) for contact in contacts.values()]
    assert told == [
        (("trade", "club"), ["topic:offers"]),
        ((), ["topic:trade-lists"]),
        ((), []),
    ]


def test_opt_in_times_are_kept_as_evidence_with_or_without_a_topic(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    other = {**OPTED_IN, "Email Address": "b@example.com", "OPTIN_TIME": "", "NOTES": "private"}
    run("import", site_file, export_of("subscribed", OPTED_IN), "--topic", "offers")
    run("import", site_file, export_of("subscribed", other, name="more.csv"))
    kept = {**OPTED_IN, "kind": "subscribed"}
    del kept["Email Address"]
    later = {name: value for name, value in kept.items() if name != "OPTIN_TIME"}
    assert evidence(database) == [
        {**kept, "file": "subscribed.csv"},
        {**later, "file": "more.csv"},
    ]
    (record,) = records(database, arta(database).person.ledger_key)
    assert (record.door, record.language) == ("import", "en")
    assert record.changes == (Change("topic:offers", None, OFFERS),)


def evidence(database: Database) -> list[Any]:
    query = LedgerValue.select(LedgerValue.evidence).order_by(LedgerValue.ledger)
    return [row[0] for row in query.tuples().execute(database)]


def test_unsubscribed_contacts_are_off_new_or_known(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    left = {"UNSUB_TIME": "2026-01-02 10:00:00", "UNSUB_REASON": "NORMAL"}
    file = export_of(
        "unsubscribed", {"Email Address": ARTA, **left}, {"Email Address": "b@example.com", **left}
    )
    result = run("import", site_file, file, "--topic", "offers")
    assert "1 new, 1 updated, 0 unchanged, 0 rejected" in result.output
    contacts = found(database, ARTA, "b@example.com")
    assert contacts[ARTA].person.state == {"topic:offers": OFFERS, "overall": OFF}
    assert contacts["b@example.com"].person.state == {"overall": OFF}
    expected = {"file": "unsubscribed.csv", "kind": "unsubscribed", **left}
    assert evidence(database)[1:] == [expected, expected]


def test_cleaned_contacts_are_undeliverable_and_their_choices_stay(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    result = run("import", site_file, export_of("cleaned", ARTA, "b@example.com"))
    assert "1 new, 1 updated, 0 unchanged, 0 rejected" in result.output
    contacts = found(database, ARTA, "b@example.com")
    assert all(contact.undeliverable for contact in contacts.values())
    assert contacts[ARTA].person.state == {"topic:offers": OFFERS}
    assert contacts["b@example.com"].person.state == {}
    assert Ledger.select().count(database) == 1


def test_an_address_that_somebody_typed_and_nobody_confirmed_leads_to_no_profile(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    pending = create_profile(database, "shop", 1, pending=True)
    row = {"site": "shop", "profile": pending.id, "kind": "email", "value": ARTA}
    Identity.insert(**row).execute(database)
    result = run("import", site_file, export_of("subscribed", ARTA), "--topic", "offers")
    assert "1 new" in result.output
    assert arta(database).person.id != pending.id


def test_other_sites_people_are_not_touched(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    other = create_profile(database, "other", 1)
    row = {"site": "other", "profile": other.id, "kind": "email", "value": ARTA}
    Identity.insert(**row, confirmed=True).execute(database)
    assert "1 new" in run("import", site_file, export_of("unsubscribed", ARTA)).output
    assert find_contacts(database, "other", [ARTA])[ARTA].person == other


# ── what was said here counts ───────────────────────────────────────────────────────────────

LESS_OFTEN = {"on": True, "channel": "sms", "frequency": "monthly"}
TURNED_OFF = {**OFFERS, "on": False}


@pytest.mark.parametrize(
    ("said", "afterwards"),
    [
        pytest.param({"topic:offers": TURNED_OFF}, {"topic:offers": TURNED_OFF, "topic:news": NEWS},
                     id="a topic that was turned off stays off"),
        pytest.param({"topic:offers": LESS_OFTEN}, {"topic:offers": LESS_OFTEN, "topic:news": NEWS},
                     id="a topic that is on keeps its channel and frequency"),
        pytest.param({"overall": OFF}, {"overall": OFF}, id="off"),
        pytest.param({"overall": {"reach": "less", "until": None}},
                     {"overall": {"reach": "less", "until": None}}, id="less"),
        pytest.param({"overall": {"reach": "paused", "until": "2026-12-31"}},
                     {"overall": {"reach": "paused", "until": "2026-12-31"}}, id="paused"),
        pytest.param({"overall": AS_CHOSEN},
                     {"overall": AS_CHOSEN, "topic:offers": OFFERS, "topic:news": NEWS},
                     id="back again"),
        pytest.param({"language": "sq"},
                     {"language": "sq", "topic:offers": OFFERS, "topic:news": NEWS},
                     id="nothing about topics"),
    ],
)  # fmt: skip
def test_what_was_said_here_is_never_overruled_by_an_import(
    run: Run,
    database: Database,
    site_file: Path,
    export_of: Export,
    said: State,
    afterwards: State,
) -> None:
    file = export_of("subscribed", ARTA)
    run("import", site_file, file)
    say(database, said)
    result = run("import", site_file, file, "--topic", "offers", "--topic", "news")
    assert result.exit_code == 0
    assert arta(database).person.state == afterwards


def test_a_role_is_added_and_never_taken_away(
    run: Run, database: Database, site_file: Path, export_of: Export, tag_file: Path
) -> None:
    for tags, outcome in (("Trade", "1 new"), ('"Club, gold"', "1 updated"), ("", "1 unchanged")):
        file = export_of("subscribed", {"Email Address": ARTA, "TAGS": tags})
        assert outcome in run("import", site_file, file, "--map", tag_file).output
    assert arta(database).person.roles == ("trade", "club")
    assert arta(database).person.revision == 1


@pytest.mark.parametrize(
    ("left_there", "counts"),
    [
        ("2026-09-20 00:00:00", False),
        ("2026-09-22 00:00:00", True),
        ("20.9.2026 10:00", True),
        ("", True),
    ],
)
def test_who_left_there_and_later_came_back_here_stays(
    run: Run, database: Database, site_file: Path, export_of: Export, left_there: str, counts: bool
) -> None:
    file = export_of("unsubscribed", {"Email Address": ARTA, "UNSUB_TIME": left_there})
    run("import", site_file, file)
    came_back_at = int(datetime(2026, 9, 21, tzinfo=UTC).timestamp())
    say(database, {"overall": AS_CHOSEN, "topic:offers": OFFERS}, at=came_back_at)
    result = run("import", site_file, file)
    assert ("1 updated" if counts else "1 unchanged") in result.output
    assert arta(database).person.state["overall"] == (OFF if counts else AS_CHOSEN)


def test_leaving_there_counts_for_who_only_chose_topics_here(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", ARTA))
    say(database, {"topic:offers": OFFERS})
    left = {"Email Address": ARTA, "UNSUB_TIME": "2020-01-01 00:00:00"}
    run("import", site_file, export_of("unsubscribed", left))
    assert arta(database).person.state == {"topic:offers": OFFERS, "overall": OFF}


@pytest.mark.parametrize("kind", ["subscribed", "unsubscribed", "cleaned"])
def test_a_rerun_changes_nothing(
    run: Run, database: Database, site_file: Path, export_of: Export, tag_file: Path, kind: str
) -> None:
    rows = [{**OPTED_IN, "TAGS": "Trade"}, {"Email Address": "b@example.com", "TAGS": "Offers"}]
    file = export_of(kind, *rows)
    arguments = ("import", site_file, file, "--topic", "news", "--map", tag_file)
    assert "2 new, 0 updated, 0 unchanged" in run(*arguments).output
    before = everything(database)
    assert "0 new, 0 updated, 2 unchanged" in run(*arguments).output
    assert everything(database) == before


# ── rejects ─────────────────────────────────────────────────────────────────────────────────


def test_bad_rows_go_to_a_file_with_line_and_reason_and_the_others_come_in(
    run: Run, database: Database, site_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    file.write_text(
        "Email Address,First Name,OPTIN_TIME,CONFIRM_TIME\n"
        "arta@example.com,=1+1,,\n"
        ',"No\naddress",,\n'
        "not-an-address,+1,,\n"
        "ARTA@example.com ,Again,,\n"
        "few@example.com,Few\n"
        'swallow@example.com,"Open,,\n'
        "last@example.com,Last,,\n",
        encoding="utf-8",
    )
    result = run("import", site_file, file, "--topic", "offers")
    rejects = tmp_path / "export.csv.rejects.csv"
    assert result.output == (
        f"export.csv (subscribed): 2 new, 0 updated, 0 unchanged, 5 rejected (see {rejects}).\n"
    )
    assert sorted(found(database, ARTA, "last@example.com")) == [ARTA, "last@example.com"]
    with rejects.open(encoding="utf-8", newline="") as text:
        header, *rows = csv.reader(text)
    assert header == ["line", "reason", "Email Address", "First Name", "OPTIN_TIME", "CONFIRM_TIME"]
    assert rows == [
        ["3", "has no email address", "", "No\naddress", "", ""],
        ["5", "is not an email address", "not-an-address", "'+1", "", ""],
        ["6", "repeats the address of line 2, which counts", "ARTA@example.com ", "Again", "", ""],
        ["7", "has 2 fields where the header has 4", "few@example.com", "Few"],
        ["8", "a quotation mark opens or closes in the wrong place",
         'swallow@example.com,"Open,,'],
    ]  # fmt: skip


def test_a_file_of_rejects_is_made_only_when_there_is_one_and_tells_of_the_last_run(
    run: Run, site_file: Path, export_of: Export, tmp_path: Path
) -> None:
    rejects = tmp_path / "bad.csv"
    file = export_of("subscribed", ARTA, "nonsense")
    run("import", site_file, file, "--rejects", rejects)
    assert rejects.exists()
    run("import", site_file, export_of("subscribed", ARTA), "--rejects", rejects)
    assert not rejects.exists()
    rejects.write_text("something else\n")
    run("import", site_file, export_of("subscribed", ARTA), "--rejects", rejects)
    assert rejects.read_text() == "something else\n"


def test_rejects_do_not_overwrite_the_file_they_come_from(
    run: Run, site_file: Path, export_of: Export
) -> None:
    file = export_of("subscribed", "nonsense")
    before = file.read_bytes()
    result = run("import", site_file, file, "--rejects", file)
    assert result.exit_code == 1
    assert result.output == f"{file}: it is the file being read. name another --rejects.\n"
    assert file.read_bytes() == before


def test_an_address_that_was_guarded_against_formulas_is_the_same_address(
    run: Run, database: Database, site_file: Path, export_of: Export
) -> None:
    run("import", site_file, export_of("subscribed", "'+arta@example.com"))
    assert list(found(database, "+arta@example.com")) == ["+arta@example.com"]


# ── maps and topics ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("topic", "said"),
    [
        ("offerz", "--topic offerz: no topic is called “offerz”"),
        ("calls", "--topic calls: the topic “calls” does not come by email"),
    ],
)
def test_a_topic_that_cannot_be_imported_stops_the_start(
    run: Run, database: Database, site_file: Path, export_of: Export, topic: str, said: str
) -> None:
    result = run("import", site_file, export_of("subscribed", ARTA), "--topic", topic)
    assert result.exit_code == 1
    assert result.output.startswith(f"{site_file}: {said}")
    assert result.output.endswith("choose one of offers, news, trade-lists.\n")
    assert result.output.count("\n") == 1
    assert found(database, ARTA) == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            '[topics]\n"A" = "offerz"',
            "topics.A: no topic is called “offerz”. choose one of offers,",
        ),
        ('[topics]\n"A" = "calls"', "topics.A: the topic “calls” does not come by email"),
        ('[topics]\n"A" = ["offers"]', "topics.A: no topic is called"),
        ('[roles]\n"A" = "boss"', "roles.A: no role is called “boss”. choose one of trade, club."),
        (
            '[tags]\n"A" = "offers"',
            "tags: is not a known table. known here: [topics], [roles] and [lists].",
        ),
        ('topics = "offers"', "topics: is not a known table"),
        (
            '[topics]\n"A" = "offers"\n"A" = "news"',
            "cannot overwrite a value. each tag may stand once.",
        ),
        (b"[topics]\n\xeb", "it is not in UTF-8. save it as UTF-8."),
    ],
)
def test_a_mistake_in_the_map_is_named_with_file_key_and_cure(
    site: Site, tmp_path: Path, content: str | bytes, said: str
) -> None:
    file = tmp_path / "tags.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FileRefused) as refused:
        read_tag_map(file, site)
    assert str(refused.value).startswith(f"{file}: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_map_that_is_missing_is_named(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        read_tag_map(tmp_path / "tags.toml", site)


# ── interruptions and others at work ────────────────────────────────────────────────────────

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def subscribing(site: Site) -> Import:
    return Import(site, "subscribed", NOW, ("offers",), TagMap())


def entries(count: int) -> Iterator[Entry]:
    for number in range(count):
        yield Entry(number + 2, f"a{number}@example.com", (), {"OPTIN_TIME": f"t{number}"})


def test_an_interrupted_run_leaves_whole_batches_and_a_rerun_completes_it(
    database: Database, site: Site
) -> None:
    def interrupted() -> Iterator[Entry]:
        yield from entries(720)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        import_entries(database, subscribing(site), interrupted())
    assert Profile.select().count(database) == Ledger.select().count(database) == 500
    outcomes = import_entries(database, subscribing(site), entries(720))
    assert outcomes == {"unchanged": 500, "new": 220}
    assert Profile.select().count(database) == Ledger.select().count(database) == 720


def test_a_batch_that_ends_midway_leaves_nothing_of_itself(
    database: Database, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved: list[int] = []

    def interrupted(*arguments: Any) -> int:
        if len(saved) == 700:
            raise KeyboardInterrupt
        saved.append(save_within(*arguments))
        return saved[-1]

    monkeypatch.setattr("widget_backend.audience.imports.save_within", interrupted)
    with pytest.raises(KeyboardInterrupt):
        import_entries(database, subscribing(site), entries(1000))
    for table in (Profile, Identity, Ledger, LedgerValue):
        assert table.select().count(database) == 500


LOCK = {
    "sqlite": ("PRAGMA busy_timeout = 0", "BEGIN IMMEDIATE"),
    "postgresql": ("BEGIN", "SELECT id FROM profile FOR UPDATE NOWAIT"),
}
"""How another process would begin a save, without waiting for its turn."""


def take_the_lock(url: str) -> None:
    rival = open_database(url)
    rival.connect()
    try:
        for statement in LOCK[url.partition(":")[0]]:
            rival.execute_sql(statement)
    finally:
        rival.close() if isinstance(rival, SqliteDatabase) else rival.close_all()


def test_nobody_saves_what_an_import_has_read_and_not_yet_decided(
    database: Database, database_url: str, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    refused: list[str] = []

    def with_a_rival(*arguments: Any) -> int:
        with pytest.raises(OperationalError) as error:
            take_the_lock(database_url)
        refused.append(str(error.value))
        return save_within(*arguments)

    import_entries(database, subscribing(site), entries(1))
    monkeypatch.setattr("widget_backend.audience.imports.save_within", with_a_rival)
    leaving = Import(site, "unsubscribed", NOW)
    assert import_entries(database, leaving, entries(1)) == {"updated": 1}
    assert len(refused) == 1
    assert "lock" in refused[0]


def test_progress_is_told_after_each_batch(database: Database, site: Site) -> None:
    told: list[int] = []
    import_entries(
        database,
        subscribing(site),
        entries(1001),
        lambda: told.append(Profile.select().count(database)),
    )
    assert told == [500, 1000, 1001]


def test_somebody_brought_in_meanwhile_is_met_again_as_known(
    database: Database, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The race of two imports: read as unknown, created by the other before we do."""
    reads = []

    def blind_at_first(*arguments: Any, **more: Any) -> dict[str, Contact]:
        reads.append(arguments)
        return {} if len(reads) == 1 else find_contacts(*arguments, **more)

    import_entries(database, subscribing(site), entries(2))
    monkeypatch.setattr("widget_backend.audience.imports.find_contacts", blind_at_first)
    assert import_entries(database, subscribing(site), entries(3)) == {"unchanged": 2, "new": 1}
    assert Ledger.select().count(database) == 3


def test_the_time_of_the_run_is_what_the_ledger_says(
    database: Database, site: Site, export_of: Export
) -> None:
    file = export_of("subscribed", ARTA)
    with open_table(file, "Email Address") as table, Rejects(table) as rejects:
        import_entries(database, subscribing(site), Audience(table).entries(rejects))
    (record,) = records(database, arta(database).person.ledger_key)
    assert record.at == int(NOW.timestamp())
