"""The growth bench sends every form there is, and no form does more work than it has bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.bench.forms import ANSWERED, HEADERS, Form, Sender, sender
from tests.bench.growth import TIMES, repeated, values
from tests.support.calls import counting_calls


@pytest.fixture(scope="module")
def sending(tmp_path_factory: pytest.TempPathFactory) -> Sender:
    """Each form was sent once: templates are compiled, and what is kept is kept."""
    made = sender(tmp_path_factory.mktemp("forms"))
    for form in made.forms:
        for name in form.names:
            made.send(form, form.body(name, "x" * 500))
    return made


NO_FORMS = {"fragments.nowhere", "fragments.preview_form"}
"""Take a form only to refuse it."""


def test_every_route_that_takes_a_form_is_sent_one(sending: Sender) -> None:
    rules = sending.app.url_map.iter_rules()
    take_forms = {each.endpoint for each in rules if "POST" in each.methods} - NO_FORMS
    assert {form.endpoint for form in sending.forms} == take_forms


def test_every_field_of_a_page_is_among_those_that_are_sent(sending: Sender) -> None:
    """Of topics and questions one each: the others are of the same kinds."""
    for form in sending.forms:
        page = sending.app.test_client().get(form.path, headers=HEADERS).text
        named = re.findall(r'<(?:input|select|textarea|button)[^>]* name="([^"]+)"', page)
        lacking = set(map(_kind, named)) - set(map(_kind, form.names))
        assert not lacking, f"{form.endpoint}: {lacking}"


def _kind(name: str) -> str:
    return re.sub(r"^(topic|channel|frequency|answer|decline|as-of)-.*", r"\1", name)


SHORT = 2_000


def test_no_form_does_more_than_its_bytes_ask_for(sending: Sender) -> None:
    """Counted in calls of functions, so that no clock is asked. What one call does with a long
    text, the tests of addresses watch, and the bench measures."""
    for form in sending.forms:
        for name in form.names:
            for what, short, long in _pairs(name):
                calls = [_calls(sending, form, form.body(name, each)) for each in (short, long)]
                assert calls[1] <= TIMES * calls[0], f"{form.endpoint}: {name} of {what}"


def _pairs(name: str) -> Iterator[tuple[str, str, str]]:
    for what in ("digits of another script", "words", "a@words.com"):
        yield what, dict(values(SHORT))[what], dict(values(TIMES * SHORT))[what]
    yield "itself", repeated(name, SHORT), repeated(name, TIMES * SHORT)


def _calls(sending: Sender, form: Form, body: bytes) -> int:
    answer, calls = counting_calls(lambda: sending.send(form, body))
    assert answer.status_code in ANSWERED
    return calls


TYPED = {"phone": 40, "post": 400, "email": 254, "code": 40}
"""Characters of what people type; of answers the question says it."""


@pytest.mark.parametrize("sign", ["x", "٣", "例"])
def test_nothing_is_computed_from_what_is_longer_than_its_field(sending: Sender, sign: str) -> None:
    """However much longer it is, the same is done with it."""
    forms = (form for form in sending.forms if TYPED.keys() & set(form.names))
    for form in forms:
        for name in TYPED.keys() & set(form.names):
            bodies = (form.body(name, sign * (TYPED[name] + more)) for more in (1, 1_000, 9_000))
            calls = [_calls(sending, form, each) for each in bodies]
            assert max(calls) - min(calls) < TYPED[name] // 2, f"{form.endpoint}: {name} {calls}"
