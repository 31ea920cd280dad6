"""A look at a notice before anybody gets it: files to open in a mail program or a browser, and a sample by mail."""

from __future__ import annotations

import email
import email.policy
from collections.abc import Sequence
from pathlib import Path

from gazette.errors import GazetteError
from gazette.notice import dkim_signing
from gazette.notice.compose import Composed
from gazette.notice.letters import Letters
from gazette.notice.model import Claimed, Notice
from gazette.notice.options import NoticeOptions, Secrets, relay
from gazette.notice.smtp import Connection
from gazette.notice.verdicts import Fate, Verdict

SAMPLE_KEY = b"a preview is signed with no ledger's key"
SAMPLE = Claimed(1, 0, 0, "reader@example.com", "A. Reader", "", {}, 0, 0, "mail")


def write_preview(notice: Notice, messages: Sequence[Composed], options: NoticeOptions, folder: Path) -> list[Path]:
    """`.eml`, `.html` and `.txt` for each language, as a sample reader would get them. The paths written."""
    folder.mkdir(parents=True, exist_ok=True)
    letters = _letters(notice, messages, options, "")
    written = []
    for message in messages:
        data = letters.envelope(SAMPLE._replace(language=message.language)).message
        parsed = email.message_from_bytes(data, policy=email.policy.default)
        stem = f"{notice.policy}-{notice.label}-{notice.kind}.{message.language}"
        bodies = {"eml": data}
        for subtype in ("html", "plain"):
            part = parsed.get_body((subtype,))
            if part is not None:
                bodies["txt" if subtype == "plain" else "html"] = str(part.get_content()).encode()
        for suffix, body in bodies.items():
            path = folder / f"{stem}.{suffix}"
            path.write_bytes(body)
            written.append(path)
    return written


def send_sample(
    notice: Notice,
    messages: Sequence[Composed],
    options: NoticeOptions,
    secrets: Secrets,
    address: str,
) -> str:
    """Send every language's message to one address through the relay; what the relay said last."""
    sign = dkim_signing.signer(secrets, options.sender)
    letters = _letters(notice, messages, options, secrets.secret.get_secret_value(), sign)
    waiting = iter([SAMPLE._replace(address=address, language=message.language) for message in messages])
    verdicts: list[Verdict] = []
    connection = Connection(relay(secrets), options.timeout)
    connection.converse(
        lambda: next(waiting, None), letters.envelope, lambda claimed, verdict: verdicts.append(verdict)
    )
    connection.close(quit_=True)
    refused = [verdict for verdict in verdicts if verdict.fate is not Fate.ACCEPTED]
    if refused:
        raise GazetteError(f"the relay did not take the sample: {refused[0].reply or 'no reply'}")
    return str(verdicts[-1].reply)


def _letters(
    notice: Notice,
    messages: Sequence[Composed],
    options: NoticeOptions,
    secret: str,
    sign: dkim_signing.Signer | None = None,
) -> Letters:
    templates = {message.language: message.template for message in messages}
    return Letters(notice, templates, options, SAMPLE_KEY, secret, sign)
