"""Whether a change is material: the signs of it in a redline, and the kind of change that they suggest.

Takes a redline and the policy's language; gives signals with the changed words and their place. It helps the editor to
decide and holds the decision against the text; it decides nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from gazette.policy.model import Change
from gazette.redline.changes import Redline
from gazette.redline.materiality.lexicon import lexicon
from gazette.redline.materiality.reading import read_passages
from gazette.redline.materiality.signals import Kind, Signal, Strength, find_signals

#: Up to so many words added and removed, without any signal, a change is taken for the correction of a typo.
_EDITORIAL_WORDS = 8


@dataclass(frozen=True, slots=True)
class Assessment:
    """The signals of one redline and the kind of change that they suggest."""

    signals: tuple[Signal, ...]
    suggestion: Change

    @property
    def strong(self) -> tuple[Signal, ...]:
        return tuple(signal for signal in self.signals if signal.strength is Strength.STRONG)

    @property
    def weak(self) -> tuple[Signal, ...]:
        return tuple(signal for signal in self.signals if signal.strength is Strength.WEAK)


def assess(redline: Redline, language: str, own_words: Path | None = None) -> Assessment:
    """The signals of a redline. `own_words` is a folder with a site's own word lists, `<language>.txt`."""
    signals = find_signals(read_passages(redline), lexicon(language, own_words))
    return Assessment(signals, _suggestion(redline, signals))


def _suggestion(redline: Redline, signals: tuple[Signal, ...]) -> Change:
    if any(signal.strength is Strength.STRONG for signal in signals):
        return Change.MATERIAL
    telling = any(signal.kind is not Kind.LINK for signal in signals)
    words = redline.counts.added + redline.counts.removed
    return Change.MINOR if telling or words > _EDITORIAL_WORDS else Change.EDITORIAL


__all__ = ["Assessment", "Kind", "Signal", "Strength", "assess"]
