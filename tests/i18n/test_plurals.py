"""Plural forms: six in Arabic, two in Albanian and English, by the rules of the CLDR."""

from __future__ import annotations

import pytest

from widget_backend.i18n.languages import language


def shorten(tag: str, count: int) -> str:
    return language(tag).ngettext(
        "Shorten the answer to %(n)s character or fewer.",
        "Shorten the answer to %(n)s characters or fewer.",
        count,
    )


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "يلزم ترك الإجابة فارغة."),
        (1, "يلزم اختصار الإجابة إلى حرف واحد."),
        (2, "يلزم اختصار الإجابة إلى حرفين أو أقل."),
        (3, "يلزم اختصار الإجابة إلى <bdi>3</bdi> أحرف أو أقل."),
        (10, "يلزم اختصار الإجابة إلى <bdi>10</bdi> أحرف أو أقل."),
        (11, "يلزم اختصار الإجابة إلى <bdi>11</bdi> حرفًا أو أقل."),
        (99, "يلزم اختصار الإجابة إلى <bdi>99</bdi> حرفًا أو أقل."),
        (100, "يلزم اختصار الإجابة إلى <bdi>100</bdi> حرف أو أقل."),
        (102, "يلزم اختصار الإجابة إلى <bdi>102</bdi> حرف أو أقل."),
        (103, "يلزم اختصار الإجابة إلى <bdi>103</bdi> أحرف أو أقل."),
        (111, "يلزم اختصار الإجابة إلى <bdi>111</bdi> حرفًا أو أقل."),
    ],
)
def test_arabic_has_six_forms(count: int, said: str) -> None:
    assert shorten("ar", count) == said


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, "Shkurtojeni përgjigjen në <bdi>0</bdi> karaktere ose më pak."),
        (1, "Shkurtojeni përgjigjen në <bdi>1</bdi> karakter."),
        (2, "Shkurtojeni përgjigjen në <bdi>2</bdi> karaktere ose më pak."),
    ],
)
def test_albanian_has_two(count: int, said: str) -> None:
    assert shorten("sq", count) == said


@pytest.mark.parametrize(
    ("tag", "parts"),
    [
        (
            "ar",
            {
                0: "لا أسئلة",
                1: "سؤال قصير واحد",
                2: "سؤالين",
                3: "أسئلة",
                11: "سؤالًا",
                100: "سؤال قصير",
            },
        ),
        ("sq", {0: "pyetjeve", 1: "një pyetjeje", 2: "pyetjeve"}),
        ("en", {0: "questions", 1: "question", 2: "questions"}),
    ],
)
def test_templates_count_by_the_same_rule(tag: str, parts: dict[int, str]) -> None:
    one, many = "Answer %(number)s short question", "Answer %(number)s short questions"
    for count, part in parts.items():
        assert part in language(tag).translations.ngettext(one, many, count)
