"""The page that shows the pictures. It needs no script: the style sheet does the choosing."""

from __future__ import annotations

from dataclasses import asdict
from itertools import groupby
from pathlib import Path

from jinja2 import Environment, FileSystemLoader

from e2e.gallery.pictures import Picture
from e2e.support.devices import DEVICES
from widget_backend.i18n.languages import language

CHOICES = ("language", "device", "theme", "engine")


def write_index(pictures: list[Picture], folder: Path) -> None:
    values = {
        name: list(dict.fromkeys(asdict(each)[name] for each in pictures)) for name in CHOICES
    }
    templates = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)
    page = templates.get_template("index.html").render(
        choices=values,
        screens=[
            (name, list(group)) for name, group in groupby(pictures, lambda each: each.screen)
        ],
        sizes=DEVICES,
        direction=lambda tag: language(tag).direction,
        by_language=lambda group: groupby(group, lambda each: each.language),
    )
    (folder / "index.html").write_text(page, encoding="utf-8")
