"""`python -m e2e.support.install [COMMAND …]`: sees to it that the three engines are there.

Of COMMANDs, such as `wrk`, Debian's packages of the same name are installed.

Playwright's own browsers are taken where they can be had. Where their download is not reachable,
as in a closed network, Debian's packages serve.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from e2e.support.browsers import DEBIAN, ENGINES, WEBKIT_DRIVER, mini_browser, own

PACKAGES = ["chromium", "firefox-esr", "webkit2gtk-driver", "xvfb", "xauth", "fonts-noto-core"]
CURE = """\
make browsers: not there yet: {missing}.
Install them with “{python} -m playwright install --with-deps {missing}” where that download is
reachable, or on Debian, as root, with “apt-get install --no-install-recommends {packages}”."""


def missing_engines() -> list[str]:
    """Engines of which neither Playwright's own browser nor Debian's is here."""
    with sync_playwright() as playwright:
        return [each for each in ENGINES if not (own(playwright, each) or _of_debian(each))]


def _of_debian(engine: str) -> bool:
    if engine != "webkit":
        return DEBIAN[engine].exists()
    return WEBKIT_DRIVER.exists() and mini_browser() is not None and bool(shutil.which("Xvfb"))


def _is_root() -> bool:
    return os.name == "posix" and os.geteuid() == 0


def _run(*command: str) -> None:
    """Raises Failed, with all that the command said, when it does not succeed."""
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(command)}:\n{done.stdout}{done.stderr}")


class Failed(Exception):
    """An installer gave up."""


def _from_playwright(engines: list[str]) -> None:
    playwright = (sys.executable, "-m", "playwright")
    # The download first: where it fails, what the browsers need of the system is of no use.
    _run(*playwright, "install", *engines)
    if _is_root():
        _run(*playwright, "install-deps", *engines)


def _from_debian(packages: list[str]) -> None:
    if _is_root() and Path("/etc/debian_version").exists():
        _run("apt-get", "update")
        _run("apt-get", "install", "--yes", "--no-install-recommends", *packages)


def main() -> None:
    if commands := [each for each in sys.argv[1:] if not shutil.which(each)]:
        _from_debian(commands)
    _install_engines()


def _install_engines() -> None:
    troubles: list[Failed] = []
    for install in (_from_playwright, lambda _: _from_debian(PACKAGES)):
        if not (missing := missing_engines()):
            return
        print(f"make browsers: installing {', '.join(missing)}; this takes some minutes")
        try:
            install(missing)
        except Failed as trouble:
            troubles.append(trouble)
    if missing := missing_engines():
        names, packages = " ".join(missing), " ".join(PACKAGES)
        cure = CURE.format(missing=names, python=sys.executable, packages=packages)
        sys.exit("\n".join([*map(str, troubles), cure]))


if __name__ == "__main__":
    main()
