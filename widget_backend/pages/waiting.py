"""What holds messages of each topic back, for pages that tell people of their topics.

Some topics only wait; others are refused: nothing of them comes until somebody changes something.
No page may promise those, nor count them.
"""

from __future__ import annotations

from collections.abc import Collection

from markupsafe import Markup

from widget_backend.actions.may_send import outlook
from widget_backend.rules.state import State
from widget_backend.rules.volume import messages_a_month
from widget_backend.store.profiles import Profile
from widget_backend.web.request_context import RequestContext
from widget_backend.web.waiting_sentences import OF_EVERYTHING, refusal_sentences, waiting_sentence


def waiting_topics(ctx: RequestContext, stands_alone: bool = False) -> dict[str, Markup]:
    """A sentence for each topic that waits, by id.

    What holds back everything is only said where the sentence `stands_alone`.
    """
    if ctx.profile.pending:
        return {}
    sentences = {
        topic: waiting_sentence(ctx.language, ctx.site, decision)
        for topic, decision in outlook(ctx.database, ctx.site, ctx.profile.id, ctx.now).items()
        if stands_alone or not (decision.deciding and decision.deciding.rule in OF_EVERYTHING)
    }
    return {topic: sentence for topic, sentence in sentences.items() if sentence}


def refused_topics(ctx: RequestContext) -> dict[str, Markup]:
    """A sentence for each topic that is on and refused, by id, whatever holds above all topics."""
    if not may_be_refused(ctx.profile, ctx.state):
        return {}
    topics = outlook(ctx.database, ctx.site, ctx.profile.id, ctx.now)
    return refusal_sentences(ctx.language, topics)


def may_be_refused(profile: Profile, state: State) -> bool:
    """Whether a topic of this state may be one that is refused. If not, nobody needs to ask: most
    people get everything by an address that takes messages, since they agreed."""
    if profile.pending:
        return False
    is_known = state.email is not None and not profile.email_came_back
    return any(
        each["on"] and (not is_known or each["channel"] != "email" or "basis" in each)
        for each in state.preferences().values()
    )


def expected_a_month(ctx: RequestContext, refused: Collection[str]) -> int:
    """The most messages that may come in a month, where these topics are refused."""
    return messages_a_month(ctx.site, ctx.state, ctx.today, refused)
