"""Templates in one language: texts are compiled into them, and some markup is rendered once.

In an environment of one language `_("Save")` is a constant.

Jinja's own i18n extension looks each text up, formats it and marks it as safe again at every
rendering, which was a third of the time of a page. Here the catalog is asked once, when a template
is compiled. What depends on a number (`ngettext`) is still asked when the template is rendered.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Protocol

from jinja2 import Environment, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.visitor import NodeTransformer
from markupsafe import escape

MOST_KEPT = 4096
"""Pieces of markup that are kept for each environment, of some 2,000 bytes each."""


class Catalog(Protocol):
    """What says a text in one language. One that marks each text for translators can stand in."""

    def gettext(self, text: str, /) -> str: ...
    def ngettext(self, one: str, many: str, n: int, /) -> str: ...
    def pgettext(self, context: str, text: str, /) -> str: ...


class TranslatedEnvironment(Environment):
    """Templates of HTML that speak one language.

    `constants` are names whose value is the same in every template of this environment; templates
    are compiled with the value.
    """

    def __init__(self, catalog: Catalog, constants: Mapping[str, Any], **options: Any) -> None:
        super().__init__(autoescape=True, trim_blocks=True, lstrip_blocks=True, **options)
        self.add_extension("jinja2.ext.i18n")
        self.add_extension(Once)
        self.install_gettext_callables(  # type: ignore[attr-defined]
            # Escaped: Jinja would take whatever a catalog says for markup.
            lambda text: escape(catalog.gettext(text)),
            lambda one, many, n: escape(catalog.ngettext(one, many, n)),
            newstyle=True,
            pgettext=lambda context, text: escape(catalog.pgettext(context, text)),
        )
        self._compiling = _Compiling(catalog, constants)

    def make_globals(self, values: Mapping[str, Any] | None) -> dict[str, Any]:
        """A plain dictionary, which is copied for every rendering; Jinja's own takes much longer.

        So names must be added before the first template is asked for.
        """
        return {**self.globals, **(values or {})}

    def _generate(self, source: nodes.Template, *arguments: Any, **options: Any) -> str:
        return super()._generate(self._compiling.visit(source), *arguments, **options)


class _Compiling(NodeTransformer):
    """Puts the translation in the place of each call for it, and constants in that of their names.

    Values are put into a translation as pieces between its own, each escaped as ever.
    """

    def __init__(self, catalog: Catalog, constants: Mapping[str, Any]) -> None:
        self._translate: dict[str, Callable[..., str]] = {
            "_": catalog.gettext,
            "gettext": catalog.gettext,
            "pgettext": catalog.pgettext,
        }
        self._constants = constants

    def visit_Name(self, node: nodes.Name) -> nodes.Expr:  # noqa: N802 - Jinja's way to call it
        if node.ctx == "load" and node.name in self._constants:
            return nodes.Const(self._constants[node.name], lineno=node.lineno)
        return node

    def visit_Call(self, node: nodes.Call) -> nodes.Expr:  # noqa: N802
        self.generic_visit(node)
        translate = self._translate.get(getattr(node.node, "name", ""))
        if translate is None or not all(isinstance(each, nodes.Const) for each in node.args):
            return node
        text = escape(translate(*(each.as_const() for each in node.args)))
        values = {each.key: each.value for each in node.kwargs}
        pieces = list(_pieces(str(text), values))
        return nodes.MarkSafe(nodes.Concat(pieces), lineno=node.lineno)

    def visit_Output(self, node: nodes.Output) -> nodes.Output:  # noqa: N802
        """A translation that is written is written piece by piece: constants become one."""
        self.generic_visit(node)
        node.nodes = [piece for each in node.nodes for piece in _joined(each) or [each]]
        return node


def _pieces(text: str, values: Mapping[str, nodes.Expr]) -> Iterator[nodes.Expr]:
    """A translation, already escaped, as Python's `%` formats it: `%%`, `%(name)s`."""
    literals = iter(re.split(r"%(?:(%)|\((\w+)\)s)", text))
    yield nodes.TemplateData(next(literals))
    for sign, name, literal in zip(literals, literals, literals, strict=True):
        if name:
            yield nodes.Filter(values[name], "escape", [], [], None, None)
        yield nodes.TemplateData((sign or "") + literal)


def _joined(node: nodes.Expr) -> list[nodes.Expr]:
    """The pieces of a translation; none of anything else."""
    is_translation = isinstance(node, nodes.MarkSafe) and isinstance(node.expr, nodes.Concat)
    return node.expr.nodes if is_translation else []  # type: ignore[attr-defined]


class Once(Extension):
    """`{% once site, away %}…{% endonce %}`: rendered once for each site and each value of `away`.

    The first value is what the markup belongs to, such as a site: what is read from a site file
    anew is another one. The others tell the forms of the markup apart, and must be few. With `none`
    in the place of the first, the block is rendered every time. Nothing of a person may be in it.
    """

    tags = {"once"}  # noqa: RUF012 - Jinja's way to say it

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self._kept: dict[Hashable, tuple[object, str]] = {}

    def parse(self, parser: Parser) -> nodes.Node:
        line = next(parser.stream).lineno
        place = nodes.Const(f"{parser.name}:{line}")
        values = parser.parse_tuple()
        body = parser.parse_statements(("name:endonce",), drop_needle=True)
        call = self.call_method("render", [place, values])
        return nodes.CallBlock(call, [], [], body).set_lineno(line)

    def render(self, place: str, values: Any, caller: Callable[[], str]) -> str:
        owner, *others = values if isinstance(values, tuple) else (values,)
        if owner is None:
            return caller()
        key = (place, id(owner), *others)
        kept, markup = self._kept.get(key, (None, ""))
        if kept is owner:
            return markup
        if len(self._kept) >= MOST_KEPT:
            self._kept.clear()
        # The owner is kept with it, so that no other can get its id.
        self._kept[key] = (owner, markup := caller())
        return markup
