"""Where somebody is, as far as fields tell: one answer for decisions and for requests."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.sites import site
from widget_backend.rules.fields import country_of
from widget_backend.site.model import ProfileField

SHOP = replace(
    site(),
    fields=(
        ProfileField("land", "Land", "text", gives="country"),
        ProfileField("area", "Area", "text", gives="region"),
        ProfileField("city", "City", "text"),
    ),
)


@pytest.mark.parametrize(
    ("values", "country"),
    [
        ({"land": "AL", "area": "US-CA"}, "AL"),
        ({"area": "US-CA"}, "US"),
        ({"city": "Tirana"}, None),
        ({"gone": "AL"}, None),
        ({}, None),
    ],
)
def test_the_country_is_that_of_its_field_or_of_the_region(
    values: dict[str, str], country: str | None
) -> None:
    assert country_of(SHOP, values) == country
