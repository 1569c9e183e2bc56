"""What every door needs, whatever kind of door it is. No Flask."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from peewee import Database

from widget_backend.mail.transports import ServerCapabilities
from widget_backend.rate_limits import Limits
from widget_backend.signing import Signer
from widget_backend.site.load import SiteInLanguages
from widget_backend.store.checkpoints import CheckpointFile
from widget_backend.store.suppression_file import SuppressionFile

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Context:
    """The sites that are served, the store, the keys, the time, the counters, what the mail server
    can, the file of checkpoints if any are signed, where people report weaknesses, whether letters
    are sent at all, and the file of suppressions if there is one."""

    sites: Mapping[str, SiteInLanguages]
    database: Database
    signer: Signer
    clock: Clock = utc_now
    limits: Limits = field(default_factory=Limits)
    mail: ServerCapabilities = field(default_factory=ServerCapabilities)
    checkpoints: CheckpointFile | None = None
    security_contact: tuple[str, ...] = ()
    sends_mail: bool = True
    suppressions: SuppressionFile | None = None

    @property
    def now(self) -> int:
        """Seconds since 1970."""
        return int(self.clock().timestamp())
