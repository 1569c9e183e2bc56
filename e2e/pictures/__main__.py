"""The README's pictures, taken anew with `make pictures`: the pages as they are now."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright

from e2e.support.browsers import launch
from e2e.support.world import World, running, topic

FOLDER = Path(__file__).parent
PHONE, DESKTOP = (375, 780), (1280, 860)
STATE = {"topic:offers": topic(frequency="weekly"), "topic:events": topic()}


def take(browser: Browser, address: str, name: str, size: tuple[int, int], ready: str) -> None:
    width, height = size
    with browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=1
    ) as context:
        page = context.new_page()
        page.goto(address)
        page.wait_for_selector(ready)
        page.screenshot(path=FOLDER / f"{name}.png")


def take_all(browser: Browser, world: World) -> None:
    person = world.person(STATE)
    for tag, size in (("en", DESKTOP), ("ar", PHONE), ("sq", PHONE)):
        address = world.link("preferences", person, tag)
        take(browser, address, f"preferences-{tag}", size, "form.preferences")
    take(browser, f"{world.shop}/?lang=sq#sign-up", "shop-sq", DESKTOP, "preference-widget form")


def main() -> None:
    with (
        TemporaryDirectory() as folder,
        running(Path(folder)) as world,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright, "chromium")
        take_all(browser, world)
        browser.close()


if __name__ == "__main__":
    main()
