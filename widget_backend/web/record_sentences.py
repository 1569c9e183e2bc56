"""Records in words: what each says, for whoever it is about. None of them says nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from markupsafe import Markup

from widget_backend.i18n.languages import Language
from widget_backend.rules.state import LANGUAGE, Change, Reach
from widget_backend.site.model import Site, Topic
from widget_backend.store.ledger import Record
from widget_backend.store.staff_uses import What
from widget_backend.web.consents import consent_of, is_yes
from widget_backend.web.labels import answer_text, door_name, sentences

TO_STAFF = {"phone", "letter"}
"""The doors at which our staff wrote down what they heard or read."""


def record_sentences(
    language: Language, site: Site, record: Record, refused: Collection[str] = ()
) -> list[Markup]:
    """What a record says. `site` speaks `language`; `refused` is as for `sentences`."""
    changed = [
        sentence
        for change in record.changes
        for sentence in change_sentences(language, site, change, record.door, refused=refused)
    ]
    return [*_beforehand(language, site, record), *changed] or [
        _without_changes(language, record.door)
    ]


def history_door(language: Language, door: str) -> str:
    """Where it was said. The day of an import is not when people said it in the previous system."""
    if door == "import":
        return language.pgettext("where it was said", "from our previous system")
    return door_name(language, door)


def _beforehand(language: Language, site: Site, record: Record) -> Iterator[Markup]:
    """For an import, on which day the person agreed: the record has the day of the import. What our
    staff does is not said by the person."""
    if record.door == "staff":
        yield language.gettext("Our staff took back what a file said about you.")
    if record.door == "import":
        on = filter(is_yes, record.changes)
        consents = dict.fromkeys(consent_of(site, record, change) for change in on)
        if len(consents) > 1:  # each topic on a day of its own, which its own place tells
            consents = dict.fromkeys(
                each if each.basis else replace(each, day=None) for each in consents
            )
        yield from (each.sentence(language) for each in consents)


def change_sentences(
    language: Language,
    site: Site,
    change: Change,
    door: str,
    reach: Reach = "as_chosen",
    refused: Collection[str] = (),
) -> list[Markup]:
    """What the forms tell of a change, and what they leave out. `reach` and `refused` are as for
    `sentences`."""
    if change.kind == "answer":
        return [_answer_sentence(language, site, change)]
    if change.subject == LANGUAGE and door == "sign-up":
        # Of somebody known it changes nothing when it is confirmed.
        name = language.name_of(change.after)
        return [language.gettext("You signed up in %(language)s.", language=name)]
    usual = sentences(language, site, [change], reach, refused)
    if usual or change.kind != "topic":
        return usual
    return [_no_topic_sentence(language, site, change, door)]


def _no_topic_sentence(language: Language, site: Site, change: Change, door: str) -> Markup:
    """Of a change after which a topic comes no less than before."""
    topic = site.topic(change.name)
    if topic is None:
        return language.gettext("You made a choice about a topic that we no longer offer.")
    if change.after is None:
        return _taken_back(language, topic, door)
    if door in TO_STAFF:  # said, and not left unticked on a form
        return language.gettext("You said no to “%(topic)s”.", topic=topic.name)
    if door == "delivery":  # marked as spam: nobody asked them about this topic
        return language.gettext("This counts as a no to “%(topic)s”.", topic=topic.name)
    return language.gettext("You did not choose “%(topic)s”.", topic=topic.name)


def _taken_back(language: Language, topic: Topic, door: str) -> Markup:
    """Whoever took it back."""
    if door == "staff":
        return language.gettext(
            "We no longer hold a choice of yours about “%(topic)s”.", topic=topic.name
        )
    return language.gettext("You took back your choice about “%(topic)s”.", topic=topic.name)


def _answer_sentence(language: Language, site: Site, change: Change) -> Markup:
    question = site.question(change.name)
    if question is None:
        return language.gettext("You answered a question that we no longer ask.")
    if change.after is None:
        return language.gettext(
            "You took back your answer to “%(question)s”.", question=question.text
        )
    if change.after.get("skipped"):
        return language.gettext("You skipped “%(question)s”.", question=question.text)
    answer = answer_text(language, question, change.after)
    return language.gettext(
        "You answered “%(question)s”: %(answer)s", question=question.text, answer=answer
    )


def _without_changes(language: Language, door: str) -> Markup:
    """What happened, where no choice changed."""
    happened = {
        "confirmation": language.gettext("You confirmed your address."),
        "import": language.gettext("We imported what our previous system held about you."),
        "my-data": language.gettext("You cancelled the links that we had emailed to you."),
    }
    return happened.get(door) or language.gettext("Nothing changed for you.")


def use_sentence(language: Language, what: What) -> Markup:
    """What our staff did about a person."""
    gettext = language.gettext
    sentences_of: dict[What, Markup] = {
        "looked": gettext("Our staff looked at your data."),
        "made link": gettext("Our staff made a new link to your choices."),
        "mailed link": gettext("Our staff emailed you a new link to your choices."),
        "ended links": gettext("Our staff cancelled the links that we had emailed to you."),
        "undeliverable": gettext("Our staff noted that messages to you come back."),
    }
    return sentences_of[what]
