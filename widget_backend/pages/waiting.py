"""What holds messages of each topic back now, for pages that tell people of their topics."""

from __future__ import annotations

from markupsafe import Markup

from widget_backend.actions.may_send import outlook
from widget_backend.web.request_context import RequestContext
from widget_backend.web.waiting_sentences import OF_EVERYTHING, waiting_sentence


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
