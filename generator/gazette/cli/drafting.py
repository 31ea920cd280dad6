"""The commands that change a draft: its sections, and new sites."""

from __future__ import annotations
