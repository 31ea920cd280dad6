"""The table of rules as a page, JSON and lines."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from gazette.cli import main
from gazette.editorial.rules import RULES

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "rules.md"


def test_the_reference_page_is_what_the_command_prints() -> None:
    printed = CliRunner().invoke(main, ["rules", "--format", "markdown"])
    assert printed.exit_code == 0
    assert PAGE.read_text("utf-8") == printed.output


def test_the_rules_can_be_read_by_programs() -> None:
    rows = json.loads(CliRunner().invoke(main, ["rules", "--format", "json"]).output)
    by_id = {row["id"]: row for row in rows}
    assert len(rows) == len(RULES)
    assert by_id["p2b"]["lead"] == {"material": "15 full days", "minor": "15 full days"}
    assert by_id["ccpa"]["review"] == "12 months"


def test_a_terminal_shows_each_rule_with_its_lead_its_source_and_its_certainty() -> None:
    printed = CliRunner().invoke(main, ["rules"]).output
    for rule in RULES:
        assert rule.id in printed
        assert rule.source in printed
    assert "15 full days (material, minor)" in printed
    assert "not verified" in printed
