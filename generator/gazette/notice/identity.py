"""What identifies a message: its Message-ID, the mark that bounces carry back, and the token that unsubscribes.

All are keyed hashes, so nobody can make one up. The ledger's own key (made with it, never changed) signs Message-IDs:
a message that is sent again has the same one. Tokens are signed with GAZETTE_SECRET, which the web service that
answers them shares; without one, with the ledger's key.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass

from itsdangerous import BadSignature, URLSafeSerializer
from itsdangerous.encoding import base64_encode

from gazette.notice.model import Notice

MARK_DIGITS = 16


def message_mark(key: bytes, notice: Notice) -> Callable[[str], str]:
    """A function from an address to the 40 hex digits that stand for (notice, recipient): HMAC-SHA-256, cut."""
    head = notice.key.encode() + b"\0"

    def mark(address: str) -> str:
        return hmac.digest(key, head + address.encode("utf-8", "surrogatepass"), "sha256").hex()[:40]

    return mark


def message_id(mark: str, domain: str) -> str:
    """The Message-ID with its angle brackets."""
    return f"<{mark}@{domain}>"


def delivery_header(delivery_id: int, mark: str) -> str:
    """The value of `Gazette-Delivery`, which survives relays that replace the Message-ID."""
    return f"{delivery_id}-{mark[:MARK_DIGITS]}"


def content_hash(stored: str) -> str:
    """SHA-256 over a message as it is stored, before recipients are filled in: 64 hex digits. Anyone who has the ledger
    can recompute it from the column `message.parts`.
    """
    return hashlib.sha256(stored.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Leaving:
    """What a valid token asks for: no more notices about `policy` to `address`."""

    address: str
    policy: str


class UnsubscribeTokens:
    """Makes and checks the tokens in unsubscribe links. They do not expire: an old mail's link must work."""

    def __init__(self, secret: str | bytes) -> None:
        self._serializer = URLSafeSerializer(
            secret, salt=b"gazette.unsubscribe", signer_kwargs={"digest_method": hashlib.sha256}
        )
        self._key = self._serializer.make_signer(self._serializer.salt).derive_key()

    def make(self, address: str, policy: str) -> str:
        """A token of URL-safe characters: what the serializer's `dumps` gives, without deriving its key each time."""
        payload = self._serializer.dump_payload([address, policy])
        signature = base64_encode(hmac.digest(self._key, payload, "sha256"))
        return (payload + b"." + signature).decode("ascii")

    def check(self, token: str) -> Leaving | None:
        """What the token asks for, or None where nobody of ours made it."""
        try:
            value = self._serializer.loads(token)
        except BadSignature:
            return None
        match value:
            case [str(address), str(policy)]:
                return Leaving(address, policy)
        return None
