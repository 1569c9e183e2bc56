"""The files of each platform: what their columns and words mean. A new one needs a sample here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
from peewee import Database

from tests.support.contacts import Bring, Run, table_of
from widget_backend.contacts import platforms
from widget_backend.contacts.platform import Platform
from widget_backend.contacts.recognise import BY_ID, OWN_LIST, PLATFORMS, recognise
from widget_backend.store.models import Profile

FOLDER = Path(platforms.__file__).parent
AT = "2024-03-01 09:00:00"
CONSENT = ("--consent", "card at the till, Tirana")
IN = ("subscribed", "email weekly")
OUT = ("unsubscribed", "")
BACK = ("undeliverable", "")
NOBODY = None
"""Status and topic in our own export: subscribed, left, mail came back, and nobody came in."""


@dataclass(frozen=True)
class Sample:
    """A file of a platform: its first line, and what each row leads to.

    `agreed` is a row of somebody whose time of agreement the file has; empty if it has none.
    """

    header: str
    rows: dict[str, tuple[str, str] | None]
    agreed: str = ""


SAMPLES = {
    "mailchimp": Sample(
        "Email Address,First Name,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LAST_CHANGED,LEID,"
        "EUID,TAGS",
        {f"{{}},Arta,{AT},192.0.2.1,{AT},192.0.2.1,{AT},1,2,": IN, "{},Arta,,,,,,1,2,": IN},
        f"{{}},Arta,,,{AT},192.0.2.1,{AT},1,2,",
    ),
    "hubspot": Sample(
        "Record ID,Email,Unsubscribed from all email,Marketing email confirmation,Create Date",
        {
            f"1,{{}},false,,{AT}": IN,
            f"1,{{}},false,confirmed,{AT}": IN,
            f"1,{{}},No,double_opt_in_pending,{AT}": NOBODY,
            f"1,{{}},true,confirmed,{AT}": OUT,
            f"1,{{}},,,{AT}": NOBODY,
        },
    ),
    "listmonk": Sample(
        "uuid,email,name,attributes,status,created_at,updated_at",
        {
            f'u,{{}},Arta,"{{{{""a"": 1}}}}",enabled,{AT},{AT}': IN,
            f"u,{{}},Arta,,disabled,{AT},{AT}": NOBODY,
            f"u,{{}},Arta,,blocklisted,{AT},{AT}": OUT,
        },
    ),
    "brevo": Sample(
        "CONTACT ID;EMAIL;FIRSTNAME;EMAIL_BLACKLISTED;SMS_BLACKLISTED;ADDED_TIME;MODIFIED_TIME",
        {
            "1;{};Arta, M.;No;Yes;01-03-2024 09:00;01-03-2024 09:00": IN,
            "1;{};Arta;Yes;No;01-03-2024 09:00;01-03-2024 09:00": OUT,
            "1;{};Arta;;No;01-03-2024 09:00;01-03-2024 09:00": NOBODY,
        },
    ),
    "klaviyo": Sample(
        "Email,Klaviyo ID,Email Marketing Consent,Email Marketing Consent Timestamp,"
        "Email Suppressions,Profile Created On",
        {
            f"{{}},k,SUBSCRIBED,2024-03-01T09:00:00+00:00,,{AT}": IN,
            f"{{}},k,UNSUBSCRIBED,2024-03-01T09:00:00+00:00,,{AT}": OUT,
            f"{{}},k,NEVER_SUBSCRIBED,,,{AT}": NOBODY,
            f"{{}},k,SUBSCRIBED,{AT},HARD_BOUNCE,{AT}": BACK,
            f"{{}},k,SUBSCRIBED,{AT},INVALID_EMAIL,{AT}": BACK,
            f"{{}},k,SUBSCRIBED,{AT},SPAM_COMPLAINT,{AT}": OUT,
            f"{{}},k,SUBSCRIBED,{AT},USER_SUPPRESSED,{AT}": OUT,
            f"{{}},k,SUBSCRIBED,{AT},UNSUBSCRIBED,{AT}": OUT,
            f"{{}},k,SUBSCRIBED,{AT},UNSUBSCRIBE,{AT}": OUT,
            f"{{}},k,SUBSCRIBED,{AT},[],{AT}": IN,
        },
        f"{{}},k,SUBSCRIBED,2024-03-01T09:00:00+00:00,,{AT}",
    ),
    "klaviyo-suppressions": Sample(
        "Email,Reason,Timestamp",
        {
            f"{{}},UNSUBSCRIBED,{AT}": OUT,
            f"{{}},UNSUBSCRIBE,{AT}": OUT,
            f"{{}},USER_SUPPRESSED,{AT}": OUT,
            f"{{}},SPAM_COMPLAINT,{AT}": OUT,
            f"{{}},HARD_BOUNCE,{AT}": BACK,
            f"{{}},INVALID_EMAIL,{AT}": BACK,
        },
    ),
    "mailerlite": Sample(
        "Email,Status,Opt-in time,Opt-in IP",
        {
            f"{{}},Active,{AT},192.0.2.1": IN,
            "{},active,,": IN,
            "{},unsubscribed,,": OUT,
            "{},unconfirmed,,": NOBODY,
            "{},bounced,,": BACK,
            "{},junk,,": OUT,
        },
        f"{{}},Active,{AT},192.0.2.1",
    ),
    "ghost": Sample(
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,"
        "deleted_at,labels,tiers",
        {
            f"1,{{}},Arta,,true,,,{AT},,,": IN,
            f"1,{{}},Arta,,false,,,{AT},,,": OUT,
            f"1,{{}},Arta,,,,,{AT},,,": NOBODY,
        },
    ),
    "substack": Sample(
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at",
        {
            f"{{}},true,,yearly,false,{AT},": IN,
            f"{{}},false,,other,false,{AT},": IN,
            f"{{}},true,,yearly,true,{AT},": OUT,
        },
    ),
    "activecampaign": Sample(
        "Email,First Name,Status,Date Created,IP,Tags",
        {
            f"{{}},Arta,Active,{AT},192.0.2.1,": IN,
            f"{{}},Arta,Unsubscribed,{AT},,": OUT,
            f"{{}},Arta,Bounced,{AT},,": BACK,
            f"{{}},Arta,Unconfirmed,{AT},,": NOBODY,
        },
    ),
    "beehiiv": Sample(
        "id,email,status,created_at,unsubscribed_at",
        {
            f"1,{{}},active,{AT} UTC,": IN,
            f"1,{{}},inactive,{AT} UTC,": NOBODY,
            f"1,{{}},inactive,{AT} UTC,{AT} UTC": OUT,
            f"1,{{}},active,{AT} UTC,{AT} UTC": OUT,
            f"1,{{}},pending,{AT} UTC,": NOBODY,
        },
    ),
    "sendy": Sample("Name,Email,Last activity", {f"Arta,{{}},{AT}": IN}),
    "phplist": Sample(
        "id\temail\tconfirmed\tblacklisted\tentered\tmodified\tList Membership",
        {
            f"1\t{{}}\t1\t0\t{AT}\t{AT}\tNo Lists": IN,
            f"1\t{{}}\t0\t0\t{AT}\t{AT}\tNews": NOBODY,
            f"1\t{{}}\t1\t1\t{AT}\t{AT}\tNews": OUT,
            f"1\t{{}}\t0\t1\t{AT}\t{AT}\tNews": OUT,
        },
    ),
}

each_platform = pytest.mark.parametrize("platform", PLATFORMS, ids=lambda each: each.id)


def file_of(platform: Platform, rows: list[str]) -> str:
    people = [row.format(f"a{at}@example.com") for at, row in enumerate(rows)]
    return "\n".join((SAMPLES[platform.id].header, *people, ""))


def options(platform: Platform) -> tuple[str, ...]:
    return ("--platform", platform.id) if platform.is_remembered else ()


@each_platform
def test_a_reader_is_one_small_file_that_says_where_its_shape_was_seen(platform: Platform) -> None:
    (file,) = (
        each for each in FOLDER.glob("*.py") if f'id="{platform.id}"' in each.read_text("utf-8")
    )
    assert len(file.read_text("utf-8").splitlines()) < 100
    assert platform.source
    assert ("remembered" in platform.source) == platform.is_remembered


@each_platform
def test_every_meaning_of_its_words_comes_in_as_it_should(
    platform: Platform, run: Run, bring: Bring, site_file: Path
) -> None:
    sample = SAMPLES[platform.id]
    output = bring(file_of(platform, [*sample.rows]), *CONSENT, *options(platform))
    expected = {f"a{at}@example.com": each for at, each in enumerate(sample.rows.values()) if each}
    exported = table_of(run("export", site_file).stdout)
    assert {row["email"]: (row["status"], row["offers"]) for row in exported} == expected, output


@each_platform
def test_its_sample_has_every_word_that_is_known(platform: Platform) -> None:
    sample = SAMPLES[platform.id]
    header = sample.header.split(platform.separator)
    for column, words in platform.statuses.items():
        if column in header and "1" not in words:
            at = header.index(column)
            seen = {
                row.split(platform.separator)[at].casefold()
                for row in sample.rows
                if '"' not in row
            }
            assert {*words} <= seen | {"", "enabled"}, column


@each_platform
def test_only_a_time_of_agreement_is_one(
    platform: Platform, bring: Bring, database: Database
) -> None:
    """When somebody was added or changed says nothing of what they agreed to."""
    sample = SAMPLES[platform.id]
    without = [row for row, result in sample.rows.items() if result == IN and row != sample.agreed]
    if without and platform.id not in {"mailchimp", "klaviyo", "mailerlite"}:
        bring(file_of(platform, without), *options(platform))
        assert Profile.select().count(database) == 0
    if sample.agreed:
        assert "1 new" in bring(file_of(platform, [sample.agreed]), *options(platform))


@each_platform
def test_it_is_known_by_its_columns_in_any_order_and_case(
    platform: Platform, tmp_path: Path
) -> None:
    header = SAMPLES[platform.id].header.split(platform.separator)
    for names in (header, header[::-1], [name.upper() for name in header]):
        file = tmp_path / "any name.csv"
        file.write_text(platform.separator.join(names) + "\n", encoding="utf-8")
        expected = OWN_LIST.id if platform.is_remembered else platform.id
        assert recognise(file).id == expected


@each_platform
def test_the_rows_that_it_rejects_can_be_corrected_and_read_again(
    platform: Platform, bring: Bring, tmp_path: Path
) -> None:
    sample = SAMPLES[platform.id]
    (good, *_) = (row for row, result in sample.rows.items() if result)
    file = "\n".join((sample.header, good.format("no address"), ""))
    assert "1 rejected" in bring(file, *CONSENT, *options(platform))
    rejects = (tmp_path / "list.csv.rejects.csv").read_text(encoding="utf-8")
    corrected = rejects.replace("no address", "arta@example.com")
    output = bring(corrected, *CONSENT, *options(platform), name="corrected.csv")
    assert "1 new, 0 changed, 0 unchanged, 0 rejected" in output


def test_a_platform_that_nobody_has_seen_a_file_of_says_so(bring: Bring) -> None:
    remembered = [each for each in PLATFORMS if each.is_remembered]
    assert remembered
    for platform in remembered:
        rows = [*SAMPLES[platform.id].rows][:1]
        output = bring(file_of(platform, rows), *CONSENT, "--platform", platform.id)
        assert f"nobody has checked this reader against a real export of {platform.name}" in output


def test_a_platform_that_is_not_known_is_told_with_those_that_are(bring: Bring) -> None:
    output = bring("email\na@example.com\n", "--platform", "sendgrid")
    assert "--platform sendgrid: no such platform is known here" in output
    assert ", ".join(BY_ID) in output


def test_a_file_with_the_columns_of_two_platforms_is_no_guess(
    bring: Bring, run: Run, site_file: Path
) -> None:
    header = "email,subscribed_to_emails,email_disabled"
    output = bring(f"{header}\na@example.com,true,false\n", *CONSENT)
    assert "it has the columns of Ghost and Substack" in output
    assert "say which with --platform ghost or substack" in output
    bring(f"{header}\na@example.com,true,true\n", *CONSENT, "--platform", "ghost")
    (row,) = table_of(run("export", site_file).stdout)
    assert row["status"] == "unsubscribed"  # the no of the other column counts


@pytest.mark.parametrize(
    "attributes",
    [
        *('{"tags": "Offers"}', '{"tags": [1, null]}', '["Offers"]', '{"tags"', "9" * 5000),
        *("[" * 60_000, '{"a": 1}', '{"tags": ["\\ud800"]}'),
    ],
    ids=["text", "numbers", "list", "half", "long", "deep", "other", "half a letter"],
)
def test_attributes_that_hold_no_tags_of_ours_do_no_harm(attributes: str, bring: Bring) -> None:
    cell = attributes.replace('"', '""')
    output = bring(f'uuid,email,attributes,status\nu,a@example.com,"{cell}",enabled\n', *CONSENT)
    assert "1 new, 0 changed, 0 unchanged, 0 rejected" in output
