"""What a build says, in the words and at the levels of MkDocs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from mkdocs.exceptions import PluginError
from mkdocs.plugins import get_plugin_logger

from gazette.errors import GazetteError

log = get_plugin_logger("gazette")

_Result = TypeVar("_Result")


def said(act: Callable[[], _Result]) -> _Result:
    """What `act` gives; what goes wrong in it on purpose, in words that MkDocs prints without a traceback."""
    try:
        return act()
    except GazetteError as error:
        raise PluginError(str(error)) from error
