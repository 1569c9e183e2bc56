"""“Do not track me”: whether anything may be learned from what a person does.

Nothing is learned yet. What records opens, clicks or visits must ask `may_be_observed` first.
"""

from __future__ import annotations

from widget_backend.rules.later_words import no_at, yes_at
from widget_backend.rules.state import DO_NOT_TRACK, Change, DoNotTrack, State, difference


def may_be_observed(state: State) -> bool:
    """False while the person wants not to be tracked (GDPR 21, the right to object).

    True is no consent: where a law asks for one, it is needed as well.
    """
    return not is_wanted(state.do_not_track)


def is_wanted(wish: DoNotTrack | None) -> bool:
    return wish is not None and wish["wanted"]


def ask(state: State, wanted: bool, at: int) -> list[Change]:
    """What changes when the person asks for it, or takes it back: nothing, if it is so already."""
    if is_wanted(state.do_not_track) == wanted:
        return []
    wish: DoNotTrack = {"wanted": wanted, "at": at}
    return difference(state, {DO_NOT_TRACK: wish})


def is_later(theirs: DoNotTrack, mine: DoNotTrack | None) -> bool:
    """Whether a wish that was recorded elsewhere replaces ours. Of one and of taking it back the
    later counts; the wish, where nobody knows. The same said again later is a later word."""
    if mine is None:
        return theirs["wanted"] or theirs["at"] is not None
    if theirs["wanted"] and not mine["wanted"]:
        return no_at(theirs["at"]) >= yes_at(mine["at"])
    return yes_at(theirs["at"]) > no_at(mine["at"])
