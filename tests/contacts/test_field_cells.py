"""Cells of fields: what is a value of which kind, and what is passed over."""

from __future__ import annotations

import pytest

from widget_backend.contacts.field_cells import KINDS

VALUES = {
    ("text", "Tirana"): "Tirana",
    ("text", "Rruga e Lisit 4\n  Tirana"): "Rruga e Lisit 4 Tirana",
    ("text", "é" * 500): "é" * 500,
    ("text", "é" * 501): None,
    ("number", "1234.50"): 1234.5,
    ("number", "-3"): -3,
    ("number", "+0"): 0,
    ("number", "٣٤٫٥"): None,
    ("number", "٣٤"): 34,
    ("number", "99999999999.9999"): 99999999999.9999,
    ("number", "999999999999.9999"): None,
    ("number", "7.00"): 7,
    ("number", "1,234"): None,
    ("number", "1.234,50"): None,
    ("number", "12,5"): None,
    ("number", "12 EUR"): None,
    ("number", "a lot"): None,
    ("number", "1e5"): None,
    ("number", "nan"): None,
    ("number", "9" * 16): None,
    ("date", "1985-04-02"): "1985-04-02",
    ("date", "2024-03-01T23:30:00-05:00"): "2024-03-01",
    ("date", "2024-02-30"): None,
    ("date", "0000-01-01"): None,
    ("date", "3/1/2024"): None,
    ("date", "20240301"): None,
    ("date", "never"): None,
    ("yes_no", "Yes"): True,
    ("yes_no", "FALSE"): False,
    ("yes_no", "0"): False,
    ("yes_no", "maybe"): None,
    ("country", "AL"): "AL",
    ("country", "xk"): "XK",
    ("country", "Albania"): None,
    ("country", "EU"): None,
    ("country", "QQ"): None,
    ("region", "us-ca"): "US-CA",
    ("region", "AL-11"): "AL-11",
    ("region", "CA"): None,
    ("region", "QQ-CA"): None,
    ("time_zone", "Europe/Tirane"): "Europe/Tirane",
    ("time_zone", "UTC"): "UTC",
    ("time_zone", "Europe/Durres"): None,
    ("time_zone", "CET"): None,
    ("time_zone", "../etc/passwd"): None,
    ("time_zone", "Europe"): None,
}


@pytest.mark.parametrize(("kind", "cell"), VALUES)
def test_a_cell_is_a_value_of_its_kind_or_none(kind: str, cell: str) -> None:
    value = KINDS[kind].read(cell)
    assert value == VALUES[kind, cell]
    assert type(value) is type(VALUES[kind, cell])
