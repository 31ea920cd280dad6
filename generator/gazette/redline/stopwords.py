"""Words that carry too little meaning to be worth keeping between two changes, in languages policies are often in.

Articles, pronouns, prepositions, conjunctions and auxiliaries. One set for all languages: a word that is one of these
in any of them is hardly ever what a reader holds on to in another.
"""

from __future__ import annotations

_BY_LANGUAGE = {
    "en": """
        a an the of to and or in on at by for with from as is are be was were been it its this that
        these those not no any all you your we our us they their them he she his her i my me may will
        can shall would should could must do does did has have had if which who whom whose such other
        than then there so but into onto under over about
    """,
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder in im an am auf aus bei mit
        von vom zu zum zur für durch um als ist sind war wird werden wurde hat haben nicht kein keine
        sie ihr ihre ihren ihrem ihrer wir uns unser unsere es sich dass wenn auch nach vor über unter
        bis nur so wie er sein seine
    """,
    "fr": """
        le la les l un une des du de d et ou à au aux en dans par pour avec sur sous est sont être a ont
        avoir ne n pas que qu qui ce cet cette ces se s nous vous notre nos votre vos il elle ils elles
        leur leurs son sa ses si y plus comme dont où
    """,
    "es": """
        el la los las un una unos unas y o u e de del a al en por para con sin sobre es son ser ha han
        no que qué se su sus nos nuestro nuestra nuestros nuestras usted ustedes si como más este esta
        estos estas lo le les
    """,
    "pt": """
        o a os as um uma uns umas e ou de do da dos das em no na nos nas por pelo pela para com sem
        sobre é são ser ao aos à às não que se seu sua seus suas você vocês nosso nossa nossos nossas
        como mais este esta isso esse essa
    """,
    "it": """
        il lo la i gli le un uno una e o di del della dei delle a al alla in nel nella da dal dalla per
        con su è sono non che si suo sua loro noi voi nostro nostra vostro vostra come più questo questa
        ci
    """,
    "nl": """
        de het een en of van in op aan bij met voor door te is zijn was wordt worden niet geen dat die
        dit deze u uw wij we ons onze je jouw hun ze zij er als om naar ook
    """,
    "ja": """
        は が を に の と も で へ や か ら り る た て だ な い す し ま れ
    """,
    "zh": """
        的 了 和 是 在 与 及 或 我 们 您 你 其 该 之 为 以 于
    """,
}

STOP_WORDS = frozenset(word for words in _BY_LANGUAGE.values() for word in words.split())
