"""Jinja as our templates know it: escaping, gettext, dates and numbers of one language, and the addresses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache, lru_cache, partial
from types import FunctionType
from typing import Any

from jinja2 import BaseLoader, ChoiceLoader, Environment, PackageLoader, PrefixLoader, StrictUndefined, Template
from jinja2.runtime import Context
from markupsafe import Markup

from gazette.policy.model import Change
from gazette.policy.rendering import plain
from gazette.policy.timeline import State
from gazette.redline.changes import Kind as What
from gazette.site import addresses
from gazette.site.compiled import Compiled
from gazette.site.pages import Kind
from gazette.site.words import words


def environment(loader: BaseLoader, language: str, compiled: Compiled | None = None) -> Environment:
    """Jinja for one language: escaping, gettext as `_()`, the filters `date` and `number`, the addresses. A template
    of a site's own can extend ours, which is `original/gazette/…`, and say only a block of it otherwise."""
    _ = words(language)
    originals = PrefixLoader({"original": PackageLoader("gazette.site")})
    made = Environment(
        loader=ChoiceLoader([loader, originals]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        extensions=["jinja2.ext.i18n"],
        bytecode_cache=compiled.named(language) if compiled is not None else None,
    )
    made.context_class = _Context
    made.install_gettext_translations(_.catalogue, newstyle=True)  # type: ignore[attr-defined]  # added by i18n
    made.globals["_"] = partial(_said, cache(lambda message: Markup(_(message))))
    made.filters |= {"date": partial(_time, language), "number": _.number, "plain": plain}
    made.globals |= {"addresses": addresses, "State": State, "Change": Change, "Kind": Kind, "What": What}
    return made


def rendered(template: Template, facts: Mapping[str, object]) -> str:
    """As `Template.render`, without going through a chain of mappings for each of thousands of pages and sections."""
    environment = template.environment
    context = template.new_context({**environment.globals, **facts}, shared=True)
    try:
        return environment.concat(template.root_render_func(context))
    except Exception:
        return str(environment.handle_exception())  # which raises it again, at its place in the template


@lru_cache(maxsize=4096)
def _said(message_of: Callable[[str], Markup], message: str, **facts: object) -> Markup:
    """A message with facts in it, as Jinja's new-style gettext, which looks everything up again each time."""
    found = message_of(message)
    return found % facts if "%" in found else found


@lru_cache(maxsize=10_000)
def _time(language: str, day: date) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(day.isoformat(), words(language).date(day))


class _Context(Context):
    """Calls at once what asks for no part of the context, as most of what our templates call."""

    def call(self, called: Callable[..., Any], /, *values: Any, **named: Any) -> Any:
        if type(called) not in (partial, FunctionType) or hasattr(called, "jinja_pass_arg"):
            return super().call(called, *values, **named)
        named.pop("_block_vars", None)
        named.pop("_loop_vars", None)
        return called(*values, **named)
