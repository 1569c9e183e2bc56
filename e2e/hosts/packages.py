"""Files of packages that web pages are made with, read from where `make test` puts them."""

from __future__ import annotations

import re
import sys
import tarfile
from functools import cache
from pathlib import Path

PACKED = Path(sys.executable).parent.parent / "engines" / "packed"
REQUIRED = re.compile(r'require\("([\w-]+)"\)')


@cache
def packed(package: str, path: str) -> str:
    """A file of a package, such as `css/bulma.min.css` of `bulma`."""
    name = package.removeprefix("@").replace("/", "-")
    found = [each for each in PACKED.glob(f"{name}-*.tgz") if each.name[len(name) + 1].isdigit()]
    if len(found) != 1:
        raise FileNotFoundError(f"no package {package} in {PACKED}: “make test” gets it")
    with tarfile.open(found[0]) as archive:
        member = archive.extractfile(f"package/{path}")
        assert member, f"{package} has no file {path}"
        return member.read().decode()


def as_module(source: str) -> str:
    """A CommonJS file as the ES module that a strict policy lets a page load, and no bundler."""
    names = sorted(set(REQUIRED.findall(source)))
    imports = "".join(f"import m{i} from './{name}.js';\n" for i, name in enumerate(names))
    known = ", ".join(f"'{name}': m{i}" for i, name in enumerate(names))
    return (
        f"{imports}const module = {{ exports: {{}} }}, {{ exports }} = module;\n"
        f"const known = {{ {known} }}, require = (name) => known[name];\n"
        f"{source}\nexport default module.exports;\n"
    )
