"""The key screens, at both doors."""

from __future__ import annotations

from e2e.support.hosted import HOSTED
from e2e.support.in_shop import IN_SHOP

SCREENS = HOSTED + IN_SHOP
