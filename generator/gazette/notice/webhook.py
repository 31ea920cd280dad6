"""One more channel: a signed JSON message to an address on the web. One row of the ledger, the same states.

The body is signed as `Gazette-Signature: t=SECONDS,v1=HEX`, an HMAC-SHA-256 over `SECONDS.body` with
GAZETTE_WEBHOOK_SECRET. `Gazette-Delivery` stays the same when it is sent again, so that the other side can tell.
"""

from __future__ import annotations

import hmac
import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping

from gazette.errors import UsageError
from gazette.notice.identity import message_mark
from gazette.notice.model import Claimed, Notice
from gazette.notice.verdicts import Fate, Reply, Verdict

TIMEOUT_SECONDS = 30


def body(notice: Notice, page: Mapping[str, str]) -> bytes:
    """The JSON that is sent: which policy and version, what about it, and where to read it."""
    data = {
        "policy": notice.policy, "version": notice.label, "title": page.get("title", ""), "kind": notice.kind,
        "effective": f"{notice.effective:%Y-%m-%d}", "url": page.get("page", ""), "text": page.get("text", ""),
        "digest": page.get("digest", ""), "redline": page.get("redline", ""),
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, sort_keys=True).encode()


def signature(secret: str, seconds: int, data: bytes) -> str:
    """The value of `Gazette-Signature`."""
    digest = hmac.digest(secret.encode(), str(seconds).encode() + b"." + data, "sha256").hex()
    return f"t={seconds},v1={digest}"


def sender(
    url: str, secret: str, key: bytes, notice: Notice, clock: Callable[[], float]
) -> Callable[[Claimed, bytes], Verdict]:
    """A function that sends one delivery's body and gives the verdict."""
    if not secret:
        raise UsageError("the webhook has no secret", "set GAZETTE_WEBHOOK_SECRET, so that the other side can check it")
    mark = message_mark(key, notice)

    def send(claimed: Claimed, data: bytes) -> Verdict:
        headers = {
            "Content-Type": "application/json; charset=utf-8", "User-Agent": "gazette-notify",
            "Gazette-Delivery": mark(claimed.address), "Gazette-Signature": signature(secret, int(clock()), data),
        }  # fmt: skip
        return post(urllib.request.Request(url, data, headers, method="POST"))

    return send


def post(request: urllib.request.Request) -> Verdict:
    """2xx is accepted; 408, 429 and 5xx are for later; other codes are refusals; no answer leaves it unknown."""
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as response:
            return Verdict(Fate.ACCEPTED, Reply(response.status, response.reason))
    except urllib.error.HTTPError as error:
        error.close()
        later = error.code in {408, 425, 429} or error.code >= 500
        return Verdict(Fate.DEFERRED if later else Fate.REFUSED, Reply(error.code, str(error.reason)))
    except urllib.error.URLError as error:
        if isinstance(error.reason, TimeoutError):
            return Verdict(Fate.UNKNOWN, Reply(0, "no answer in time"))
        return Verdict(Fate.DEFERRED, Reply(0, f"cannot be reached: {error.reason}"))
    except (OSError, http.client.HTTPException) as error:
        return Verdict(Fate.UNKNOWN, Reply(0, f"the connection broke: {error}"))
