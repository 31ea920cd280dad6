"""GitHub's API, as far as the workflows need it: one comment that is updated in place, one issue for each review.

Takes where and by what token; talks JSON over HTTPS. Hides paging and the marks by which our own comment is found.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from gazette.errors import GazetteError, UsageError

MARK = "<!-- gazette review -->"
#: What GitHub accepts as the body of a comment, less a little.
LONGEST_BODY = 65_000
_PAGE = 100


class HostError(GazetteError):
    """The host did not do what was asked; its own words."""


@dataclass(frozen=True)
class GitHub:
    """One repository there. `api` has no slash at its end."""

    repository: str
    token: str
    api: str = "https://api.github.com"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> GitHub:
        """As a workflow runs: GITHUB_REPOSITORY, GITHUB_TOKEN, GITHUB_API_URL."""
        for name in ("GITHUB_REPOSITORY", "GITHUB_TOKEN"):
            if not environment.get(name):
                raise UsageError(f"{name} is not set", "run this in a workflow, or set it")
        api = environment.get("GITHUB_API_URL") or "https://api.github.com"
        return cls(environment["GITHUB_REPOSITORY"], environment["GITHUB_TOKEN"], api.rstrip("/"))

    def put_comment(self, pull: int, body: str) -> str:
        """Make our comment at a pull request say this; `created` or `updated`."""
        marked = f"{MARK}\n{body}"[:LONGEST_BODY]
        for comment in self._pages(f"issues/{pull}/comments"):
            if str(comment.get("body") or "").startswith(MARK):
                self._ask("PATCH", f"issues/comments/{comment['id']}", {"body": marked})
                return "updated"
        self._ask("POST", f"issues/{pull}/comments", {"body": marked})
        return "created"

    def open_issue(self, title: str, body: str) -> bool:
        """Open an issue unless one of this title is open already; whether one was opened."""
        if any(issue.get("title") == title for issue in self._pages("issues", "state=open")):
            return False
        self._ask("POST", "issues", {"title": title, "body": body})
        return True

    def _pages(self, path: str, query: str = "") -> Iterator[dict[str, Any]]:
        page = 1
        while True:
            found = self._ask("GET", f"{path}?{query}&per_page={_PAGE}&page={page}".replace("?&", "?"))
            yield from found
            if len(found) < _PAGE:
                return
            page += 1

    def _ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        request = Request(
            f"{self.api}/repos/{self.repository}/{path}",
            data=json.dumps(body).encode() if body is not None else None,
            method=method,
            headers={
                "Authorization": f"Bearer {self.token}",
                "Accept": "application/vnd.github+json",
                "Content-Type": "application/json",
                "X-GitHub-Api-Version": "2022-11-28",
            },
        )
        try:
            with urlopen(request, timeout=30) as answer:
                return json.loads(answer.read() or b"null")
        except HTTPError as error:
            said = error.read().decode("utf-8", "replace")[:300]
            error.close()
            raise HostError(f"GitHub answered {error.code} to {method} {path}: {said}") from error
        except (URLError, TimeoutError) as error:
            raise HostError(f"GitHub cannot be reached at {self.api}: {error}") from error
