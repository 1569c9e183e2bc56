"""The few emails that we send ourselves."""

from __future__ import annotations

from tests.support.words import Text

LINK_IS_YOURS_ALONE = Text("This link opens your choices, so keep it to yourself.")
IF_NOT_YOU_WRITE = Text("If this was not you, write to us: our postal address is below.")
