"""Which tag is which topic or role, and what cannot be one."""

from __future__ import annotations

from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import ARTA, Export, Run, found
from widget_backend.contacts.mapping import read_mapping
from widget_backend.errors import FileRefused
from widget_backend.site.model import Site


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
            "[roles], [lists], [contacts] and [fields].",
        ),
        ('topics = "offers"', "topics: is not a known table"),
        (
            '[topics]\n"A" = "offers"\n"A" = "news"',
            "Cannot overwrite a value. each name may stand once.",
        ),
        (b"[topics]\n\xeb", "line 2: is not UTF-8. save it as UTF-8."),
    ],
)
def test_a_mistake_in_the_map_is_named_with_file_key_and_cure(
    site: Site, tmp_path: Path, content: str | bytes, said: str
) -> None:
    file = tmp_path / "tags.toml"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(FileRefused) as refused:
        read_mapping(file, site)
    assert str(refused.value).startswith(f"{file}: ")
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_map_that_is_missing_is_named(site: Site, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="no such file"):
        read_mapping(tmp_path / "tags.toml", site)


def test_tags_without_effect_are_told_once_at_the_end_the_most_frequent_first(
    run: Run, site_file: Path, export_of: Export, tag_file: Path
) -> None:
    rows = [
        {"Email Address": f"a{number}@example.com", "TAGS": tags}
        for number, tags in enumerate(['"Offers","Club, silver"', "VIP", "VIP", "Trade"])
    ]
    result = run("import", site_file, export_of("subscribed", *rows), "--map", tag_file)
    assert result.exit_code == 0
    assert result.stderr == (
        "warning: subscribed.csv: 2 tags had no effect: “VIP” (2), “Club, silver” (1). "
        "name them in the file of --map if they should have one.\n"
    )


def test_of_many_tags_without_effect_a_few_are_named(
    run: Run, site_file: Path, export_of: Export
) -> None:
    tags = ",".join("abcdefg")
    file = export_of("subscribed", {"Email Address": ARTA, "TAGS": tags})
    said = "7 tags had no effect: “a” (1), “b” (1), “c” (1), “d” (1), “e” (1) and 2 more. "
    assert said in run("import", site_file, file).stderr
    one = export_of("subscribed", {"Email Address": ARTA, "TAGS": "a"})
    assert "1 tag had no effect: “a” (1). " in run("import", site_file, one).stderr
