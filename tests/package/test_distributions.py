"""The wheel and the sdist: whole, described, and enough to start from on a bare machine."""

from __future__ import annotations

import re
import shlex
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from email.message import Message
from email.parser import Parser
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.processes import free_port
from tests.support.wheels import ROOT, Installed, build, install, run
from widget_backend.cli import COMMANDS

DOCS = "share/doc/preference-widget"
LINK = re.compile(r"\]\((?!https?:|#|mailto:)([^)#]+)[^)]*\)")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return build(tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="module")
def installed(
    distributions: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> Installed:
    return install(distributions[0], tmp_path_factory.mktemp("bare"))


def sources(folder: str) -> Iterator[Path]:
    """The files under a folder, without what Python leaves there."""
    for file in sorted((ROOT / folder).rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            yield file.relative_to(ROOT)


def needed() -> dict[str, Path]:
    """Where the code looks for a file when it is installed, and the source of that."""
    code = (each for each in sources("widget_backend") if each.suffix != ".md")
    files = {str(each): each for each in code if "recipes" not in each.parts}
    for catalog in sources("translations"):
        if catalog.suffix == ".po":
            files[f"widget_backend/_{catalog}"] = catalog
    for script in (Path("widget/v1.js"), Path("widget/form.css"), *sources("widget/released")):
        files[f"widget_backend/_{script}"] = script
    return files


def test_the_wheel_holds_every_file_that_the_code_reads_and_nothing_else(
    distributions: tuple[Path, Path],
) -> None:
    with zipfile.ZipFile(distributions[0]) as wheel:
        inside = {each for each in wheel.namelist() if each.startswith("widget_backend/")}
        assert inside == set(needed())
        for name, source in needed().items():
            assert wheel.read(name) == (ROOT / source).read_bytes(), name


def test_the_sdist_holds_the_sources_and_the_tests(distributions: tuple[Path, Path]) -> None:
    with tarfile.open(distributions[1]) as sdist:
        inside = {each.partition("/")[2] for each in sdist.getnames()}
    rooms = ("widget_backend", "widget", "translations", "tests", "e2e")
    wanted = {str(each) for room in rooms for each in sources(room)}
    files = ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "Makefile", "SECURITY.md")
    assert {*wanted, *files} - inside == set()


# ── what it says of itself ──────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def metadata(distributions: tuple[Path, Path]) -> Message:
    with zipfile.ZipFile(distributions[0]) as wheel:
        (name,) = (each for each in wheel.namelist() if each.endswith(".dist-info/METADATA"))
        return Parser().parsestr(wheel.read(name).decode())


def test_the_wheel_names_its_licence_its_authors_and_its_types(metadata: Message) -> None:
    assert metadata["License-Expression"] == "MIT"
    assert metadata["License-File"] == "LICENSE"
    assert metadata["Author"] == "the preference-widget developers"
    classifiers = metadata.get_all("Classifier") or []
    assert "Typing :: Typed" in classifiers
    assert not [each for each in classifiers if each.startswith("License ::")], "PEP 639"


def test_the_description_has_no_link_that_leads_nowhere_on_the_page_of_an_index(
    metadata: Message, installed: Installed
) -> None:
    description = metadata.get_payload()
    assert isinstance(description, str)
    assert not LINK.findall(description)
    assert "![" not in description
    named = re.findall(rf"`({DOCS}/[^`#]+)[^`]*`", description)
    assert f"{DOCS}/widget/README.md" in named
    for file in named:
        assert (installed.environment / file).is_file(), file


def test_every_link_between_the_texts_that_are_installed_leads_to_one_of_them(
    installed: Installed,
) -> None:
    texts = list((installed.environment / DOCS).rglob("*.md"))
    assert len(texts) > 15
    for text in texts:
        for link in LINK.findall(text.read_text(encoding="utf-8")):
            assert (text.parent / link).exists(), f"{text.name}: {link}"


@pytest.mark.parametrize("text", ["README.md", "widget_backend/README.md"])
def test_the_readmes_name_the_wheel_as_it_is_called(
    text: str, distributions: tuple[Path, Path]
) -> None:
    named = set(re.findall(r"\S+?(preference_widget-\S+?\.whl)", (ROOT / text).read_text()))
    assert named == {distributions[0].name}


@pytest.mark.parametrize("extra", ["dns", "doctor", "evidence", "metrics", "postgres"])
def test_the_line_that_installs_an_extra_knows_the_wheel_that_is_there(
    extra: str, installed: Installed
) -> None:
    """Nothing of that name is on an index, and pip must not look for it there."""
    program = "from widget_backend.installation import installing\n"
    line = run(
        installed.python, "-c", f"{program}print(installing('{extra}'))", cwd=installed.folder
    ).stdout
    python, _, words = line.strip().partition(" -m pip ")
    assert Path(python) == installed.python
    run(*installed.pip, *shlex.split(words), "--no-index")


def test_no_message_names_a_pip_that_may_be_of_another_environment() -> None:
    for file in (ROOT / "widget_backend").rglob("*.py"):
        assert not re.search(r"(?<!-m )pip install", file.read_text(encoding="utf-8")), file.name


def test_a_message_names_a_text_where_the_wheel_has_put_it(installed: Installed) -> None:
    program = "from widget_backend.installation import text_file\n"
    line = f"{program}print(text_file('translations/README.md'))"
    done = run(installed.python, "-c", line, cwd=installed.folder)
    assert Path(done.stdout.strip()) == installed.environment / DOCS / "translations/README.md"


def test_nothing_is_written_into_the_package_itself(installed: Installed) -> None:
    """It would be lost with the next version."""
    before = {each: each.read_bytes() for each in installed.packages.rglob("*.po")}
    command, known = installed.command("translations", "update"), installed.variables()
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (1, "")
    reason = "is not set, and the package’s own translations/ is replaced with each new version"
    assert done.stderr == f"WIDGET_FOLDER: {reason}. set it to a folder of your own.\n"
    assert {each: each.read_bytes() for each in installed.packages.rglob("*.po")} == before


def test_a_stray_folder_of_translations_is_not_read(installed: Installed) -> None:
    """Neither where one works, nor among the libraries, where a careless package may put one."""
    text = 'msgid "Unsubscribe"\nmsgstr "STRAY"\n'
    for folder in (installed.folder, installed.packages):
        catalog = folder / "translations" / "sq" / "LC_MESSAGES" / "messages.po"
        catalog.parent.mkdir(parents=True)
        catalog.write_text(text)
        (folder / "translations" / "README.md").touch()
    program = "from widget_backend.i18n.languages import language as of\nprint(of('sq').gettext("
    known = {"cwd": installed.folder, "env": installed.variables()}
    done = run(installed.python, "-c", f"{program}'Unsubscribe'))", **known)
    assert done.stdout == "Çabonohuni\n"


def test_a_language_of_ones_own_is_served_from_ones_own_folder(installed: Installed) -> None:
    own = installed.folder / "own"
    (own / "translations" / "de").mkdir(parents=True)
    setting = {"WIDGET_FOLDER": "own"}
    file = "own/translations/de/LC_MESSAGES/messages.po"
    assert installed.run("translations", "update", **setting) == f"{file}\n"
    catalog = installed.folder / file
    empty, filled = (f'msgid "Unsubscribe"\nmsgstr "{each}"\n' for each in ("", "Abmelden"))
    text = catalog.read_text()
    assert empty in text
    catalog.write_text(text.replace(empty, filled))
    program = "from widget_backend.i18n.languages import language as of\nprint(of('de').gettext("
    known = {"cwd": installed.folder, "env": installed.variables(**setting)}
    assert run(installed.python, "-c", f"{program}'Unsubscribe'))", **known).stdout == "Abmelden\n"


# ── from nothing to a site ──────────────────────────────────────────────────────────────────


def test_every_command_of_the_wheel_can_be_called(installed: Installed) -> None:
    assert installed.run("--version") == "preference-widget, version 0.1.0\n"
    every = "import sys\nfrom widget_backend.cli import COMMANDS, main\n"
    every += "for each in COMMANDS: main.load(each)\nprint(sys.modules['widget_backend'].__file__)"
    done = run(installed.python, "-c", every, cwd=installed.folder, env=installed.variables())
    assert Path(done.stdout.strip()).is_relative_to(installed.packages)
    assert len(COMMANDS) > 20


def test_a_site_is_written_checked_and_served_in_three_languages_from_the_wheel(
    installed: Installed,
) -> None:
    port = str(free_port())
    answers = ("--name", "Studio Rozafa", "--url", f"http://127.0.0.1:{port}")
    wishes = ("--languages", "sq,en,ar", "--topics", "shop", "--yes")
    written = installed.run("init", "mysite", *answers, *wishes)
    assert "mysite/SITE.toml" in written
    assert "ok" in installed.run("check", "mysite/SITE.toml")
    assert 'integrity="sha384-' in installed.run("snippet", "mysite/SITE.toml", "--pin")
    settings = {
        "WIDGET_SITES": "mysite/SITE.toml",
        "WIDGET_DATABASE_URL": f"sqlite:///{installed.folder}/widget.db",
        "WIDGET_SIGNING_KEYS": "k" * 32,
        "WIDGET_PORT": port,
        "PYTHONUNBUFFERED": "1",
    }
    server = subprocess.Popen(
        installed.command("serve", "--no-mail"),
        cwd=installed.folder,
        env=installed.variables(**settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert server.stdout
        assert "listening" in server.stdout.readline()
        for tag, direction in (("sq", "ltr"), ("en", "ltr"), ("ar", "rtl")):
            page = fetch(port, f"/s/studio-rozafa?lang={tag}")
            assert f'<html lang="{tag}" dir="{direction}"' in page
        assert "customElements" in fetch(port, "/widget/v1.js")
        assert "integrity" not in fetch(port, "/widget/form.css")
    finally:
        server.terminate()
        server.communicate()
    assert server.returncode == 0


def test_a_site_that_was_written_can_be_looked_at_from_the_wheel(installed: Installed) -> None:
    ports = str(free_port()), str(free_port())
    installed.run("init", "seen", "--name", "Studio Buna", "--yes")
    server = subprocess.Popen(
        installed.command("preview", "seen", "--port", ports[0], "--website-port", ports[1]),
        cwd=installed.folder,
        env=installed.variables(PYTHONUNBUFFERED="1"),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        assert server.stdout
        line = next(each for each in server.stdout if "a website with the form" in each)
        assert line.endswith(f"http://127.0.0.1:{ports[1]}/\n")
        assert "<preference-widget" in fetch(ports[1], "/")
        assert "Studio Buna" in fetch(ports[0], "/s/studio-buna")
    finally:
        server.terminate()
        server.communicate()


def fetch(port: str, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
        text: str = answer.read().decode()
    return text
