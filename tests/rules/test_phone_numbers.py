"""However a phone number is written, it is stored in one spelling; what is none is refused."""

from __future__ import annotations

import pytest

from widget_backend.rules.phone_numbers import phone_number

NUMBER = "+355691234567"


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "+355 69 123 4567",
        "00355 69 123 4567",
        "+355 (0)69 / 123-45.67",
        "\u200e+355691234567\u202c",
        "+٣٥٥٦٩١٢٣٤٥٦٧",
        "٠٠٣٥٥٦٩١٢٣٤٥٦٧",
    ],
)
@pytest.mark.parametrize("region", ["", "AL", "IT"])
def test_a_number_with_its_country_code_is_the_same_everywhere(typed: str, region: str) -> None:
    assert phone_number(typed, region) == NUMBER


@pytest.mark.parametrize(
    ("typed", "region", "stored"),
    [
        ("069 123 4567", "AL", NUMBER),
        ("69 123 4567", "AL", NUMBER),
        ("069 123 4567", "", None),
        ("06 6982 1234", "IT", "+390669821234"),
        ("01001234567", "EG", "+201001234567"),
        ("+999123456789", "AL", "+999123456789"),
        ("+12", "AL", None),
        ("12", "AL", None),
        ("+0691234567", "", None),
        ("069 123 4567 ext 5", "AL", None),
        ("call me", "AL", None),
        ("", "AL", None),
        ("+1" * 20, "AL", None),
        ("0" * 10_000, "AL", None),
        ("+" + "9" * 16, "AL", None),
    ],
)
def test_a_number_without_a_country_code_is_of_the_region(
    typed: str, region: str, stored: str | None
) -> None:
    assert phone_number(typed, region) == stored


@pytest.mark.parametrize("region", ["", "AL", "IT", "EG"])
def test_the_stored_spelling_is_read_as_itself(region: str) -> None:
    for typed in ("069 123 4567", "+390669821234", "0100 123 4567"):
        stored = phone_number(typed, region)
        assert stored is None or phone_number(stored, region) == stored
