"""The key screens, at both doors."""

from __future__ import annotations

from e2e.hosted import HOSTED
from e2e.in_shop import IN_SHOP

SCREENS = HOSTED + IN_SHOP
