"""The few words that an import adds to a site, in the policy's language: titles of parts without one, summaries."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's words. `{}` stands for names of sections or a number."""

    introduction: str
    preamble: str
    text: str
    first: str
    nothing: str
    markup: str
    added: str
    removed: str
    renamed: str
    moved: str
    changed: str
    word: str
    words: str
    to: str
    more: str
    stated: str


_PHRASES = {
    "en": Phrases(
        "Introduction",
        "Preamble",
        "Text",
        "The first version on record.",
        "The text is the same as in the version before.",
        "No words changed, only their markup.",
        "Added: {}.",
        "Removed: {}.",
        "Renamed: {}.",
        "Moved: {}.",
        "Changed: {}.",
        "1 word",
        "{} words",
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
        "Aucun mot n’a changé, seulement la mise en forme.",
        "Ajouté : {}.",
        "Supprimé : {}.",
        "Renommé : {}.",
        "Déplacé : {}.",
        "Modifié : {}.",
        "1 mot",
        "{} mots",
        "{} → {}",
        "{} de plus",
        "Le texte lui-même indique : {}",
    ),
    "de": Phrases(
        "Einleitung",
        "Vorbemerkung",
        "Text",
        "Die erste Fassung in diesem Archiv.",
        "Der Text ist derselbe wie in der Fassung davor.",
        "Kein Wort ist geändert, nur die Auszeichnung.",
        "Neu: {}.",
        "Entfallen: {}.",
        "Umbenannt: {}.",
        "Verschoben: {}.",
        "Geändert: {}.",
        "1 Wort",
        "{} Wörter",
        "{} → {}",
        "{} weitere",
        "Im Text selbst steht: {}",
    ),
    "es": Phrases(
        "Introducción",
        "Preámbulo",
        "Texto",
        "La primera versión de este archivo.",
        "El texto es el mismo que en la versión anterior.",
        "No cambió ninguna palabra, solo el formato.",
        "Añadido: {}.",
        "Eliminado: {}.",
        "Renombrado: {}.",
        "Movido: {}.",
        "Modificado: {}.",
        "1 palabra",
        "{} palabras",
        "{} → {}",
        "{} más",
        "El propio texto dice: {}",
    ),
    "pt": Phrases(
        "Introdução",
        "Preâmbulo",
        "Texto",
        "A primeira versão deste arquivo.",
        "O texto é o mesmo da versão anterior.",
        "Nenhuma palavra mudou, apenas a formatação.",
        "Incluído: {}.",
        "Removido: {}.",
        "Renomeado: {}.",
        "Movido: {}.",
        "Alterado: {}.",
        "1 palavra",
        "{} palavras",
        "{} → {}",
        "mais {}",
        "O próprio texto diz: {}",
    ),
    "ja": Phrases(
        "はじめに",
        "前文",
        "本文",
        "記録上の最初の版です。",
        "本文は前の版と同じです。",
        "語句の変更はなく、書式のみの変更です。",
        "追加：{}。",
        "削除：{}。",
        "名称変更：{}。",
        "移動：{}。",
        "変更：{}。",
        "1 語",
        "{} 語",
        "{} → {}",
        "ほか {} 件",
        "本文中の記載：{}",
    ),
}


def phrases(language: str) -> Phrases:
    """The words in a language (BCP 47; the region does not matter), in English if they are not known."""
    return _PHRASES.get(language.lower().split("-")[0], _PHRASES["en"])
