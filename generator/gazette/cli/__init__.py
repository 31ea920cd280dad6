"""The command `gazette`: parses, calls, prints, exits. Nothing else in the package prints or exits.

Each file here holds the commands of one room and registers them on `main`.
"""

from gazette.cli import (
    amending,
    beginning,
    check,
    drafting,
    editorial,
    hosting,
    importing,
    ledger,
    notice,
    redline,
    releasing,
    reviewing,
)
from gazette.cli.main import main

__all__ = [
    "amending",
    "beginning",
    "check",
    "drafting",
    "editorial",
    "hosting",
    "importing",
    "ledger",
    "main",
    "notice",
    "redline",
    "releasing",
    "reviewing",
]
