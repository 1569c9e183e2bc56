"""The growth bench: what a form costs that is four times as long, whatever stands in it."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from tests.bench.child import ROOT
from tests.bench.forms import ANSWERED, Form, Sender, sender
from tests.bench.report import Goal, Say, table

SHORT, TIMES = 14_000, 4
"""Bytes of the short form; the long one is near the most that is read."""
MOST_GROWTH = 6.0
"""Linear is 4, give or take what else the machine does; the square would be 16."""

SIGNS = {
    "letters": "x",
    "spaces": " ",
    "digits of another script": "٣",
    "Chinese letters": "例",
    "marks out of order": "\u0301\u0323",
    "words": "ab.",
    "coded labels": "xn--a.",
    "opening of a coded word": "=?",
    "lines": "a\n",
}
"""What is repeated; some of these take the square of their number where nobody looks at it."""
PLACES = ("{}", "a@{}.com", "{}@example.com")


@dataclass(frozen=True)
class Cost:
    """Seconds of the processor for a short form and a long one, at the best of the rounds."""

    form: Form
    name: str
    what: str
    short: float
    long: float

    @property
    def growth(self) -> float:
        return self.long / self.short


def values(size: int) -> Iterator[tuple[str, str]]:
    """What to put into a field, of so many bytes, by what it is called."""
    for name, sign in SIGNS.items():
        for place in PLACES:
            yield f"{place.format(name)}", place.format(sign * (size // len(sign.encode())))


def repeated(name: str, size: int) -> str:
    """The field itself, again and again: a value that ends in more of the same field."""
    return f"&{name}=".join(["a"] * (size // (len(name) + 3)))


def bench(rounds: int, say: Say) -> list[Goal]:
    (ROOT / "var").mkdir(exist_ok=True)
    with TemporaryDirectory(dir=ROOT / "var", prefix="bench-") as name:
        sending = sender(Path(name))
        worst = [_worst(sending, form, rounds, say) for form in sending.forms]
    by_route = {each.form.endpoint: each for each in sorted(worst, key=lambda each: each.growth)}
    say(
        table(
            ("forms", "field", "of", "ms", "ms × 4", "growth"), list(map(_line, by_route.values()))
        )
    )
    most = max(each.growth for each in by_route.values())
    name = "a form of 4 n bytes / n bytes, worst field"
    return [Goal(name, f"{most:.2f}", f"≤ {MOST_GROWTH}", most <= MOST_GROWTH)]


def _line(cost: Cost) -> tuple[str, ...]:
    times = (f"{1000 * each:.1f}" for each in (cost.short, cost.long))
    return (cost.form.endpoint, cost.name, cost.what, *times, f"{cost.growth:.2f}")


def _worst(sending: Sender, form: Form, rounds: int, say: Say) -> Cost:
    say(f"  {form.endpoint} {form.sound.get('stage', '')}", True)
    gc.collect()
    gc.disable()  # it comes when it likes, and takes longer than a form
    costs = [_cost(sending, form, name, bodies, rounds) for name, bodies in _cases(form)]
    gc.enable()
    return max(costs, key=lambda each: each.growth)


def _cases(form: Form) -> Iterator[tuple[str, tuple[str, bytes, bytes]]]:
    for name in form.names:
        pairs = zip(values(SHORT), values(TIMES * SHORT), strict=True)
        for (what, short), (_, long) in pairs:
            yield name, (what, form.body(name, short), form.body(name, long))
        many = (form.body(name, repeated(name, size)) for size in (SHORT, TIMES * SHORT))
        yield name, ("itself, many times", *many)


def _cost(
    sending: Sender, form: Form, name: str, bodies: tuple[str, bytes, bytes], rounds: int
) -> Cost:
    what, *sizes = bodies
    short, long = (min(_seconds(sending, form, body) for _ in range(rounds)) for body in sizes)
    return Cost(form, name, what, short, long)


def _seconds(sending: Sender, form: Form, body: bytes) -> float:
    start = process_time()
    answer = sending.send(form, body)
    taken = process_time() - start
    assert answer.status_code in ANSWERED, f"{form.endpoint}: {answer.status_code}"
    return taken
