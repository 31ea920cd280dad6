"""A heading in capitals → the same heading in sentence case, acronyms and names kept.

What is an acronym or a name is read from the text below the headings: a word that stands there in capitals amid small
letters is an acronym, one that is never seen in small letters but in mid-sentence with a capital is a name.
"""

from __future__ import annotations

import re

from gazette.editorial.importing.language import detect_language

_KNOWN_ACRONYMS = """
AI API APIS B2B B2C CCPA CCTV CPRA COPPA DMCA DNS DPA DPIA DPO DPF DSA DSGVO EEA EU FAQ FAQS FTC GDPR GPS HIPAA HR HTML
HTTP HTTPS ICO ID IDS IP ISO KYC LGPD LLC LTD ML MFA PCI PDF PII PIN PSD2 RGPD SCC SCCS SDK SDKS SLA SMS SSL TLS UK URL
URLS USA VAT VPN
"""
_SMALL_WORDS = """
A AM AN AND ARE AS AT BE BY DO FOR GO HE HIS HOW I IF IN IS IT ITS ME MY NO NOT OF ON OR OUR SO THE TO UP US WE WHO YOU
"""
#: Acronyms of this field, for headings whose text does not repeat them.
ACRONYMS = frozenset(_KNOWN_ACRONYMS.split())
#: Capitals that are words far more often than acronyms: "CONTACT US" is no country.
_WORDS = frozenset(_SMALL_WORDS.split())
_WORD = re.compile(r"[^\W\d_](?:[\w&]|['’](?=\w)|\.(?=\w\.))*")
_AMID = re.compile(rf"(?:(?<=[^\W\d_A-Z] )|(?<=[^\W\d_A-Z][,;] )){_WORD.pattern}")
_ENUMERATOR = re.compile(r"\(?(?:[A-Z]|[IVXLC]+|\d+(?:\.\d+)*)[.):]\s+")


def is_capitals(line: str) -> bool:
    """Whether a line is in capitals altogether, with two letters at least."""
    return line.isupper() and sum(character.isalpha() for character in line) >= 2


class Casing:
    """The spellings that a text uses, to put its headings into sentence case."""

    def __init__(self, prose: str) -> None:
        words = _WORD.findall(prose)
        self._small = {word for word in words if word.islower()}
        self._acronyms = {word for word in words if len(word) > 1 and word.isupper()} - _WORDS
        # German writes nouns with a capital, and most words of a heading that the text does not know are nouns.
        self._nouns = detect_language(prose) == "de"
        self._names: dict[str, str] = {}
        for word in _AMID.findall(prose):
            if word[0].isupper() and not word.isupper():
                self._names.setdefault(word.lower(), word)

    def sentence(self, heading: str) -> str:
        """`DATA USE, STORAGE AND RETENTION` → `Data use, storage and retention`."""
        mark = _ENUMERATOR.match(heading)
        start = mark.end() if mark else 0
        cased = _WORD.sub(self._word, heading[start:])
        first = next((place for place, character in enumerate(cased) if character.isalpha()), 0)
        return heading[:start] + cased[:first] + cased[first : first + 1].upper() + cased[first + 1 :]

    def _word(self, match: re.Match[str]) -> str:
        word = match[0]
        if word in _WORDS:
            return "I" if word == "I" else word.lower()
        lower = word.lower()
        if lower in self._names and lower not in self._small:
            return self._names[lower]
        if word in ACRONYMS or word in self._acronyms or re.fullmatch(r"(?:\w\.)+\w?", word):
            return word
        return word.capitalize() if self._nouns and lower not in self._small else lower
