"""Caps, quiet hours and service messages of a site file: what each may say, and can be kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from tests.support.small_site import Write, case, mistakes_in
from widget_backend.site.load import load_site

STAGES = '[[stages]]\nid = "now"'
CAP = '[[caps]]\nmost = 3\nwindow = "7 days"\n'
QUIET = '[[quiet_hours]]\nchannels = ["sms"]\nstarts = "21:00"\nends = "08:00"\n'
RECEIPT = '[[service_messages]]\nid = "receipt"\nname = "Receipts"\nground = "contract"\n'
CAMPAIGN = '[[campaigns]]\nid = "spring"\ntopic = "news"\nsentence = "Hello"\n'
SEGMENT = '[[segments]]\nid = "some"\nsentence = "Some."\nwhere = { role = "trade" }\n'
CITY = '[[fields]]\nid = "city"\nname = "City"\nkind = "text"\n'
URL = 'url = "https://prefs.example"'


def declared(*tables: str) -> tuple[str, str]:
    return STAGES, f"{''.join(tables)}{STAGES}"


def countries(*codes: str) -> tuple[str, str]:
    return URL, f"{URL}\ncountries = {list(codes)}".replace("'", '"')


MISTAKES = [
    case(
        "a cap of nothing beside a segment with a filter, which is not read then",
        declared(SEGMENT, CAP.replace("3", "0")),
        says="caps[0].most: 0 is less than 1. write 1 or more.",
    ),
    case(
        "a campaign by a channel that its topic does not have",
        declared(f'{CAMPAIGN}channel = "sms"\n'),
        says="campaigns.spring.channel: nobody can get “news” by sms. choose email or post.",
    ),
    case(
        "a campaign where calendars end",
        declared(f"{CAMPAIGN}at = 9999-12-31T23:59:00\n"),
        says="campaigns.spring.at: 9999-12-31 23:59:00 is too far ahead. name a year before 9000.",
    ),
    case(
        "a cap of nothing",
        declared(CAP.replace("3", "0")),
        says="caps[0].most: 0 is less than 1. write 1 or more.",
    ),
    case(
        "a cap without a time",
        declared("[[caps]]\nmost = 3\n"),
        says='caps[0]: has no stretch of time. write window = "7 days", or calendar = "week".',
    ),
    case(
        "a cap with two times",
        declared(f'{CAP}calendar = "week"\n'),
        says="caps[0]: has a window and a calendar period. "
        'write window = "7 days", or calendar = "week".',
    ),
    case(
        "a stretch in words",
        declared(CAP.replace("7 days", "a week")),
        says="caps[0].window: “a week” is no stretch of time. "
        "write it like “24 hours”, “7 days” or “4 weeks”, up to a year.",
    ),
    case(
        "a stretch of centuries",
        declared(CAP.replace("7 days", "9999 weeks")),
        says="caps[0].window: “9999 weeks” is no stretch of time. "
        "write it like “24 hours”, “7 days” or “4 weeks”, up to a year.",
    ),
    case(
        "an unknown period",
        declared('[[caps]]\nmost = 1\ncalendar = "fortnight"\n'),
        says="caps[0].calendar: “fortnight” is not a period. choose one of day, week, month.",
    ),
    case(
        "a cap of an unknown topic",
        declared(f'{CAP}topic = "nowhere"\n'),
        says="caps[0].topic: no topic is called “nowhere”. correct the name.",
    ),
    case(
        "an hour that no clock shows",
        countries("AL"),
        declared(QUIET.replace("21:00", "24:00")),
        says="quiet_hours[0].starts: “24:00” is no hour of the day. write it like 08:00 or 21:30.",
    ),
    case(
        "quiet hours of nobody knows where",
        declared(QUIET),
        says="countries: is needed once there are quiet hours: by whose clock they are depends on "
        'it. say where your readers are, as countries = ["AL", "SA"].',
    ),
    case(
        "quiet hours that leave none",
        countries("NZ", "GB"),
        declared(QUIET.replace("21:00", "18:00").replace("08:00", "09:00")),
        says="quiet_hours[0]: leaves no hour that is quiet nowhere in the countries of the site; "
        "people of whom nobody knows where get nothing. "
        "make them shorter, or name fewer countries.",
    ),
    case(
        "a service message without a legal ground",
        declared(RECEIPT.replace("contract", "legitimate_interest")),
        says="service_messages.receipt.ground: “legitimate_interest” is not a legal ground. "
        "choose one of contract, legal_obligation, vital_interest, public_task.",
    ),
    case(
        "a service message that is a campaign",
        declared(RECEIPT, CAMPAIGN.replace("spring", "receipt")),
        says="service_messages.receipt.id: “receipt” is the id of a campaign already. "
        "choose another id.",
    ),
    case(
        "a segment of an unknown role",
        declared(SEGMENT.replace("trade", "press")),
        says="segments.some.where: no role is called “press”. declare it under [[roles]].",
    ),
    case(
        "a segment of an unknown language",
        declared(SEGMENT.replace('role = "trade"', 'language = "fr"')),
        says="segments.some.where: the site does not speak “fr”. choose one of en.",
    ),
    case(
        "a segment of a text that is at least something",
        declared(CITY, SEGMENT.replace('role = "trade"', 'field = "city", at_least = "A"')),
        says="segments.some.where: “at_least” is only for numbers and dates, and “city” is "
        "neither. write is = … instead.",
    ),
    case(
        "a segment of a text that is a number",
        declared(CITY, SEGMENT.replace('role = "trade"', 'field = "city", is = 7')),
        says="segments.some.where: “7” is no text as “city” is. "
        'write dates as "2026-12-01", numbers without quotes.',
    ),
    case(
        "a filter that is none",
        declared(SEGMENT.replace('role = "trade"', 'shoe = "42"')),
        says="segments.some.where: a filter has “shoe”. "
        "give it one of all, any, not, role, language, topic and field.",
    ),
    case(
        "a plan in quotation marks",
        declared(f'{CAMPAIGN}at = "2026-12-01T09:00:00"\n'),
        says="campaigns.spring.at: “2026-12-01T09:00:00” is no date with a time. "
        "write it unquoted, like 2026-12-01T09:00:00.",
    ),
]


@pytest.mark.parametrize(("replacements", "mistake"), MISTAKES)
def test_a_mistake_is_named_with_key_reason_and_cure(
    write: Write, replacements: list[tuple[str, str]], mistake: str
) -> None:
    assert mistakes_in(write(*replacements)) == [mistake]


def test_a_cap_has_the_length_that_it_says(write: Write) -> None:
    caps = declared(CAP, CAP.replace("7 days", "1 hour"), CAP.replace("7 days", "4 weeks"))
    lengths = [each.seconds for each in load_site(write(caps)).site.caps]
    assert lengths == [7 * 86_400, 3_600, 28 * 86_400]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-07-01T09:00:00", datetime(2026, 7, 1, 7, tzinfo=UTC)),
        ("2026-12-01T09:00:00", datetime(2026, 12, 1, 8, tzinfo=UTC)),
        (
            "2026-12-01T09:00:00+03:00",
            datetime(2026, 12, 1, 9, tzinfo=timezone(timedelta(hours=3))),
        ),
    ],
)
def test_a_plan_without_an_offset_is_by_the_sites_clock(
    write: Write, written: str, meant: datetime
) -> None:
    zone = (URL, f'{URL}\ntime_zone = "Europe/Tirane"')
    site = load_site(write(zone, declared(f"{CAMPAIGN}at = {written}\n"))).site
    (campaign,) = site.campaigns
    assert site.moment(campaign) == int(meant.timestamp())
