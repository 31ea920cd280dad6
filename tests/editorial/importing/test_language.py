from __future__ import annotations

import pytest

from gazette.editorial.importing.language import detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("We keep your data for as long as the law asks us to.", "en"),
        ("Nous gardons vos données aussi longtemps que la loi nous le demande.", "fr"),
        ("Wir behalten Ihre Daten, solange das Gesetz es von uns verlangt.", "de"),
        ("Guardamos sus datos mientras la ley nos lo pida, y no los vendemos.", "es"),
        ("Guardamos os seus dados enquanto a lei nos pedir, e não os vendemos.", "pt"),
        ("Conserviamo i tuoi dati per il tempo che la legge ci chiede.", "it"),
        ("Wij bewaren uw gegevens zolang de wet dat van ons vraagt.", "nl"),
        ("当社は法律が求める期間、お客様のデータを保管します。", "ja"),
        ("我们在法律要求的期间保存您的数据。", "zh"),
        ("우리는 법이 요구하는 동안 데이터를 보관합니다.", "ko"),
        ("نحتفظ ببياناتك طالما يطلب القانون ذلك.", "ar"),
        ("Мы храним ваши данные, пока этого требует закон.", "ru"),
        ("123", "en"),
    ],
)
def test_the_language_of_a_text_is_guessed(text: str, language: str) -> None:
    assert detect_language(text) == language
