"""`owners:` of the policies as a CODEOWNERS file, so that the host's branch protection asks them for their review.

Takes policies and the file as it is; gives it with the lines between two marks renewed. All other lines stay.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from gazette.errors import UsageError
from gazette.policy.model import Policy

BEGIN, END = "# gazette owners: made by 'gazette owners' from policy.yml", "# gazette owners end"
#: Where GitHub and GitLab look, in their order.
PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")


def codeowners_path(top: Path) -> Path:
    """The file that is there, else where it is to be."""
    return next((top / place for place in PLACES if (top / place).is_file()), top / PLACES[0])


def codeowners(policies: Sequence[Policy], top: Path, existing: str) -> str:
    """The file's new text. Later lines win on the host, so ours stand at the end unless they have a place already."""
    width = max((len(_pattern(policy, top)) for policy in policies), default=0)
    lines = [f"{_pattern(p, top):<{width}} {' '.join(p.owners)}" for p in policies if p.owners]
    block = "\n".join([BEGIN, *lines, END]) + "\n"
    if BEGIN in existing and END in existing:
        before, _, rest = existing.partition(BEGIN)
        after = rest.partition(END)[2].removeprefix("\n")
        return before + block + after
    return (existing.rstrip("\n") + "\n\n" if existing.strip() else "") + block


def _pattern(policy: Policy, top: Path) -> str:
    folder = policy.folder.resolve()
    if not folder.is_relative_to(top.resolve()):
        raise UsageError(
            f"{folder} is outside the repository {top}", "run this in the repository that holds the policies"
        )
    return f"/{folder.relative_to(top.resolve()).as_posix()}/".replace(" ", r"\ ")
