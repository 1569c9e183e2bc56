"""What a screen reader gets of each screen is what is written in `trees/`, in English and Arabic.

A test that fails after a change on purpose: `make trees`, then read the difference as somebody
who only hears the page.
"""

from __future__ import annotations

import pytest

from e2e.support.showing import Case, Shown, cases
from e2e.support.trees import FOLDER, engine_says, file_of, spoken, stable, tree

READ = cases(engines=["chromium"], tags=["en", "ar"])
in_one_engine = pytest.mark.parametrize("case", READ, ids=str, indirect=True)


@in_one_engine
def test_a_screen_reads_as_it_is_written(
    shown: Shown, case: Case, request: pytest.FixtureRequest
) -> None:
    file, read = file_of(case), tree(shown)
    if request.config.getoption("write_trees"):
        file.write_text(read, encoding="utf-8")
    assert read == file.read_text(encoding="utf-8"), f"{file.name}: see “make trees”"


@in_one_engine
def test_the_engine_itself_says_the_same(shown: Shown, case: Case) -> None:
    assert engine_says(shown) == spoken(file_of(case).read_text(encoding="utf-8"))


def test_every_tree_belongs_to_a_screen() -> None:
    assert {each.name for each in FOLDER.iterdir()} == {file_of(case).name for case in READ}


SNAPSHOT = """\
- link "Terms":
  - /url: /p/secret
- 'button "Or: it''s \\"now\\""'
- 'checkbox "Ticked: yes" [checked]'
- paragraph: mira.0123456789abcdef@example.com"""


def test_a_tree_holds_nothing_that_differs_from_run_to_run() -> None:
    read = stable(SNAPSHOT)
    assert "secret" not in read
    assert "mira.…@example.com" in read


def test_names_are_read_without_what_the_text_needs_around_them() -> None:
    assert spoken(stable(SNAPSHOT)) == [
        "link Terms",
        'button Or: it\'s "now"',
        "checkbox Ticked: yes",
    ]
