"""A till’s list, which says of each person how they came to agree, and what is kept of that."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from peewee import Database

from tests.support.contacts import ARTA, found
from widget_backend.rules.basis import Ground, ground_of

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
"""What a shop declares that sends by the law of a country."""


def declare(site_file: Path, keys: str, tables: str = "") -> None:
    """Write more into a site file: keys before what is there, and tables after it."""
    text = site_file.read_text(encoding="utf-8")
    site_file.write_text(f"{keys}\n{text}{tables}", encoding="utf-8")


def ground(database: Database, email: str = ARTA) -> Ground:
    """How somebody came to agree to the offers, and when."""
    return ground_of(found(database, email)[email].profile.state.preference("offers"))
