"""Right to left: the layout is the mirror image, and Arabic stands where the mirror shows it.

English under `dir=rtl` is what a mirror would show: texts are as wide as before, so that every box
can be compared to the pixel. Arabic is then compared with that: its texts are of other lengths, so
what they do not push about must begin at the same edge, and come in the same order.
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from e2e.support.showing import Case, Layout, Showing, Shown, cases, widget_cases


def close(one: float, other: float) -> bool:
    return abs(one - other) <= 1


def start(layout: Layout, place: str) -> float:
    """How far from the right edge a box begins."""
    edge: float = layout["width"] - layout["boxes"][place]["right"]
    return edge


def not_mirrored(straight: Layout, turned: Layout) -> list[str]:
    """Boxes of the turned page that are not where a mirror shows those of the straight one."""
    assert straight["boxes"].keys() == turned["boxes"].keys()
    return [
        f"{box['name']} at {place}: {box} is {turned['boxes'][place]}"
        for place, box in straight["boxes"].items()
        if not is_mirrored(straight, turned, place)
    ]


def is_mirrored(straight: Layout, turned: Layout, place: str) -> bool:
    box, image = straight["boxes"][place], turned["boxes"][place]
    return (
        close(box["left"], turned["width"] - image["right"])
        and close(box["right"], turned["width"] - image["left"])
        and close(box["top"], image["top"])
        and close(box["bottom"], image["bottom"])
    )


def elsewhere(mirrored: Layout, arabic: Layout) -> list[str]:
    """Boxes of the Arabic page that begin at another edge than in the mirror."""
    return [
        f"{arabic['boxes'][place]['name']} at {place}: {start(mirrored, place)} is now"
        f" {start(arabic, place)}"
        for place, box in mirrored["boxes"].items()
        if place in arabic["boxes"]
        and not box["free"]
        and not close(start(mirrored, place), start(arabic, place))
    ]


def reordered(mirrored: Layout, arabic: Layout) -> list[str]:
    """Neighbours that stood below one another in the mirror and no longer do."""
    common = [place for place in mirrored["boxes"] if place in arabic["boxes"]]
    return [
        f"{one} and {other}"
        for one, other in pairwise(common)
        if is_below(mirrored, one, other) != is_below(arabic, one, other)
        and not mirrored["boxes"][other]["free"]
    ]


def is_below(layout: Layout, one: str, other: str) -> bool:
    bottom: float = layout["boxes"][one]["bottom"]
    top: float = layout["boxes"][other]["top"]
    return bottom <= top + 1


@pytest.mark.parametrize("case", cases(tags=["en"]), ids=str, indirect=True)
def test_right_to_left_is_the_mirror_image(shown: Shown) -> None:
    for device in shown.looks:
        straight, turned = (shown.layout(device, each) for each in ("ltr", "rtl"))
        assert not_mirrored(straight, turned) == [], device


COMPARED = cases(engines=["chromium"], tags=["ar"]) + [
    each for each in widget_cases() if each.tag == "ar"
]
"""Where English was measured in windows of the same sizes."""


@pytest.mark.parametrize("case", COMPARED, ids=str, indirect=True)
def test_arabic_stands_where_the_mirror_shows_it(case: Case, showing: Showing) -> None:
    english, arabic = showing.english(case), showing.show(case)
    for device in arabic.looks:
        mirrored, told = (each.layout(device, "rtl") for each in (english, arabic))
        assert elsewhere(mirrored, told) == [], device
        assert reordered(mirrored, told) == [], device
