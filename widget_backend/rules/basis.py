"""The basis of a consent: how it came about, where nobody was simply asked and agreed.

What the law makes of it depends on where the person is: see `law_of_basis.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from math import inf
from typing import Any, Literal, NamedTuple, get_args

Basis = Literal["rewarded_free", "rewarded", "purchase", "inquiry", "pre_ticked"]
"""- `purchase`, `inquiry`: nobody asked, but the person bought something or asked about something
- `pre_ticked`: a box was ticked before the person saw it
- `rewarded`: they agreed for a reward, and who declined lost more than that
- `rewarded_free`: they agreed for a reward, and declining cost nothing
"""
BASES: tuple[Basis, ...] = get_args(Basis)
"""From the strongest to the weakest."""
DATED: tuple[Basis, ...] = ("purchase", "inquiry")
"""Those that may end by law, so that their day must be known."""
UNASKED: tuple[Basis, ...] = ("purchase", "inquiry", "pre_ticked")
"""Those by which nobody said that they agree."""


class Ground(NamedTuple):
    """What a consent rests on, and since when (seconds since 1970, None where nobody knows).

    Without a `basis` the person was asked and agreed: then the time is that of their choice.
    """

    basis: Basis | None = None
    at: int | None = None


ASKED = Ground()


def ground_of(preference: Mapping[str, Any] | None) -> Ground:
    """That of a topic's choice."""
    if not preference or "basis" not in preference:
        return ASKED
    return Ground(preference["basis"], preference["basis_at"])


def grounded(preference: Any, ground: Ground) -> Any:
    """The choice of a topic, on this ground instead of its own."""
    choice = {name: preference[name] for name in ("on", "channel", "frequency")}
    return {**choice, "basis": ground.basis, "basis_at": ground.at} if ground.basis else choice


def turned_off(preference: Any) -> Any:
    """The same, but no: a no rests on nothing else."""
    return {**grounded(preference, ASKED), "on": False}


def strength(ground: Ground) -> tuple[bool, bool, float, int]:
    """To tell which of two grounds counts: who was asked and agreed needs no other. Else it is the
    later one, and on one day the stronger one; but a box that was ticked beforehand counts nowhere
    where another basis does not, and replaces none."""
    if ground.basis is None:
        return True, True, 0, 0
    since = -inf if ground.at is None else ground.at
    return False, ground.basis != "pre_ticked", since, -BASES.index(ground.basis)
