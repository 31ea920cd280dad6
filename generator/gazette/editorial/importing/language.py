"""The language of a text, guessed from its script and from its commonest small words.

Enough to fill in `language:` with something an editor only has to confirm; it never tells apart what only a place can
tell (`pt` from `pt-BR`).
"""

from __future__ import annotations

import re
from collections import Counter

#: Written in one script that is (nearly) theirs alone, in the order in which they are asked for.
_SCRIPTS = (
    ("ja", re.compile("[぀-ヿ]")),
    ("ko", re.compile("[가-힯ᄀ-ᇿ]")),
    ("zh", re.compile("[㐀-鿿]")),
    ("ar", re.compile("[\u0600-\u06ff]")),
    ("he", re.compile("[\u0590-\u05ff]")),
    ("ru", re.compile("[Ѐ-ӿ]")),
    ("el", re.compile("[Ͱ-Ͽ]")),
    ("hi", re.compile("[ऀ-ॿ]")),
    ("th", re.compile("[฀-๿]")),
)
_STOP_WORDS = {
    "en": "the and of to in you your we our is that for this with are by not will which may have if any from when",
    "fr": "le la les des et de vous nous votre vos est que pour dans une sur ce cette avec par ne pas sont aux du qui",
    "de": "der die das und sie wir ihre ist für den von mit zu auf nicht werden eine oder im des dem ein sind uns bei",
    "es": "el la los las de y que en para con su por una es se del al usted nuestro nuestra no como sus lo o nosotros",
    "pt": "o a os as de e que em para com seu sua por uma é se do da no na você não são dos ao nosso nossa seus pelo",
    "it": "il la i le di e che per con suo una è si del della nel non dei gli alla sono da dati come nostro questo o",
    "nl": "de het een en van u uw wij we is dat voor met op niet zijn te aan door in of onze kunnen worden deze als",
}
#: A word that several languages have counts for each of them in part.
_SHARES = Counter(word for words in _STOP_WORDS.values() for word in words.split())
_RIGHT_OF_A_SCRIPT = 0.15
#: Fewer small words than these speak for no language.
_LEAST = 2


def is_language_tag(text: str) -> bool:
    """Whether `text` is written as BCP 47 has it: `en`, `pt-BR`."""
    return re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*", text) is not None


def detect_language(text: str) -> str:
    """The tag of the language that a text is most likely in; `en` if nothing speaks for any."""
    sample = text[:60_000]
    letters = sum(character.isalpha() for character in sample) or 1
    for tag, script in _SCRIPTS:
        if len(script.findall(sample)) / letters > _RIGHT_OF_A_SCRIPT:
            return tag
    words = Counter(re.findall(r"[^\W\d_]+", sample.casefold()))
    scores = {
        tag: sum(words[word] / _SHARES[word] for word in stop_words.split()) for tag, stop_words in _STOP_WORDS.items()
    }
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] >= _LEAST else "en"
