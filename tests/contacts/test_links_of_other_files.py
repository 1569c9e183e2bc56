"""`links` reads what `import` reads: by a column map, by the name of a platform, or neither."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from tests.support.contacts import ARTA, WHEN, Run

MAP = """
separator = ";"
encoding = "windows-1252"
address = "Posta"
agreed = ["Pëlqeu më"]
"""
ROWS = f"Emri;Posta;Pëlqeu më\nArtë;{ARTA};{WHEN}\nBen;nobody;{WHEN}\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """As Excel saves it on many machines."""
    file = tmp_path / "klientet.csv"
    file.write_bytes(ROWS.encode("windows-1252"))
    return file


@pytest.fixture
def column_map(tmp_path: Path) -> Path:
    column_map = tmp_path / "columns.toml"
    column_map.write_text(MAP, encoding="utf-8")
    return column_map


@pytest.mark.usefixtures("tables")
def test_the_map_of_an_import_makes_the_links_of_the_same_file(
    run: Run, site_file: Path, file: Path, column_map: Path
) -> None:
    options = (site_file, file, "--columns", column_map)
    assert "1 new" in run("import", *options, "--topic", "offers").output
    result = run("links", *options)
    assert "links for 1, 1 rejected" in result.stderr
    header, row = csv.reader(io.StringIO(result.stdout), delimiter=";")
    assert header[:4] == ["Emri", "Posta", "Pëlqeu më", "language"]
    assert row[:3] == ["Artë", ARTA, WHEN]
    assert row[4].startswith("https://prefs.shop.example/p/")
    again = run("links", site_file, f"{file}.links.rejects.csv", "--columns", column_map)
    assert "links for 0, 1 rejected" in again.stderr


@pytest.mark.usefixtures("tables")
def test_rejects_that_were_put_right_are_read_by_the_same_map_in_their_own_encoding(
    run: Run, site_file: Path, file: Path, column_map: Path
) -> None:
    options = ("--columns", column_map)
    assert "1 rejected" in run("import", site_file, file, *options, "--topic", "offers").output
    rejects = Path(f"{file}.rejects.csv")
    text = rejects.read_text(encoding="utf-8").replace("nobody", "ben@example.com")
    rejects.write_text(text, encoding="utf-8")
    assert "1 new" in run("import", site_file, rejects, *options, "--topic", "offers").output
    assert "links for 1, 0 rejected" in run("links", site_file, rejects, *options).stderr


@pytest.mark.usefixtures("tables")
def test_a_file_of_two_platforms_is_named_with_its_links_as_well(
    run: Run, site_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"Subscriber,Status,Opt-in time\n{ARTA},active,{WHEN}\n", encoding="utf-8")
    options = (site_file, file, "--platform", "mailerlite")
    assert "1 new" in run("import", *options, "--topic", "offers").output
    assert "links for 1, 0 rejected" in run("links", *options).stderr


@pytest.mark.usefixtures("tables")
@pytest.mark.parametrize(
    "options",
    [
        (),
        ("--address-column", "Posta"),
        ("--columns", "columns.toml", "--platform", "brevo"),
        ("--columns", "columns.toml", "--address-column", "Mail"),
        ("--columns", "none.toml"),
        ("--columns", "wrong.toml"),
        ("--columns", "other.toml"),
        ("--platform", "none"),
        ("--platform", "brevo"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_in_the_same_words(
    run: Run,
    site_file: Path,
    file: Path,
    column_map: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
) -> None:
    monkeypatch.chdir(column_map.parent)
    Path("wrong.toml").write_text('adress = "Posta"\n', encoding="utf-8")
    Path("other.toml").write_text(MAP.replace("Posta", "Mail"), encoding="utf-8")
    imported, linked = (run(each, site_file, file, *options) for each in ("import", "links"))
    assert linked.exit_code == imported.exit_code != 0
    said = imported.output.replace("widget import", "widget links").replace(
        "main import", "main links"
    )
    assert linked.output == said


@pytest.mark.usefixtures("tables")
def test_a_map_without_addresses_has_no_links(
    run: Run, site_file: Path, file: Path, column_map: Path
) -> None:
    column_map.write_text(MAP.replace("address", "customer"), encoding="utf-8")
    result = run("links", site_file, file, "--columns", column_map)
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr.startswith(f"{column_map}: address: is missing. add address = ")


@pytest.mark.parametrize("command", ["import", "links"])
def test_a_quotation_mark_that_stays_open_in_the_first_line_is_named_by_every_reader(
    run: Run, site_file: Path, file: Path, column_map: Path, command: str
) -> None:
    file.write_bytes(ROWS.replace("Emri", '"Emri').encode("windows-1252"))
    opened = f"{file}: a quotation mark opens in line 1, and its text does not end there. close it"
    assert run(command, site_file, file, "--columns", column_map).output.startswith(opened)
    file.write_text(ROWS.replace("Emri", '"Emri').replace(";", ","), encoding="utf-8")
    assert run(command, site_file, file).output.startswith(opened)


def test_a_file_with_semicolons_need_not_be_saved_again(
    run: Run, site_file: Path, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(ROWS, encoding="utf-8")
    for command in ("import", "links"):
        refused = run(command, site_file, file).output
        assert "or keep it as it is: import --describe drafts a map" in refused
        assert "--columns" in refused
