"""The recipes for signing in other languages: each makes every published link, byte for byte."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.support.senders import DOOR
from tests.support.signing import VECTORS
from tests.support.systems import program
from tests.support.template_engines import RECIPES, run
from widget_backend.links import PATHS
from widget_backend.signing import Signer

SIGNERS = Path(__file__).parent / "signers"
Command = tuple[str | Path, ...]


def python(_: Path) -> Command:
    return sys.executable, SIGNERS / "sign.py", RECIPES / "signing.py"


def php(_: Path) -> Command:
    return program("php", "php-cli"), SIGNERS / "sign.php", RECIPES / "signing.php"


def ruby(_: Path) -> Command:
    return program("ruby", "ruby"), SIGNERS / "sign.rb", RECIPES / "signing.rb"


def go(folder: Path) -> Command:
    """Of one package, so that both files must lie in one folder."""
    sources = [RECIPES / "signing.go", SIGNERS / "sign.go"]
    copies = [shutil.copy(each, folder) for each in sources]
    built = folder / "sign"
    surroundings = {"HOME": str(folder), "GOTOOLCHAIN": "local", "GOTELEMETRY": "off"}
    run(program("go", "golang-go"), "build", "-o", built, *copies, **surroundings)
    return (built,)


def csharp(folder: Path) -> Command:
    built = folder / "sign.exe"
    sources = (RECIPES / "Signing.cs", SIGNERS / "Sign.cs")
    run(program("mcs", "mono-mcs"), f"-out:{built}", *sources, PATH="/usr/bin:/bin")
    return program("mono", "mono-mcs"), built


LANGUAGES: dict[str, Callable[[Path], Command]] = {
    "Python": python,
    "PHP": php,
    "Ruby": ruby,
    "Go": go,
    "C#": csharp,
}


def line_of(vector: dict[str, Any]) -> str:
    """What a signer reads: cells between tabs, those that are missing empty."""
    link = vector["link"]
    names = ("site", "person", "language", "campaign", "topic")
    cells = [vector["key"], vector["purpose"], DOOR, *(link.get(name, "") for name in names)]
    return "\t".join([*cells, str(link.get("generation", 0)), str(vector["now"])])


def signed(command: Command, vectors: list[dict[str, Any]]) -> list[str]:
    text = "".join(f"{line_of(each)}\n" for each in vectors)
    return run(*command, told=text, LC_ALL="C.UTF-8").splitlines()


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_vector_comes_out_byte_for_byte(language: str, tmp_path: Path) -> None:
    command = LANGUAGES[language](tmp_path)
    links = [f"{DOOR}/{PATHS[each['purpose']]}/{each['token']}" for each in VECTORS]
    assert signed(command, VECTORS) == links


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_purpose_that_is_not_for_senders_is_refused(language: str, tmp_path: Path) -> None:
    command = LANGUAGES[language](tmp_path)
    with pytest.raises(AssertionError):
        signed(command, [{**VECTORS[0], "purpose": "data"}])


def test_the_page_names_the_recipe_of_each_language() -> None:
    page = (RECIPES / "signing.md").read_text(encoding="utf-8")
    for language in LANGUAGES:
        assert f"| {language} | [" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_any_text_arrives_as_it_is(language: str, tmp_path: Path) -> None:
    text = 'ç & <b> "a"/\\ عرض'
    link = {**VECTORS[0]["link"], "topic": text}
    (url,) = signed(LANGUAGES[language](tmp_path), [{**VECTORS[0], "link": link}])
    token = url.rpartition("/")[2]
    assert Signer([VECTORS[0]["key"]]).read("preferences", token).topic == text
