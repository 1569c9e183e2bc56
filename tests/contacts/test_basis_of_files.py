"""How people came to agree, as a file or whoever imports says it; and whose numbers are proved."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from peewee import Database

from tests.support.contacts import ARTA, BEN, OFFERS, Run, arta, evidence_of, found, say, table_of
from widget_backend.cli import audience, import_contacts
from widget_backend.contacts.basis_column import EXPLAIN_IT, FILL_IT, SAY_DAY, WORDS
from widget_backend.contacts.platform_output import NO_CONSENT
from widget_backend.contacts.stated_consent import NO_TIME, STILL_TO_COME
from widget_backend.rules.basis import Ground, ground_of
from widget_backend.site.model import Site
from widget_backend.store.ledger import records
from widget_backend.store.models import Identity, Preference
from widget_backend.web.consents import consents_by_topic

MAP = """
address = "Email"
agreed = ["When"]
phone = "Mobile"
phone_evidence = "Checked"
[basis]
column = "Origin"
asked = ["form"]
purchase = ["order", "till"]
inquiry = ["question"]
rewarded_free = ["raffle"]
"""
HEAD = "Email,When,Origin,Mobile,Checked\n"
MAY = 1_777_766_400
"""3 May 2026."""
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
MORE = """
[[fields]]
id = "country"
name = "Country"
kind = "text"
gives = "country"
[[campaigns]]
id = "spring"
topic = "offers"
sentence = "You bought something."
"""


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (import_contacts, audience):
        monkeypatch.setattr(module, "now", lambda: NOW)


@pytest.fixture
def bring_rows(run: Run, site_file: Path, tmp_path: Path) -> Any:
    """Import rows of the map's columns, everyone to the offers; returns the report."""
    columns = tmp_path / "columns.toml"
    columns.write_text(MAP, encoding="utf-8")

    def bring(rows: str, *options: str) -> dict[str, Any]:
        file = tmp_path / "till.csv"
        file.write_text(f"{HEAD}{rows}\n", encoding="utf-8")
        usual = ("--columns", columns, "--topic", "offers", "--json")
        result = run("import", site_file, file, *usual, *options)
        assert result.exit_code == 0, result.output
        told: dict[str, Any] = json.loads(result.stdout)
        return told

    return bring


def ground(database: Database, email: str = ARTA) -> Ground:
    return ground_of(found(database, email)[email].profile.state.preference("offers"))


def test_each_row_says_how_and_when_and_the_ledger_keeps_it(
    bring_rows: Any, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,Order,,\n{BEN},2026-05-03,form,,")
    assert ground(database) == Ground("purchase", MAY)
    assert ground(database, BEN) == Ground()
    evidence = evidence_of(database)
    assert (evidence["basis"], evidence["Origin"]) == ("purchase", "Order")
    assert "agreed_at" not in evidence, "for they did not"
    (record,) = records(database, arta(database).profile.ledger_key)
    assert record.changes[0].after == {**OFFERS, "basis": "purchase", "basis_at": MAY}


def test_one_word_for_the_whole_file(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,,,\n{BEN},2026-05-03,form,,", "--basis", "inquiry")
    assert ground(database) == Ground("inquiry", MAY)
    assert ground(database, BEN) == Ground(), "unless its row says another one"


def test_a_purchase_lasts_no_longer_than_from_the_day_that_is_stated(
    bring_rows: Any, database: Database
) -> None:
    stated = ("--consent", "Our till", "--consented-on", "2026-05-03")
    bring_rows(f"{ARTA},2026-06-01,order,,\n{BEN},2026-05-01,order,,", *stated)
    assert ground(database) == Ground("purchase", MAY)
    assert ground(database, BEN).at == MAY - 2 * 86_400


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("word", ["order", "form"])
def test_a_day_that_the_file_states_is_that_day_by_whatever_clock(
    bring_rows: Any, run: Run, site_file: Path, site: Site, database: Database, zone: str, word: str
) -> None:
    text = site_file.read_text("utf-8")
    site_file.write_text(f'countries = ["CA"]\ntime_zone = "{zone}"\n{text}{MORE}', "utf-8")
    bring_rows(f"{ARTA},2026-05-03,{word},,")
    there = replace(site, time_zone=zone)
    known = records(database, arta(database).profile.ledger_key)
    assert consents_by_topic(there, known)["offers"].day == date(2026, 5, 3)
    decided = run("decide", site_file, ARTA, "--campaign", "spring").stdout
    (line,) = [each for each in decided.splitlines() if "  consent  " in each]
    assert "on 3 May 2026" in line


@pytest.mark.parametrize("name", ["consent", "kind", "file", "run"])
def test_a_column_may_be_called_as_something_that_the_evidence_names_already(
    run: Run, site_file: Path, tmp_path: Path, database: Database, name: str
) -> None:
    columns, file = tmp_path / "columns.toml", tmp_path / "till.csv"
    columns.write_text(MAP.replace('"Origin"', f'"{name}"'), encoding="utf-8")
    head = HEAD.replace("Origin", name)
    file.write_text(f"{head}{ARTA},2026-05-03,order,,\n{BEN},,till,,\n", encoding="utf-8")
    stated = ("--consent", "Our till", "--consented-on", "2026-05-03")
    result = run("import", site_file, file, "--columns", columns, "--topic", "offers", *stated)
    assert "2 new, 0 changed, 0 unchanged, 0 rejected" in result.stdout, result.output
    assert ground(database) == ground(database, BEN) == Ground("purchase", MAY)
    (of_arta,) = records(database, arta(database).profile.ledger_key)
    (of_ben,) = records(database, found(database, BEN)[BEN].profile.ledger_key)
    assert of_arta.evidence[f"column {name}"] == "order"
    assert (
        of_ben.evidence.items()
        >= {
            "file": "till.csv",
            "kind": "subscribed",
            "consent": "Our till",
            f"column {name}": "till",
            "run": "1",
        }.items()
    )


def test_a_kept_column_may_be_called_so_too(
    run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    columns, file = tmp_path / "columns.toml", tmp_path / "shop.csv"
    columns.write_text('address = "email"\nkept = ["consent"]\n', encoding="utf-8")
    file.write_text(f"email,consent\n{ARTA},at the fair\n", encoding="utf-8")
    usual = ("--columns", columns, "--topic", "offers")
    result = run("import", site_file, file, *usual, "--consent", "By letter")
    assert "1 new" in result.stdout, result.output
    evidence = evidence_of(database)
    assert (evidence["consent"], evidence["column consent"]) == ("By letter", "at the fair")


REJECTED = {
    "an unknown word": ("2026-05-03,gift,,", (), EXPLAIN_IT),
    "no word": ("2026-05-03,,,", (), FILL_IT),
    "no day": (",order,,", (), SAY_DAY),
    "no day of a yes": (",form,,", (), NO_TIME),
    "a statement without a day": (",order,,", ("--consent", "at the till"), SAY_DAY),
    "a day still to come": ("2999-05-03,order,,", (), STILL_TO_COME),
    "such a day, and a statement": (
        "2999-05-03,order,,",
        ("--consent", "at the till", "--consented-on", "2026-01-01"),
        STILL_TO_COME,
    ),
}


@pytest.mark.parametrize("case", REJECTED)
def test_a_row_that_does_not_say_it_is_rejected_with_line_reason_and_cure(
    bring_rows: Any, case: str, database: Database, tmp_path: Path
) -> None:
    cells, options, reason = REJECTED[case]
    told = bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},{cells}", *options)
    assert (told["new"], told["rejected"]) == (1, 1)
    (row,) = table_of((tmp_path / "till.csv.rejects.csv").read_text("utf-8"))
    assert (row["line"], row["Email"]) == ("3", BEN)
    assert row["reason"].endswith(reason)
    assert BEN not in found(database, BEN)


@pytest.mark.parametrize("cell", ["+355 69 123 4567", "b@example.com", "Arta Hoxha"])
def test_a_report_repeats_no_cell_of_a_person(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path, cell: str
) -> None:
    told = bring_rows(f"{ARTA},2026-05-03,{cell},,")
    assert told["rejected"] == 1
    assert cell not in json.dumps(told, ensure_ascii=False)
    reason = f"has a word in “Origin” that the map does not explain; {EXPLAIN_IT}"
    assert told["first_rejected"] == [{"line": 2, "reason": reason}]
    usual = ("--columns", tmp_path / "columns.toml", "--topic", "offers", "--dry-run")
    dry = run("import", site_file, tmp_path / "till.csv", *usual)
    assert (f"line 2: {reason}" in dry.stderr, cell in dry.output) == (True, False)
    (row,) = table_of((tmp_path / "till.csv.rejects.csv").read_text("utf-8"))
    assert row["Origin"].lstrip("'") == cell, "who has the file can see it there"


MISTAKES = {
    "a column that is not there": ('"Origin"', '"Source"', "has no column “Source”"),
    "two meanings": ('["form"]', '["Order"]', "basis: “order” has two meanings"),
    "an unknown key": ("inquiry =", "interest =", "basis.interest: is not a known key"),
}


@pytest.mark.parametrize("case", MISTAKES)
def test_a_mistake_in_the_map_is_one_line(
    run: Run, site_file: Path, tmp_path: Path, case: str
) -> None:
    before, after, reason = MISTAKES[case]
    columns, file = tmp_path / "columns.toml", tmp_path / "till.csv"
    columns.write_text(MAP.replace(before, after), encoding="utf-8")
    file.write_text(f"{HEAD}{ARTA},2026-05-03,order,,\n", encoding="utf-8")
    result = run("import", site_file, file, "--columns", columns, "--topic", "offers")
    assert result.exit_code == 1
    assert reason in result.stderr
    assert result.stderr.count("\n") == 1


def test_an_unknown_basis_is_one_line(run: Run, site_file: Path, tmp_path: Path) -> None:
    file = tmp_path / "till.csv"
    file.write_text(f"email\n{ARTA}\n", encoding="utf-8")
    for options in (("--basis", "gift"), ("--basis", "purchase", "--as", "unsubscribed")):
        result = run("import", site_file, file, *options)
        assert result.exit_code == 2
        assert "--basis" in result.stderr


def test_what_the_person_chooses_here_replaces_it(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,")
    say(database, {"topic:offers": OFFERS})  # type: ignore[arg-type]
    assert ground(database) == Ground()
    told = bring_rows(f"{ARTA},2026-06-03,order,,")
    assert told["unchanged"] == 1
    assert ground(database) == Ground()


def test_a_no_stays_a_no(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,form,,")
    say(database, {"topic:offers": {**OFFERS, "on": False}})  # type: ignore[arg-type]
    told = bring_rows(f"{ARTA},2026-11-03,order,,")
    assert told["held_back"] == 1
    assert not arta(database).profile.state.is_subscribed("offers")


def test_undoing_the_run_brings_back_what_held_before(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,")
    told = bring_rows(f"{ARTA},2026-06-03,form,,")
    assert ground(database) == Ground()
    assert run("import", site_file, "--undo", told["run"]).exit_code == 0
    assert ground(database) == Ground("purchase", MAY)


def test_a_dry_run_says_how_many_were_not_asked_and_for_how_many_the_law_knows_no_such_consent(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    site_file.write_text(
        f'countries = ["CA", "AL"]\n{site_file.read_text("utf-8")}{MORE}', encoding="utf-8"
    )
    columns = tmp_path / "columns.toml"
    columns.write_text(f'{MAP}[fields]\n"Checked" = "country"\n'.replace("phone_evidence", "# "))
    rows = (
        f"{ARTA},2026-05-03,order,,CA\n{BEN},2023-05-03,order,,CA\n"
        "c@example.com,2026-05-03,order,,AL\nd@example.com,2026-05-03,form,,AL\n"
        "e@example.com,2026-05-03,question,,"
    )
    told = bring_rows(rows, "--dry-run")
    assert told["bases"] == {"purchase": 3, "inquiry": 1}
    assert told["unlawful"] == {"no implied consent": 2, "ended": 1}
    file = tmp_path / "till.csv"
    usual = ("--columns", columns, "--topic", "offers")
    text = run("import", site_file, file, *usual, "--dry-run").stderr
    assert f"3 people {WORDS['purchase']}" in text
    run("import", site_file, file, *usual)
    made = run("audience", site_file, "--campaign", "spring")
    assert "spring: 2 may get it, 3 may not:" in made.stderr
    checked = run("check", site_file)
    assert f"3 people (email): {WORDS['purchase']}, which is no consent by the law of Albania" in (
        checked.stderr
    )
    law = run("law", site_file).stdout
    assert "    Canada: consent for 24 months\n    Albania: no consent\n" in law


def test_a_file_for_a_platform_subscribes_nobody_whose_consent_is_none(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path
) -> None:
    site_file.write_text(f'countries = ["AL"]\n{site_file.read_text("utf-8")}', encoding="utf-8")
    bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},2026-05-03,form,,")
    tags = tmp_path / "tags.toml"
    tags.write_text('[topics]\n"Offers" = "offers"\n', encoding="utf-8")
    result = run("export", site_file, "--for", "brevo", "--map", tags)
    rows = {row.split(";")[0]: row.split(";")[1] for row in result.stdout.splitlines()[1:]}
    assert rows == {ARTA: "Yes", BEN: "No"}
    assert f"1 {NO_CONSENT}" in result.stderr
    assert NOT_ASKED not in result.stderr


NOT_ASKED = "some subscribed people were not simply asked (1)"


def test_a_file_for_a_platform_that_forgets_the_basis_comes_with_a_warning(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path
) -> None:
    site_file.write_text(f'countries = ["CA"]\n{site_file.read_text("utf-8")}', encoding="utf-8")
    bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},2026-05-03,form,,")
    tags = tmp_path / "tags.toml"
    tags.write_text('[topics]\n"Offers" = "offers"\n', encoding="utf-8")
    result = run("export", site_file, "--for", "brevo", "--map", tags)
    assert f"warning: {NOT_ASKED}. If this list comes back" in result.stderr


def test_who_left_everything_is_not_counted_among_those_who_were_not_asked(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,\n{BEN},2026-05-03,order,,")
    say(database, {"overall": {"reach": "off", "until": None}})  # type: ignore[arg-type]
    assert f"1 person (email): {WORDS['purchase']}" in run("law", site_file).stdout


def test_an_export_of_ours_carries_it_there_and_back(
    bring_rows: Any, run: Run, site_file: Path, tmp_path: Path, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,order,,")
    (line,) = run(
        "export", site_file, "--fields", "offers", "--format", "ndjson"
    ).stdout.splitlines()
    assert json.loads(line)["topics"]["offers"]["basis"] == "purchase"
    file = tmp_path / "ours.csv"
    run("export", site_file, "--fields", "all", "-o", file)
    assert "email weekly, purchase 2026-05-03T00:00:00Z" in file.read_text("utf-8")
    Preference.delete().execute(database)
    assert "1 changed" in run("import", site_file, file).stdout
    assert ground(database) == Ground("purchase", MAY)


CELLS = {
    "an unknown basis": "email weekly, gift 2026-05-03",
    "no day where one is needed": "email weekly, purchase",
    "a day still to come": "email weekly, purchase 2999-05-03",
    "what is no day": "email weekly, pre_ticked soon",
}


@pytest.mark.parametrize("case", CELLS)
def test_a_cell_of_an_export_that_says_it_wrongly_is_rejected(
    run: Run, site_file: Path, tmp_path: Path, case: str
) -> None:
    file = tmp_path / "ours.csv"
    head = "email,language,status,paused_until,offers,offers:at"
    text = f'{head}\n{ARTA},en,subscribed,,"{CELLS[case]}",2026-05-03\n'
    file.write_text(text, encoding="utf-8")
    told = json.loads(run("import", site_file, file, "--json").stdout)
    assert (told["new"], told["rejected"]) == (0, 1)
    assert "“offers”" in told["first_rejected"][0]["reason"]


# ── numbers that a file proves ──────────────────────────────────────────────────────────────

NUMBER = "+355691234567"


def proved_by(database: Database) -> int | None:
    query = Identity.select(Identity.evidence_run).where(Identity.kind == "phone")
    run: int | None = query.scalar(database)
    return run


def test_a_plain_import_proves_no_number(bring_rows: Any, database: Database) -> None:
    bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},")
    assert proved_by(database) is None


@pytest.mark.parametrize(
    ("cell", "options"),
    [("code of 3 May", ()), ("", ("--phone-evidence", "code of 3 May"))],
)
def test_a_number_is_proved_by_what_its_row_or_whoever_imports_says(
    bring_rows: Any, database: Database, cell: str, options: tuple[str, ...]
) -> None:
    told = bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},{cell}", *options)
    assert proved_by(database) == told["run"]
    assert evidence_of(database)["phone_evidence"] == "code of 3 May"


def test_a_number_that_is_known_already_is_proved_once_and_by_a_record(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    row = f"{ARTA},2026-05-03,form,{NUMBER},"
    bring_rows(row)
    told = bring_rows(f"{row}code")
    assert (told["changed"], proved_by(database)) == (1, told["run"])
    newest = records(database, arta(database).profile.ledger_key)[-1]
    assert newest.evidence["phone_evidence"] == "code"
    assert bring_rows(f"{row}code")["unchanged"] == 1
    assert run("import", site_file, "--undo", told["run"] + 1).exit_code == 0
    assert run("import", site_file, "--undo", told["run"]).exit_code == 0
    assert proved_by(database) is None


def test_a_message_may_go_to_a_number_that_is_proved(
    bring_rows: Any, run: Run, site_file: Path, database: Database
) -> None:
    campaign = MORE.replace('topic = "offers"', 'topic = "offers"\nchannel = "sms"')
    site = f'countries = ["AL"]\n{site_file.read_text("utf-8")}{campaign}'
    site_file.write_text(site, encoding="utf-8")
    for cell, told in (("", "1 the phone number was never confirmed"), ("code", "1 may get it")):
        bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},{cell}")
        say(database, {"topic:offers": {**OFFERS, "channel": "sms"}})  # type: ignore[arg-type]
        assert told in run("audience", site_file, "--campaign", "spring").stderr


def test_another_number_is_not_proved_by_what_proved_the_first(
    bring_rows: Any, database: Database
) -> None:
    bring_rows(f"{ARTA},2026-05-03,form,{NUMBER},code")
    bring_rows(f"{ARTA},2026-05-03,form,+355697654321,")
    assert proved_by(database) is None


@pytest.mark.parametrize("options", [("--phone-evidence", " "), ("--phone-evidence", "c", "--as")])
def test_evidence_that_says_nothing_is_one_line(
    run: Run, site_file: Path, tmp_path: Path, options: tuple[str, ...]
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"email\n{ARTA}\n", encoding="utf-8")
    of_list = ("unsubscribed",) if "--as" in options else ()
    result = run("import", site_file, file, *options, *of_list)
    assert result.exit_code == 2
    assert "--phone-evidence" in result.stderr
