"""`import --describe`: what a draft proposes by the names and the cells of columns."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.support.contacts import ARTA, Run


def test_words_that_everybody_uses_are_under_their_meaning_already(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    rows = "".join(f"a{at}@example.com,{'active' if at % 2 else 'bounced'}\n" for at in range(8))
    file.write_text(f"Mail,State\n{rows}", encoding="utf-8")
    (status,) = tomllib.loads(run("import", "--describe", file).output)["statuses"]
    assert (status["column"], status["on"], status["undeliverable"]) == (
        "State",
        ["active"],
        ["bounced"],
    )


OF_CONSENT = [
    *("Data e pëlqimit", "DATA E PELQIMIT", "Pranuar më", "تاريخ الموافقة", "وافقت في"),
    *("Consent date", "Opt-in date", "OPTIN_TIME", "opted in", "Agreed on"),
]


def draft_of(run: Run, folder: Path, header: str, row: str) -> str:
    """What `import` proposes for a list of one row."""
    file = folder / "list.csv"
    file.write_text(f"{header}\n{row}\n", encoding="utf-8")
    return run("import", "--describe", file).output


@pytest.mark.parametrize("name", OF_CONSENT)
def test_a_column_that_by_its_name_says_when_people_agreed_is_proposed(
    run: Run, tmp_path: Path, name: str
) -> None:
    draft = draft_of(run, tmp_path, f"Mail,Added,{name}", f"{ARTA},2020-01-01,2024-03-01")
    assert "agreed" not in tomllib.loads(draft), "which is for whoever imports to say"
    assert f"By its name, “{name}” says when people agreed." in draft
    assert f'# agreed = ["{name}"]\n# left = ["Added"]\n' in draft


@pytest.mark.parametrize("name", ["Created", "Data e shtimit", "تاريخ الميلاد", "Last order"])
def test_of_other_times_nothing_is_proposed(run: Run, tmp_path: Path, name: str) -> None:
    draft = draft_of(run, tmp_path, f"Mail,{name}", f"{ARTA},2020-01-01")
    assert "By its name" not in draft
    assert f'# agreed = ["{name}"]\n# left = ["{name}"]\n' in draft


@pytest.mark.parametrize("name", ["Telefoni", "Mobile", "رقم الهاتف"])
def test_a_column_of_phone_numbers_is_proposed_by_its_name(
    run: Run, tmp_path: Path, name: str
) -> None:
    draft = draft_of(run, tmp_path, f"Mail,{name}", f"{ARTA},+355692345678")
    assert "phone" not in tomllib.loads(draft), "which is for whoever imports to say"
    assert f'# Then use this line:\n# phone = "{name}"\n' in draft


def test_a_file_without_email_addresses_names_no_column_for_them(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("Name,Phone\nArta,+355692345678\n", encoding="utf-8")
    draft = run("import", "--describe", file).output
    assert "address" not in tomllib.loads(draft)
    assert "# No column holds email addresses." in draft


@pytest.mark.parametrize("other", ["2024-03-01", "17.05.2024"])
def test_a_draft_warns_of_days_that_can_be_read_in_two_ways(
    run: Run, tmp_path: Path, other: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        f"Mail,Consent,Left\n{ARTA},1.3.2024,2024-03-01\nb@example.com,{other},\n", encoding="utf-8"
    )
    draft = run("import", "--describe", file).output
    assert "“Consent” has days with two readings: write all its days as 2024-03-01." in draft
    assert "“Left” has" not in draft


def test_of_days_with_one_reading_a_draft_says_only_that_they_are_not_read(
    run: Run, tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(f"Mail,Consent\n{ARTA},17.05.2024\n", encoding="utf-8")
    draft = run("import", "--describe", file).output
    assert "“Consent” has days that import does not read: write them as 2024-03-01." in draft
    assert "two readings" not in draft


def test_of_a_draft_as_it_is_the_line_is_named_that_says_when_people_agreed(
    run: Run, site_file: Path, tmp_path: Path
) -> None:
    file, draft = tmp_path / "list.csv", tmp_path / "columns.toml"
    file.write_text(f"Mail,Data e pëlqimit\n{ARTA},2024-03-01\n", encoding="utf-8")
    draft.write_text(run("import", "--describe", file).output, encoding="utf-8")
    arguments = (site_file, file, "--columns", draft, "--topic", "offers")
    result = run("import", *arguments)
    (number,) = re.findall(
        r"columns\.toml names no column that says when people agreed\. remove the “#” at the start "
        r"of line (\d+) in columns\.toml, if it is so, or say where and when they agreed with "
        r"--consent\.\n",
        result.output,
    )
    lines = draft.read_text(encoding="utf-8").splitlines()
    lines[int(number) - 1] = lines[int(number) - 1].removeprefix("# ")
    draft.write_text("\n".join(lines), encoding="utf-8")
    assert "1 new" in run("import", *arguments).output


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "it is empty"),
        (b"a,b\n", "it has no rows"),
        (b"PK\x03\x04", "damaged zip archive"),
        (None, "No such file"),
    ],
)
def test_what_has_no_columns_has_no_draft(
    run: Run, tmp_path: Path, content: bytes | None, told: str
) -> None:
    file = tmp_path / "list.csv"
    if content is not None:
        file.write_bytes(content)
    result = run("import", "--describe", file)
    assert result.exit_code == 1
    assert told.casefold() in result.output.casefold()
