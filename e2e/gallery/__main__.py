"""`python -m e2e.gallery`: the gallery, in var/gallery/index.html.

Pictures that a narrower run does not take anew stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from playwright.sync_api import sync_playwright

from e2e.gallery.index import write_index
from e2e.gallery.pictures import LANGUAGES, THEMES, Choice, of_all_runs, take
from e2e.gallery.states import STATES
from e2e.support.browsers import ENGINES
from e2e.support.devices import DEVICES
from e2e.support.engines import Engines
from e2e.support.hosted import Screen
from e2e.support.world import World, running

FOLDER = Path(__file__).parents[2] / "var" / "gallery"


def several(values: tuple[str, ...] | dict[str, object]) -> click.ParamType:
    """Values with commas between them, of these only."""

    class Several(click.ParamType):
        name = ",".join(values)

        def convert(
            self, value: str, param: click.Parameter | None, ctx: click.Context | None
        ) -> tuple[str, ...]:
            if wrong := [each for each in value.split(",") if each not in values]:
                self.fail(f"{wrong[0]}: choose from {', '.join(values)}", param, ctx)
            return tuple(each for each in values if each in value.split(","))

    return Several()


def named(words: str) -> tuple[Screen, ...]:
    """Screens whose name has one of these words or phrases in it, commas between them."""
    wanted = [each.strip() for each in words.split(",")]
    found = tuple(state for state in STATES if any(each in state.name for each in wanted))
    if not found:
        names = "\n  ".join(state.name for state in STATES)
        raise click.UsageError(f"no screen is called “{words}”. There are:\n  {names}")
    return found


@contextmanager
def surroundings() -> Iterator[tuple[Engines, World]]:
    with (
        TemporaryDirectory() as folder,
        running(Path(folder)) as world,
        sync_playwright() as playwright,
        Engines(playwright) as engines,
    ):
        yield engines, world


@click.command()
@click.option("--engine", type=click.Choice(ENGINES), default="chromium", show_default=True)
@click.option("--screens", default="", help="Only those with one of these words in their name.")
@click.option("--languages", type=several(LANGUAGES), default=",".join(LANGUAGES))
@click.option("--devices", type=several(DEVICES), default=",".join(DEVICES))  # type: ignore[arg-type]
@click.option("--themes", type=several(THEMES), default=",".join(THEMES))  # type: ignore[arg-type]
@click.option("--folder", type=click.Path(path_type=Path), default=FOLDER, show_default=True)
def main(
    engine: str,
    screens: str,
    languages: tuple[str, ...],
    devices: tuple[str, ...],
    themes: tuple[str, ...],
    folder: Path,
) -> None:
    """Photograph every screen and state in every language, on every device, in every theme."""
    if engine == "webkit":  # it can force no colours on a page
        themes = tuple(each for each in themes if each != "forced")
    choice = Choice(engine, named(screens), languages, devices, themes)
    with surroundings() as (engines, world):
        pictures = take(choice, engines, world, folder)
        with click.progressbar(pictures, len(choice), label="gallery") as progress:
            for _ in progress:
                pass
    write_index(of_all_runs(folder, ENGINES), folder)
    click.echo(f"{len(choice)} pictures: {folder / 'index.html'}")


if __name__ == "__main__":
    main()
