"""Signing without us: the format is what its page says, for the backend and for JavaScript."""

from __future__ import annotations

import hmac
import json
import re
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.support.senders import DOOR, KEY, Dimora
from tests.support.signing import VECTORS, by_hand
from tests.support.template_engines import RECIPES, SCRIPTS, run
from widget_backend.links import LIFETIMES, PATHS, Link, Purpose
from widget_backend.signing import Signer

PAGE = (RECIPES / "signing.md").read_text(encoding="utf-8")
FOR_SENDERS = ("preferences", "questions", "unsubscribe", "one-click", "embed")
PROGRAM = f"""
import {{ address, sign }} from {json.dumps((RECIPES / "signing.js").as_uri())};
const links = JSON.parse(process.argv[1]);
const made = links.map(async ({{ url, key, purpose, link, now }}) =>
  address(url, purpose, await sign(key, purpose, link, now)));
console.log(JSON.stringify(await Promise.all(made)));
"""


def in_node(*links: dict[str, Any]) -> list[str]:
    """The addresses that signing.js makes on a server."""
    told = json.dumps([{"url": DOOR, **each} for each in links])
    made = run(SCRIPTS / "node", "--input-type=module", "-e", PROGRAM, told)
    return list(json.loads(made))


def link_of(vector: dict[str, Any]) -> Link:
    known = dict(vector["link"])
    version = known.pop("generation", 0)
    return Link(known.pop("site"), known.pop("person"), link_version=version, **known)


def at(vector: dict[str, Any]) -> datetime:
    return datetime.fromtimestamp(vector["now"], UTC)


def plain(token: str) -> str:
    """What a token says."""
    payload = token.rpartition(".")[0]
    return urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["why"])
def test_the_backend_reads_each_vector(vector: dict[str, Any]) -> None:
    link = Signer([vector["key"]]).read(vector["purpose"], vector["token"])
    lives = LIFETIMES[vector["purpose"]]
    assert link.expires_at == (at(vector) + lives if lives else None)
    assert Link(**{**vars(link), "expires_at": None}) == link_of(vector)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda each: each["why"])
def test_the_backend_makes_each_vector_byte_for_byte(vector: dict[str, Any]) -> None:
    made = Signer([vector["key"]]).mint(vector["purpose"], link_of(vector), at(vector))
    assert plain(made) == vector["payload"]
    assert made == vector["token"]
    assert by_hand(vector["key"], vector["purpose"], json.loads(plain(made))) == vector["token"]


def test_javascript_makes_each_vector_byte_for_byte() -> None:
    made = in_node(*VECTORS)
    assert made == [f"{DOOR}/{PATHS[each['purpose']]}/{each['token']}" for each in VECTORS]


def test_the_vectors_hold_every_purpose_of_senders_and_everything_a_link_can_say() -> None:
    assert {each["purpose"] for each in VECTORS} == set(FOR_SENDERS)
    said = {name for each in VECTORS for name in json.loads(each["payload"])}
    assert said == {"s", "p", "l", "c", "t", "g", "x"}


def test_the_pages_table_of_purposes_is_true() -> None:
    rows = re.findall(r"^\| `(\S+)` \| `<url>/(\w)/<token>`.*\| (.*?) \|$", PAGE, re.M)
    assert [name for name, _, _ in rows] == list(FOR_SENDERS)
    for purpose, path, lives in rows:
        assert PATHS[purpose] == path
        seconds = re.search(r"now \+ ([\d,]+)", lives)
        wanted = LIFETIMES[purpose]
        said = int(seconds[1].replace(",", "")) if seconds else None
        assert said == (wanted.total_seconds() if wanted else None)


def test_the_pages_example_is_the_first_vector() -> None:
    vector = VECTORS[0]
    payload, signature = vector["token"].split(".")
    salt = f"preference-widget/{vector['purpose']}".encode()
    steps = {
        "key": vector["key"],
        "purpose": vector["purpose"],
        "now": str(vector["now"]),
        "says": vector["payload"],
        "payload": payload,
        "its key": hmac.digest(vector["key"].encode(), salt, "sha256").hex(),
        "signature": signature,
    }
    assert dict(re.findall(r"^    (\w+(?: \w+)?) {2,}(\S+)$", PAGE, re.M)) == steps


@pytest.mark.parametrize("purpose", FOR_SENDERS)
def test_a_link_that_javascript_signs_opens_its_page(
    dimora: Dimora, purpose: Purpose, tag: str
) -> None:
    """For a contact of ours, with the handle that stands in the link we gave."""
    token = dimora.contacts[tag]["preferences_url"].rpartition("/")[2]
    known = json.loads(plain(token))
    link = {"site": known["s"], "person": known["p"], "language": tag}
    now = datetime.now(UTC).timestamp()
    (url,) = in_node({"key": KEY, "purpose": purpose, "link": link, "now": now})
    page = dimora.open(f"{url}/fragment" if purpose == "embed" else url).document
    assert page is not None
    assert page.root.get("lang") == tag


def test_javascript_refuses_a_purpose_that_is_not_for_senders() -> None:
    link = {"site": "dimora", "person": "0" * 32}
    with pytest.raises(AssertionError, match="TypeError"):
        in_node({"key": KEY, "purpose": "data", "link": link, "now": 0})
