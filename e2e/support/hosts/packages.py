"""Files of packages that web pages are made with, read from where `make test` puts them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

INSTALLED = Path(sys.executable).parent.parent / "engines" / "node_modules"
REQUIRED = re.compile(r'require\("([\w-]+)"\)')


def file_of(package: str, path: str) -> str:
    """A file of a package, such as `css/bulma.min.css` of `bulma`."""
    return (INSTALLED / package / path).read_text(encoding="utf-8")


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
