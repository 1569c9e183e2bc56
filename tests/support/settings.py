"""Settings with which a server would start, and its start with others."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from tests.support.processes import free_port
from tests.support.small_site import SITE
from widget_backend.cli import main
from widget_backend.demo.run import DIMORA

KEY, OTHER = "k" * 32, "o" * 40
GOOD = {
    "WIDGET_SITES": str(DIMORA / "SITE.toml"),
    "WIDGET_DATABASE_URL": "sqlite:////var/lib/widget.db",
    "WIDGET_SIGNING_KEYS": KEY,
    "WIDGET_SMTP_URL": "smtp://localhost:25",
}
MAILING = """
[evidence]
contact = "privacy@shop.example"
storage_duration = "Three years"
storage_location = "Frankfurt"
recipients = []
checkpoints_to = ["auditor@audit.example"]
"""


def start(folder: Path, changes: dict[str, str], *options: str) -> Result:
    """Start a server with `changes` of the settings: a value may be “{binary}”, a file that is no
    text, or “{mailing}”, a site that has its checkpoints mailed."""
    (folder / "binary").write_bytes(b"\xff\xfe" * 40)
    (folder / "SITE.toml").write_text(f"{SITE}{MAILING}", encoding="utf-8")
    own = {
        "WIDGET_DATABASE_URL": f"sqlite:///{folder}/widget.db",
        "WIDGET_PORT": str(free_port()),
    }
    environment = {**GOOD, **own, **changes}
    files = {"{binary}": folder / "binary", "{mailing}": folder / "SITE.toml"}
    filled = {key: str(files.get(value, value)) for key, value in environment.items()}
    return CliRunner().invoke(main, ["serve", *options], env=filled)
