"""How the languages of an import's summaries count what changed: the line of `gazette.redline.summary`, translated.

Nouns are given for one and for several, and with them what was done, which in most of these languages agrees with them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from babel.numbers import format_decimal

from gazette.redline.summary import ENGLISH, Counting

_NOUNS = ("section", "passage", "word", "link", "format", "level", "number")
_DEEDS = {
    "section": ("changed", "added", "removed", "moved", "renamed", "split", "merged"),
    "passage": ("moved", "split", "merged"),
    "word": ("added", "removed", "moved"),
}


def _counting(
    language: str,
    nothing: str,
    nouns: str,
    deeds: Mapping[str, str],
    first: str = ENGLISH.first,
    further: str = ENGLISH.further,
    parts: tuple[str, str] = ENGLISH.parts,
) -> Counting:
    """A language. Words stand in the order of `_NOUNS` and `_DEEDS`; `one/several`, where the two differ."""
    named = zip(_NOUNS, nouns.split(", "), strict=True)
    done = {
        (noun, deed): _forms(words)
        for noun, known in _DEEDS.items()
        for deed, words in zip(known, deeds[noun].split(", "), strict=True)
    }
    number = partial(format_decimal, locale=language)
    return Counting(
        nothing, {noun: _forms(words) for noun, words in named}, done, first, further, number=number, parts=parts
    )


def _forms(words: str) -> tuple[str, str]:
    one, _, several = words.partition("/")
    return one, several or one


COUNTINGS: Mapping[str, Counting] = {
    "en": ENGLISH,
    "fr": _counting(
        "fr",
        "Aucun changement",
        "section/sections, passage/passages, mot/mots, lien/liens, mise en forme/mises en forme, niveau/niveaux, "
        "numéro/numéros",
        {
            "section": "modifiée/modifiées, ajoutée/ajoutées, supprimée/supprimées, déplacée/déplacées, "
            "renommée/renommées, scindée/scindées, fusionnée/fusionnées",
            "passage": "déplacé/déplacés, scindé/scindés, fusionné/fusionnés",
            "word": "ajouté/ajoutés, supprimé/supprimés, déplacé/déplacés",
        },
        parts=(", ", " ; "),
    ),
    "de": _counting(
        "de",
        "Keine Änderung",
        "Abschnitt/Abschnitte, Passage/Passagen, Wort/Wörter, Link/Links, Formatierung/Formatierungen, Ebene/Ebenen, "
        "Nummer/Nummern",
        {
            "section": "geändert, hinzugefügt, entfernt, verschoben, umbenannt, geteilt, zusammengeführt",
            "passage": "verschoben, geteilt, zusammengeführt",
            "word": "hinzugefügt, entfernt, verschoben",
        },
    ),
    "es": _counting(
        "es",
        "Sin cambios",
        "sección/secciones, pasaje/pasajes, palabra/palabras, enlace/enlaces, formato/formatos, nivel/niveles, "
        "número/números",
        {
            "section": "modificada/modificadas, añadida/añadidas, eliminada/eliminadas, movida/movidas, "
            "renombrada/renombradas, dividida/divididas, fusionada/fusionadas",
            "passage": "movido/movidos, dividido/divididos, fusionado/fusionados",
            "word": "añadida/añadidas, eliminada/eliminadas, movida/movidas",
        },
    ),
    "pt": _counting(
        "pt",
        "Nenhuma mudança",
        "seção/seções, trecho/trechos, palavra/palavras, link/links, formatação/formatações, nível/níveis, "
        "número/números",
        {
            "section": "alterada/alteradas, incluída/incluídas, removida/removidas, movida/movidas, "
            "renomeada/renomeadas, dividida/divididas, unida/unidas",
            "passage": "movido/movidos, dividido/divididos, unido/unidos",
            "word": "incluída/incluídas, removida/removidas, movida/movidas",
        },
    ),
    "ja": _counting(
        "ja",
        "変更なし",
        "件の節, か所の文章, 語, 件のリンク, か所の書式, か所の階層, 件の番号",
        {
            "section": "変更, 追加, 削除, 移動, 改称, 分割, 統合",
            "passage": "移動, 分割, 統合",
            "word": "追加, 削除, 移動",
        },
        first="{number} {noun}を{deed}",
        further="{number} {noun}を{deed}",
        parts=("、", "；"),
    ),
}
