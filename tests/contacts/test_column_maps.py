"""A file of no platform known here: its map is drafted, put right, and read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, OFF, Run, evidence_of, found, table_of
from widget_backend.store.models import Profile

HEADER = "Emri;Posta;Gjendja;Pëlqeu më;Iku më;Grupet"
ROWS = (
    f"Arta;{ARTA};aktiv;2024-03-01 09:00:00;;Offers",
    "Besa;besa@example.com;çregjistruar;2024-03-01 09:00:00;2024-05-01;",
    "Clirim;clirim@example.com;kthyer;2024-03-01 09:00:00;;",
    "Drita;drita@example.com;në pritje;;;",
    "Eni;eni@example.com;aktiv;2024-03-02 09:00:00;;",
    "Fatmir;fatmir@example.com;aktiv;;;",
)
MAP = """
separator = ";"
address = "Posta"
agreed = ["Pëlqeu më"]
left = ["Iku më"]
tags = "Grupet"
kept = ["Emri"]

[[statuses]]
column = "Gjendja"
on = ["aktiv"]
off = ["Çregjistruar"]
undeliverable = ["kthyer"]
pending = ["në pritje"]
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "klientet.csv"
    file.write_text("\n".join((HEADER, *ROWS, "")), encoding="utf-8")
    return file


@pytest.fixture
def bring_mapped(run: Run, site_file: Path, file: Path, tmp_path: Path) -> Callable[..., str]:
    """Import the file by a map, everyone to the offers; returns what is printed."""

    def bring(text: str = MAP, *options: str) -> str:
        column_map = tmp_path / "columns.toml"
        column_map.write_text(text, encoding="utf-8")
        arguments = (site_file, file, "--columns", column_map, "--topic", "offers", *options)
        return run("import", *arguments).output

    return bring


def test_a_map_says_what_the_columns_hold(
    bring_mapped: Callable[..., str], run: Run, site_file: Path, database: Database
) -> None:
    assert "4 new, 0 changed, 0 unchanged, 2 rejected" in bring_mapped()
    exported = {row["email"]: row for row in table_of(run("export", site_file).stdout)}
    assert {who: (row["status"], row["offers"]) for who, row in exported.items()} == {
        ARTA: ("subscribed", "email weekly"),
        "besa@example.com": ("unsubscribed", ""),
        "clirim@example.com": ("undeliverable", ""),
        "eni@example.com": ("subscribed", "email weekly"),
    }
    evidence = evidence_of(database)
    assert (evidence["Emri"], evidence["Gjendja"]) == ("Arta", "aktiv")
    assert evidence["agreed_at"] == "2024-03-01T09:00:00+00:00"
    assert "0 new, 0 changed, 4 unchanged, 2 rejected" in bring_mapped()


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ('address = "Posta"', 'address = "Post"', "address: klientet.csv has no column “Post”"),
        (
            'column = "Gjendja"',
            'column = "Status"',
            "statuses: klientet.csv has no column “Status”",
        ),
        ('address = "Posta"', "", "address: is missing. add address"),
        ('on = ["aktiv"]', 'on = ["aktiv", "kthyer"]', "“kthyer” has two meanings"),
        ('on = ["aktiv"]', 'yes = ["aktiv"]', "yes: is not a known key"),
        ('separator = ";"', 'separator = "-"', "separator: “-” is not a separator"),
        ('separator = ";"', 'encoding = "utf-9"', "encoding: “utf-9” is no encoding known here"),
        ('separator = ";"', 'separator = ","', "address: klientet.csv has no column “Posta”"),
        ('on = ["aktiv"]', 'on = "aktiv"', "on: is a text, not a list"),
        ('agreed = ["Pëlqeu më"]', "agreed = 3", "agreed: is a number, not a list"),
    ],
)
def test_a_map_that_does_not_fit_is_told_with_the_cure_before_anything_is_written(
    bring_mapped: Callable[..., str], database: Database, before: str, after: str, told: str
) -> None:
    output = bring_mapped(MAP.replace(before, after))
    assert told in output
    assert output.count("\n") == 1
    assert Profile.select().count(database) == 0


def test_a_word_that_the_map_leaves_out_is_an_error(
    bring_mapped: Callable[..., str], database: Database
) -> None:
    output = bring_mapped(MAP.replace('pending = ["në pritje"]', ""))
    assert "line 5: “në pritje” in the column “Gjendja” is no status known here" in output
    assert Profile.select().count(database) == 0


def test_another_encoding_is_read_if_the_map_says_which(
    bring_mapped: Callable[..., str], file: Path, database: Database
) -> None:
    file.write_text("\n".join((HEADER, *ROWS, "")), encoding="windows-1250")
    assert "it is not in UTF-8" in bring_mapped() or "line 1: it is not in" in bring_mapped()
    assert "4 new" in bring_mapped(f'encoding = "windows-1250"\n{MAP}')
    assert found(database, "besa@example.com")["besa@example.com"].profile.state == {"overall": OFF}


def test_a_platform_and_a_map_cannot_both_say_it(bring_mapped: Callable[..., str]) -> None:
    assert "--platform and --columns both say" in bring_mapped(MAP, "--platform", "ghost")


def test_the_rows_that_were_rejected_are_read_by_the_same_map(
    bring_mapped: Callable[..., str], file: Path, tmp_path: Path, database: Database
) -> None:
    bring_mapped()
    rejects = tmp_path / "klientet.csv.rejects.csv"
    corrected = rejects.read_text(encoding="utf-8").replace("në pritje,", "aktiv,2024-03-01")
    file.write_text(corrected, encoding="utf-8")
    rejects.unlink()
    assert "1 new" in bring_mapped()


# ── drafts ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "windows-1252"])
def test_a_draft_can_be_read_and_names_the_addresses_the_times_and_the_words(
    run: Run, file: Path, encoding: str
) -> None:
    file.write_text("\n".join((HEADER, *ROWS, "")), encoding=encoding)
    draft = run("import", "--describe", file).output
    data = tomllib.loads(draft)
    assert (data["separator"], data["address"], data["encoding"]) == (";", "Posta", encoding)
    assert "addresses in 6 rows" in draft
    assert '# agreed = ["Pëlqeu më"]\n# left = ["Iku më"]\n' in draft
    assert "# Gjendja: aktiv (3)" in draft
    assert ARTA not in draft


def test_a_draft_whose_words_are_filled_in_is_a_map(
    run: Run, file: Path, bring_mapped: Callable[..., str]
) -> None:
    lines = run("import", "--describe", file).output.splitlines()
    draft = "\n".join(lines).replace("# agreed", "agreed")
    draft = draft.replace("# [[", "[[").replace("# column", "column")
    draft = draft.replace("# on = []", 'on = ["aktiv"]').replace(
        "# off = []", 'off = ["çregjistruar"]'
    )
    draft = draft.replace("# undeliverable = []", 'undeliverable = ["kthyer"]')
    draft = draft.replace("# pending = []", 'pending = ["në pritje"]')
    assert tomllib.loads(draft)["statuses"][0]["off"] == ["çregjistruar"]
    assert "4 new, 0 changed, 0 unchanged, 2 rejected" in bring_mapped(draft)


def test_a_map_that_has_no_such_line_is_told_how_to_write_it(
    bring_mapped: Callable[..., str], file: Path
) -> None:
    assert 'name it in columns.toml as agreed = ["…"]' in bring_mapped(
        'address = "Posta"\nseparator = ";"'
    )


def test_topics_by_tags_are_warned_of_where_no_column_holds_tags(
    bring_mapped: Callable[..., str], tmp_path: Path
) -> None:
    tags = tmp_path / "tags.toml"
    tags.write_text('[topics]\n"VIP" = "news"\n', encoding="utf-8")
    warning = "no column holds tags, so the topics of --map are nobody’s."
    assert warning in bring_mapped(MAP.replace('tags = "Grupet"', ""), "--map", str(tags))
    assert warning not in bring_mapped(MAP, "--map", str(tags))
