"""The few words that an import adds to a site, in the policy's language: titles of parts without one, summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gazette.editorial.importing.counting import COUNTINGS
from gazette.redline import Kind
from gazette.redline.summary import ENGLISH, Counting

#: What is said of whole sections, in the order of `Phrases.whole`.
_WHOLE = (Kind.ADDED, Kind.REMOVED, Kind.RENAMED, Kind.MOVED, Kind.SPLIT, Kind.MERGED)


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's words. `{}` stands for names of sections, a number, or what was counted."""

    introduction: str
    preamble: str
    text: str
    first: str
    nothing: str
    unseen: str
    whole: tuple[str, ...]
    changed: str
    to: str
    more: str
    stated: str
    line: str = "{}."
    facts: str = " ({})"
    counting: Counting = ENGLISH

    @property
    def said(self) -> Mapping[Kind, str]:
        """What is said of sections of which a kind of change is true."""
        return dict(zip(_WHOLE, self.whole, strict=True))


_PHRASES = {
    "en": Phrases(
        "Introduction",
        "Preamble",
        "Text",
        "The first version on record.",
        "The text is the same as in the version before.",
        "No words, links or forms changed, only how the text is written down.",
        ("Added: {}.", "Removed: {}.", "Renamed: {}.", "Moved: {}.", "Split: {}.", "Merged: {}."),
        "Changed: {}.",
        "{} → {}",
        "{} more",
        "The text itself says: {}",
    ),
    "fr": Phrases(
        "Introduction",
        "Préambule",
        "Texte",
        "Première version de ces archives.",
        "Le texte est le même que dans la version précédente.",
        "Aucun mot, lien ni mise en forme n’a changé, seulement la façon dont le texte est noté.",
        ("Ajouté : {}.", "Supprimé : {}.", "Renommé : {}.", "Déplacé : {}.", "Scindé : {}.", "Fusionné : {}."),
        "Modifié : {}.",
        "{} → {}",
        "{} de plus",
        "Le texte lui-même indique : {}",
        counting=COUNTINGS["fr"],
    ),
    "de": Phrases(
        "Einleitung",
        "Vorbemerkung",
        "Text",
        "Die erste Fassung in diesem Archiv.",
        "Der Text ist derselbe wie in der Fassung davor.",
        "Kein Wort, kein Link und keine Formatierung ist geändert, nur die Schreibweise des Quelltexts.",
        ("Neu: {}.", "Entfallen: {}.", "Umbenannt: {}.", "Verschoben: {}.", "Geteilt: {}.", "Zusammengeführt: {}."),
        "Geändert: {}.",
        "{} → {}",
        "{} weitere",
        "Im Text selbst steht: {}",
        counting=COUNTINGS["de"],
    ),
    "es": Phrases(
        "Introducción",
        "Preámbulo",
        "Texto",
        "La primera versión de este archivo.",
        "El texto es el mismo que en la versión anterior.",
        "No cambió ninguna palabra, ningún enlace ni formato, solo la manera de anotar el texto.",
        ("Añadido: {}.", "Eliminado: {}.", "Renombrado: {}.", "Movido: {}.", "Dividido: {}.", "Fusionado: {}."),
        "Modificado: {}.",
        "{} → {}",
        "{} más",
        "El propio texto dice: {}",
        counting=COUNTINGS["es"],
    ),
    "pt": Phrases(
        "Introdução",
        "Preâmbulo",
        "Texto",
        "A primeira versão deste arquivo.",
        "O texto é o mesmo da versão anterior.",
        "Nenhuma palavra, link ou formatação mudou, apenas a maneira de anotar o texto.",
        ("Incluído: {}.", "Removido: {}.", "Renomeado: {}.", "Movido: {}.", "Dividido: {}.", "Unido: {}."),
        "Alterado: {}.",
        "{} → {}",
        "mais {}",
        "O próprio texto diz: {}",
        counting=COUNTINGS["pt"],
    ),
    "ja": Phrases(
        "はじめに",
        "前文",
        "本文",
        "記録上の最初の版です。",
        "本文は前の版と同じです。",
        "語句・リンク・書式の変更はなく、原稿の記法のみの変更です。",
        ("追加：{}。", "削除：{}。", "名称変更：{}。", "移動：{}。", "分割：{}。", "統合：{}。"),
        "変更：{}。",
        "{} → {}",
        "ほか {} 件",
        "本文中の記載：{}",
        line="{}。",
        facts="（{}）",
        counting=COUNTINGS["ja"],
    ),
}


def phrases(language: str) -> Phrases:
    """The words in a language (BCP 47; the region does not matter), in English if they are not known."""
    return _PHRASES.get(language.lower().split("-")[0], _PHRASES["en"])
