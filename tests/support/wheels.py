"""What we publish: the wheel and the sdist, made from the sources, and the wheel installed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from venv import EnvBuilder

ROOT = Path(__file__).parents[2]


def run(*command: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    """Raises AssertionError, with what the command says, if it fails."""
    done = subprocess.run(  # type: ignore[call-overload]
        command, capture_output=True, text=True, check=False, **options
    )
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done  # type: ignore[no-any-return]


def build(folder: Path) -> tuple[Path, Path]:
    """The wheel, made from the sdist as an index would offer it, and the sdist.

    With what is installed here, so that no network is needed.
    """
    run(sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT)
    (wheel,), (sdist,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, sdist


@dataclass(frozen=True)
class Installed:
    """A virtual environment with the wheel in it, an empty home, and an empty folder to work in.

    The libraries that we need are those of the tests' own environment.
    """

    environment: Path
    folder: Path

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where the wheel was put."""
        (folder,) = self.environment.glob("lib/python*/site-packages")
        return folder

    @property
    def pip(self) -> list[str]:
        """This environment has none, which would take seconds: ours works in it."""
        return [
            sys.executable,
            "-m",
            "pip",
            "--disable-pip-version-check",
            "--python",
            str(self.python),
        ]

    def variables(self, **settings: str) -> dict[str, str]:
        """The environment variables of a command, which knows nothing of the machine."""
        home = {"HOME": str(self.folder.parent / "home"), "PATH": os.defpath, "LANG": "C.UTF-8"}
        return {**home, **settings}

    def command(self, *arguments: str) -> list[str]:
        return [str(self.environment / "bin" / "preference-widget"), *arguments]

    def run(self, *arguments: str, **settings: str) -> str:
        """What `preference-widget` prints, called in the folder with these settings."""
        done = run(*self.command(*arguments), cwd=self.folder, env=self.variables(**settings))
        return done.stdout


def install(wheel: Path, folder: Path) -> Installed:
    installed = Installed(folder / "venv", folder / "work")
    EnvBuilder(symlinks=True).create(installed.environment)
    for name in ("work", "home"):
        (folder / name).mkdir()
    run(*installed.pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    # A folder that a .pth file names is searched last, and its own .pth files are not read: an
    # editable install of the sources is not found through it.
    libraries = [each for each in sys.path if each.endswith("-packages")]
    (installed.packages / "libraries.pth").write_text("\n".join(libraries))
    return installed
