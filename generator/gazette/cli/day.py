"""A day as an option's value: `2026-03-18`, and what is said of anything else."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click

_WRITTEN = "YYYY-MM-DD"


class Day(click.DateTime):
    """Gives the beginning of the day."""

    def __init__(self) -> None:
        super().__init__(["%Y-%m-%d"])

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        return _WRITTEN

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            found: datetime = super().convert(value, param, ctx)
        except click.BadParameter:
            self.fail(f"'{value}' is no day; write it as {_WRITTEN}", param, ctx)
        return found


DAY = Day()
