"""Other statuses: columns with unknown names that say who wants no email.

They cannot be obeyed, since not all of their words are known. They must not be ignored either: the
time when a person agreed says nothing about whether they unsubscribed afterwards.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable

from widget_backend.contacts.csv_reader import CsvFile, CsvRow
from widget_backend.contacts.platforms.own_list import WORDS
from widget_backend.contacts.unreadable import quoted
from widget_backend.errors import FileRefused


def _plain(text: str) -> str:
    """Only the letters and digits, without case and accents: ë and e, أ and ا are one."""
    # Accents are no letters once they stand alone.
    letters = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return re.sub(r"[\W_]", "", letters.casefold())


def _pattern(regex: str, *words: str) -> re.Pattern[str]:
    """Of the regex, or any of the words, in a plain text."""
    return re.compile("|".join((regex, *map(_plain, words))))


# In English as a regex, then in Albanian, Arabic, Italian, German and French.
_SAYS_NO = _pattern(
    r"(?<!list)unsub(?!scribeurl)|opt(ed)?out|blacklist|blocklist|blocked|hardbounce|bounced|"
    r"suppress|donot(e?mail|contact|market|send)|^dnc$|complained|spamcomplaint|markedasspam",
    *("çregjistruar", "çabonuar", "paabonuar", "mos dërgo", "bllokuar"),
    *("إلغاء الاشتراك", "ألغى الاشتراك", "محظور"),
    *("disiscri", "abgemeldet", "abbestellt", "widerrufen", "désabonn", "désinscri"),
)
"""Parts of the name of a column that is filled for people who want no email. It does not match the
columns that `links` fills for everyone."""
_SAYS_YES = _pattern(
    r"subscribed|opt(ed)?in|consent|accepts|permission|marketable|gdpr|"
    r"^(e?mail)?(newsletters?|marketing)(e?mails?)?$",
    *("abonuar", "pajtuar", "pëlqim", "مشترك", "اشتراك", "موافق"),
    *("iscritt", "abonniert", "angemeldet", "einwilligung", "abonné", "inscrit"),
)
_IS_STATUS = re.compile(
    r"(mail|contact|subscri|member(?!ship)|marketing|newsletter|permission|abon).*statu|"
    rf"^(statusi|gjendja|statut|{_plain('حالة')}|{_plain('الحالة')}|{_plain('حالة الاشتراك')})$"
)
_OF_ANOTHER_CHANNEL = re.compile(r"sms|phone|call|push|whatsapp|directmail|postal")

_EMPTY = {"", "null", "none", "na", "never"}
_NO = {"no", "false", "0", "n", "f", *map(_plain, ("jo", "لا", "nein", "non"))}
_TAKEN_BACK = {"withdrawn", "revoked", "refused", "declined", "denied"}
_REFUSALS = {
    *(_plain(word) for word, meaning in WORDS.items() if meaning == "off"),
    *("cleaned", "bounced", "hardbounced", "nonsubscribed", "neversubscribed", "notsubscribed"),
    *("optedout", "optout", "blacklisted", "blocklisted", "suppressed", "donotemail"),
    *map(_plain, ("çregjistruar", "i çregjistruar", "çabonuar", "i çabonuar", "i paabonuar")),
    *map(_plain, ("غير مشترك", "غير مشتركة", "ألغى الاشتراك", "ألغت الاشتراك", "إلغاء الاشتراك")),
    *map(_plain, ("disiscritto", "disiscritta", "non iscritto", "abgemeldet", "abbestellt")),
    *map(_plain, ("désabonné", "désabonnée", "désinscrit", "désinscrite")),
}
"""Words that mean, in a column of any name, that a person wants or gets no email."""

LONGEST = 40
"""Characters. A longer cell holds a text or a link."""

CURE = (
    "rename the column in the first line, with a text editor: “Status” if it holds words such as "
    "subscribed and unsubscribed, “Unsubscribed from all email” if it holds yes and no, or a name "
    "of your own if it says nothing about email; put people who left at a time that it holds into "
    "a file of their own, and call it UNSUB_TIME there; or say what it holds with --columns, which "
    "--describe drafts"
)


def refuse_other_statuses(
    csv_file: CsvFile, read: Collection[int], subscribing: Iterable[CsvRow]
) -> None:
    """Raises FileRefused for the first of these rows that says no in a column that is not read.

    `read` are the indexes of the columns that the import reads, and `subscribing` the rows that
    these columns would subscribe.
    """
    tests = {at: _refusal_test(name) for at, name in enumerate(csv_file.header) if at not in read}
    for row in subscribing:
        for at, is_no in tests.items():
            cell = row[at]
            if cell and len(cell) <= LONGEST and is_no(_plain(cell)):
                where = f"{quoted(cell)} in the column “{csv_file.header[at]}”"
                reason = f"line {row.line}: {where} may mean no, and that column is not known here"
                raise FileRefused(str(csv_file.path), reason, CURE)


def _refusal_test(name: str) -> Callable[[str], bool]:
    """Whether a plain cell means no in the column of this name, as a function of the cell."""
    plain = _plain(name)
    if _OF_ANOTHER_CHANNEL.search(plain):
        return lambda _: False
    if _SAYS_NO.search(plain):
        return lambda cell: cell not in _EMPTY | _NO
    if _IS_STATUS.search(plain):
        return lambda cell: cell not in _EMPTY and WORDS.get(cell) != "on"
    if _SAYS_YES.search(plain):
        return lambda cell: cell in _NO | _TAKEN_BACK | _REFUSALS
    return lambda cell: cell in _REFUSALS
