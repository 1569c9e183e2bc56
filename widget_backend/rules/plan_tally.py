"""The tally of a contact plan: what it brings to everybody, by campaign, by topic, and by week."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from widget_backend.rules.check import Check
from widget_backend.rules.plan import Planned, Week, expected_of, free_from
from widget_backend.rules.snapshot import Snapshot
from widget_backend.site.model import Site

Reason = tuple[str, str | None]
"""A rule, and which of its findings it is, if it has several."""

NO_ROOM = {"cap", "priority"}
"""Rules that say that a cap has no room: it is full, or is kept for something more important."""


@dataclass
class CampaignTally:
    """How many would get the message, and how many would not, by reason."""

    audience: int = 0
    reasons: Counter[Reason] = field(default_factory=Counter)

    def stopped_by(self, rule: str) -> int:
        return sum(count for (each, _), count in self.reasons.items() if each == rule)

    @property
    def left_out(self) -> int:
        return self.reasons.total()


@dataclass
class TopicTally:
    """A topic in a week, or in the whole plan: the messages that would go, and those that people
    expect by what they chose; how many could hear of it, and how many of these hear nothing."""

    messages: int = 0
    promised: float = 0.0
    could: int = 0
    silent: int = 0

    def expect(self, messages: float, hears: bool) -> None:
        """Somebody could hear of it, and expects so many messages."""
        self.promised += messages
        self.could += 1
        self.silent += not hears

    @property
    def expected(self) -> int:
        return round(self.promised)


@dataclass
class PeopleTally:
    """A week, or the whole plan: the messages; how many people could hear something, and how many
    of these would hear nothing; for how many a cap has no room; the most that one person gets."""

    messages: int = 0
    could: int = 0
    silent: int = 0
    capped: int = 0
    most: int = 0

    def add(self, could: bool, messages: int, is_capped: bool) -> None:
        self.messages += messages
        self.could += could
        self.silent += could and not messages
        self.capped += is_capped
        self.most = max(self.most, messages)


class PlanTally:
    """What a plan brings: `campaigns` in its order, `topics` by id and number of the week, `weeks`,
    the `whole`, and of each topic `whole_topics`.

    It holds nothing of anybody, however many people are added.
    """

    def __init__(
        self, site: Site, weeks: Sequence[Week], planned: Sequence[Planned], now: int
    ) -> None:
        self.site = site
        self.span = tuple(weeks)
        self.planned = tuple(planned)
        self.now = now
        self.people = 0
        self.campaigns = [CampaignTally() for _ in planned]
        self.weeks = [PeopleTally() for _ in weeks]
        self.whole = PeopleTally()
        # A registered campaign may be of a topic that the site has no longer.
        registered = [each.campaign.topic for each in planned]
        ids = dict.fromkeys([*(each.id for each in site.topics), *registered])
        numbers = range(len(weeks))
        self.whole_topics = {topic: TopicTally() for topic in ids}
        self.topics = {(topic, week): TopicTally() for topic in ids for week in numbers}

    @property
    def listed(self) -> list[tuple[Planned, CampaignTally]]:
        """The campaigns of its weeks."""
        pairs = zip(self.planned, self.campaigns, strict=True)
        return [(each, tally) for each, tally in pairs if each.week is not None]

    @property
    def topic_ids(self) -> list[str]:
        """The topics of which somebody could hear, or of which a campaign is planned."""
        planned = {each.campaign.topic for each, _ in self.listed}
        return [topic for topic, of in self.whole_topics.items() if of.could or topic in planned]

    def add(self, person: Snapshot, against: Sequence[Check | None]) -> None:
        """Somebody, and what decides against each campaign."""
        self.people += 1
        got: Counter[tuple[str, int]] = Counter()
        capped: set[int] = set()
        for each, tally, check in zip(self.planned, self.campaigns, against, strict=True):
            if check is None:
                tally.audience += 1
                if each.week is not None:
                    got[each.campaign.topic, each.week] += 1
            else:
                tally.reasons[check.rule, check.facts.get("is")] += 1
                if each.week is not None and check.rule in NO_ROOM:
                    capped.add(each.week)
        self._add(self._expected(person), free_from(person), got, capped)

    def _expected(self, person: Snapshot) -> list[dict[str, float]]:
        """What they expect in each week. A consent after a purchase ends by law, most others never
        do by themselves."""
        if any("basis" in each for each in person.state.preferences().values()):
            return [expected_of(self.site, person, week.begins) for week in self.span]
        return [expected_of(self.site, person, self.now)] * len(self.span)

    def _add(
        self,
        expected: Sequence[dict[str, float]],
        free: int,
        got: Counter[tuple[str, int]],
        capped: set[int],
    ) -> None:
        for (topic, number), messages in got.items():
            self.topics[topic, number].messages += messages
            self.whole_topics[topic].messages += messages
        promised: defaultdict[str, float] = defaultdict(float)
        for number, (week, theirs) in enumerate(zip(self.span, expected, strict=True)):
            share = week.share_after(free)
            for topic, a_week in theirs.items() if share else ():
                self.topics[topic, number].expect(a_week * share, (topic, number) in got)
                promised[topic] += a_week * share
            messages = sum(count for (_, each), count in got.items() if each == number)
            self.weeks[number].add(bool(theirs and share), messages, number in capped)
        heard = {topic for topic, _ in got}
        for topic, expects in promised.items():
            self.whole_topics[topic].expect(expects, topic in heard)
        self.whole.add(bool(promised), got.total(), bool(capped))
