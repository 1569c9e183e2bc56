"""Other statuses: columns that say who wants no mail, under a name that is not known here.

They cannot be obeyed, since nobody knows all of their words, and must not be passed over: a time
at which somebody agreed says nothing of whether they left afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from widget_backend.contacts.csv_reader import Row, Table
from widget_backend.contacts.statuses import NO, WORDS
from widget_backend.errors import FileRefused

_SAYS_NO = re.compile(
    r"(?<!list)unsub(?!scribeurl)|opt(ed)?out|blacklist|blocklist|blocked|hardbounce|bounced|"
    r"suppress|donot(e?mail|contact|market|send)|complained|spamcomplaint|markedasspam"
)
"""Parts of the name of a column that is filled for who wants no mail. Those that `links` writes for
everyone are none."""
_SAYS_YES = re.compile(r"subscribed|opt(ed)?in|consent|accepts|permission|marketable")
_IS_STATUS = re.compile(
    r"(mail|contact|subscri|member(?!ship)|marketing|newsletter|permission).*status"
)
_OF_ANOTHER_CHANNEL = re.compile(r"sms|phone|call|push|whatsapp|directmail|postal")

_EMPTY = {"", "null", "none", "na", "never"}
_NO = {*NO, "n", "f"}
_REFUSALS = {
    *(re.sub(r"[\W_]", "", word) for word, meaning in WORDS.items() if meaning == "off"),
    *("cleaned", "bounced", "hardbounced", "nonsubscribed", "neversubscribed", "notsubscribed"),
    *("optedout", "optout", "blacklisted", "blocklisted", "suppressed", "donotemail"),
}
"""What a cell says, in a column of any name, of somebody who wants no mail or gets none."""

LONGEST = 40
"""Characters. What is longer is a text or a link."""

CURE = (
    "rename the column in the first line, with a text editor: “Status” if it holds words such as "
    "subscribed and unsubscribed, “Unsubscribed from all email” if it holds yes and no, or a name "
    "of your own if it says nothing about email; put people who left at a time that it holds into "
    "a file of their own, and call it UNSUB_TIME there"
)


def refuse_other_statuses(
    table: Table, read_anyway: Collection[int], subscribing: Iterable[Row]
) -> None:
    """Raises FileRefused for the first of these rows that says no in a column that is not read.

    `read_anyway` are the columns that are; `subscribing` the rows that the others make a yes.
    """
    is_no_of = {at: _test_of(name) for at, name in enumerate(table.header) if at not in read_anyway}
    for row in subscribing:
        for at, is_no in is_no_of.items():
            cell = row[at]
            if cell and len(cell) <= LONGEST and is_no(_plain(cell)):
                word = "something" if "@" in cell else f"“{cell}”"
                where = f"{word} in the column “{table.header[at]}”"
                reason = f"line {row.line}: {where} may mean no, and that column is not known here"
                raise FileRefused(str(table.path), reason, CURE)


def _test_of(name: str) -> Callable[[str], bool]:
    """What tells, of a plain cell in the column of this name, whether it is a no."""
    plain = _plain(name)
    if _OF_ANOTHER_CHANNEL.search(plain):
        return lambda _: False
    if _SAYS_NO.search(plain):
        return lambda cell: cell not in _EMPTY | _NO
    if _IS_STATUS.search(plain):
        return lambda cell: cell not in _EMPTY and WORDS.get(cell) != "on"
    if _SAYS_YES.search(plain):
        return lambda cell: cell in _NO | _REFUSALS
    return lambda cell: cell in _REFUSALS


def _plain(text: str) -> str:
    """Letters and digits only, whatever their case."""
    return re.sub(r"[\W_]", "", text.casefold())
