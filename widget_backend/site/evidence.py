"""What the owner declares for receipts of consent, and for checkpoints of what is recorded."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from widget_backend.site.keys import Line, MailAddress, Words, one, some
from widget_backend.site.values import complain, is_line, is_mail_address

_NAME = re.compile("[A-Z][A-Za-z]+")


def is_purpose(value: str) -> None:
    if not _NAME.fullmatch(value):
        cure = "write one of https://w3id.org/dpv#purposes without its prefix, as DirectMarketing"
        raise complain(f"“{value}” is no name of a purpose", cure)


PurposeName = Annotated[str, one(is_purpose)]
"""A purpose of the Data Privacy Vocabulary of the W3C's community group."""


@dataclass(frozen=True)
class Evidence:
    """What a receipt says and nothing else in the file does, after ISO/IEC TS 27560.

    `contact` is where people reach the controller about their data, `storage_duration` how long
    consent is kept and `storage_location` where. `recipients` are who else gets the data, such as
    the email platform, and `authority` is whom people can complain to. `checkpoints_to` are whom
    each new checkpoint is mailed to, such as an auditor.
    """

    contact: MailAddress
    storage_duration: Words
    storage_location: Words
    recipients: Annotated[tuple[str, ...], some(is_line)]
    authority: Line = ""
    checkpoints_to: Annotated[tuple[str, ...], some(is_mail_address)] = ()
