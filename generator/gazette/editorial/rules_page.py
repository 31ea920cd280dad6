"""The table of notice rules as people read it: the reference page, JSON for programs, and short lines.

Takes rows of `rules`, gives text. `docs/reference/rules.md` is `page()`; a test holds them equal.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

from gazette.editorial.rules import RULES, Rule

_HEAD = """\
# Notice rules

<!-- Made by `gazette rules --format markdown` from generator/gazette/editorial/rules.py: change it there. -->

`gazette check` and `gazette release` hold a version's dates against the rules that its policy names:

```yaml
# content/<policy>/policy.yml
notice:
  material: 30 days   # your own promise
  rules: [p2b]        # rows of this table
  review: 12 months   # warn when nothing was published or reviewed for so long
  reviewed: 2026-05-01  # the last review that brought no new version
```

- The longest lead time applies. It is counted from the day of publication, which itself is not counted: what is
  published on 1 March with 15 days' notice may apply from 16 March. `15 full days` have
  passed when the last of them is over, on 17 March: so European law counts a period that has to expire. Your own
  promise may say it too: `material: 30 full days`.
- Months follow the calendar: one month after 31 January is the last day of February.
- Days begin in the time zone of the site (`timezone` in `mkdocs.yml`). Hours are rounded up to days, and
  "before" is one day.
- An `initial` version needs no notice. Neither do imported versions: they are history.
- A date that is moved to a later day keeps its notice. One that is moved to an earlier day needs it again.
- After the day in the column *expires* a row only warns, until it has been confirmed.
- *Certainty* says how the row was established. The table is where to start, not legal advice: read the source before
  you rely on a row, most of all where it says "secondary source" or "not verified".

"""


def lead_in_words(rule: Rule) -> str:
    """`15 days (material, minor)`, or a dash where the rule gives no number."""
    by_length: dict[str, list[str]] = {}
    for change, lead in rule.lead.items():
        by_length.setdefault(str(lead), []).append(change.value)
    return "; ".join(f"{lead} ({', '.join(changes)})" for lead, changes in by_length.items()) or "–"


def page() -> str:
    """The reference page, Markdown."""
    rows = ["| rule | who | lead | exempt | certainty | expires |", "|---|---|---|---|---|---|"]
    for rule in RULES:
        expires = rule.expires.isoformat() if rule.expires else "–"
        lead = lead_in_words(rule)
        rows.append(f"| `{rule.id}` | {rule.scope} | {lead} | {rule.exempts or '–'} | {rule.certainty} | {expires} |")
    return _HEAD + "\n".join(rows) + "\n\n## Sources\n\n" + "\n\n".join(map(_entry, RULES)) + "\n"


def _entry(rule: Rule) -> str:
    lines = [f"**`{rule.id}`: {rule.title}.** {rule.source}.", f"Duty: {rule.duty}."]
    if rule.review:
        lines.append(f"Review: every {rule.review}.")
    return "\n".join([*lines, *([rule.note] if rule.note else [])])


def as_json(rules: Sequence[Rule] = RULES) -> str:
    """The rows as a JSON list."""
    return json.dumps([_row(rule) for rule in rules], ensure_ascii=False, indent=2)


def _row(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.id,
        "title": rule.title,
        "source": rule.source,
        "scope": rule.scope,
        "duty": rule.duty,
        "lead": {change.value: str(lead) for change, lead in rule.lead.items()},
        "review": str(rule.review) if rule.review else None,
        "exempts": rule.exempts,
        "expires": rule.expires.isoformat() if rule.expires else None,
        "certainty": rule.certainty.value,
        "note": rule.note,
    }


def in_lines(rules: Sequence[Rule] = RULES) -> str:
    """Two short lines a row, for a terminal."""
    width = max(len(rule.id) for rule in rules)
    lines = []
    for rule in rules:
        ends = f", row expires {rule.expires}" if rule.expires else ""
        review = f"; review every {rule.review}" if rule.review else ""
        lines.append(f"{rule.id:<{width}}  {lead_in_words(rule)}{review}")
        lines.append(f"{'':<{width}}  {rule.source}: {rule.duty} [{rule.certainty}{ends}]")
    return "\n".join(lines)
