"""Settings: all documented, with their defaults, from the environment or from files."""

from __future__ import annotations

import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

import widget_backend
from tests.support.settings import GOOD, KEY, OTHER
from widget_backend.config import SETTINGS, Settings, SettingsInvalid, read_setting, read_settings
from widget_backend.demo.run import DIMORA

README = Path(widget_backend.__file__).parent / "README.md"
ROW = re.compile(r"^\| `(WIDGET_\w+)` \| ([^|]*) \|", re.MULTILINE)


# ── what is documented ──────────────────────────────────────────────────────────────────────


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    documented = {name: said.strip().strip("`") for name, said in ROW.findall(README.read_text())}
    known = {each.name: _default(each.default) for each in SETTINGS}
    assert documented == known


def _default(value: str | None) -> str:
    return "none, must be set" if value is None else value or "empty"


def test_every_setting_has_help_and_an_effect() -> None:
    assert all(each.help for each in SETTINGS)
    used = {f"WIDGET_{field.name.upper()}" for field in fields(Settings)}
    assert used == {each.name for each in SETTINGS}


def test_nothing_else_is_read_from_the_environment() -> None:
    """No setting hides outside of the table; make's own two are the demo's ports."""
    package = Path(widget_backend.__file__).parent
    sources = "".join(file.read_text() for file in package.rglob("*.py"))
    assert set(re.findall(r"WIDGET_[A-Z_]+[A-Z]", sources)) <= {
        *(each.name for each in SETTINGS),
        "WIDGET_SIGNING_KEYS_FILE",
    }
    assert set(re.findall(r"envvar=\"(\w+)\"", sources)) == {"PORT", "SHOP_PORT"}


# ── what is read ────────────────────────────────────────────────────────────────────────────


def test_the_shortest_setting_takes_the_defaults() -> None:
    found = read_settings(GOOD)
    assert found == Settings(
        (DIMORA / "SITE.toml",),
        GOOD["WIDGET_DATABASE_URL"],
        (KEY,),
        GOOD["WIDGET_SMTP_URL"],
        (),
        "127.0.0.1",
        8000,
        4,
        "",
        "",
        None,
    )


def test_an_empty_setting_is_none() -> None:
    assert read_settings({**GOOD, "WIDGET_PORT": ""}).port == 8000
    with pytest.raises(SettingsInvalid):
        read_settings({**GOOD, "WIDGET_DATABASE_URL": ""})


def test_several_sites_and_keys_in_their_order() -> None:
    sites = os.pathsep.join(["a/SITE.toml", "b/SITE.toml"])
    found = read_settings({**GOOD, "WIDGET_SITES": sites, "WIDGET_SIGNING_KEYS": f"{OTHER}, {KEY}"})
    assert found.sites == (Path("a/SITE.toml"), Path("b/SITE.toml"))
    assert found.signing_keys == (OTHER, KEY)


@pytest.mark.parametrize("text", [f"{OTHER}\n{KEY}\n", f"{OTHER},{KEY}", f"\n {OTHER} \r\n {KEY}"])
def test_a_secret_can_come_from_a_file(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text)
    without = {name: value for name, value in GOOD.items() if name != "WIDGET_SIGNING_KEYS"}
    found = read_settings({**without, "WIDGET_SIGNING_KEYS_FILE": str(file)})
    assert found.signing_keys == (OTHER, KEY)


@pytest.mark.parametrize("name", [each.name for each in SETTINGS])
def test_every_setting_can_come_from_a_file(tmp_path: Path, name: str) -> None:
    others = {"WIDGET_HOST": "::1", "WIDGET_PORT": "80", "WIDGET_THREADS": "2"}
    others["WIDGET_TRUSTED_PROXY"] = "::1"
    others |= {"WIDGET_EVIDENCE_KEY": "0" * 64, "WIDGET_CHECKPOINTS": "/var/checkpoints"}
    others["WIDGET_LOG_FORMAT"] = "json"
    others["WIDGET_METRICS_KEY"] = OTHER
    others["WIDGET_SOCKET"] = "/run/preference-widget/widget.sock"
    others["WIDGET_PID_FILE"] = "/run/widget/pid"
    others["WIDGET_SUPPRESSIONS"] = "/mnt/suppressions"
    others["WIDGET_FOLDER"] = str(tmp_path)
    others["WIDGET_SECURITY_CONTACT"] = "mailto:security@shop.example"
    value = {**GOOD, **others, "WIDGET_RETIRED_KEYS": OTHER}[name]
    (tmp_path / "it").write_text(f"{value}\n")
    assert read_setting(name, {f"{name}_FILE": str(tmp_path / "it")}) == value


def test_a_proxy_is_known_by_the_spelling_of_sockets() -> None:
    found = read_settings({**GOOD, "WIDGET_TRUSTED_PROXY": "2001:DB8:0::1"})
    assert found.trusted_proxy == "2001:db8::1"
