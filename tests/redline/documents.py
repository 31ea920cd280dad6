"""Markdown documents and edits of them, made by hypothesis: texts of policies in small, with everything that a text may
hold. An edit changes words, blocks or markup somewhere; two documents of one strategy share most of their words."""

from __future__ import annotations

from hypothesis import strategies as st

_SOME = """
we you may data share keep delete company provider user users service services law rights request account email
the a of to and or not any all within 30 days 4.1 $25,000 2023-03-18 privacy@example.com https://example.com/a?b=1
資料 個人情報を収集 ข้อมูล بيانات cafe\u0301 don't e.g. “quoted” Müller & <3 a*b snake_case
"""
WORDS = _SOME.split()


words = st.sampled_from(WORDS)
phrase = st.lists(words, min_size=1, max_size=7).map(" ".join)
links = st.sampled_from(["/a", "/b", "#c", "https://example.com/x_y"])
inline = st.one_of(
    phrase,
    phrase,
    phrase.map(lambda text: f"**{text}**"),
    phrase.map(lambda text: f"_{text}_"),
    phrase.map(lambda text: f"`{text}`"),
    st.tuples(phrase, st.sampled_from(["/a", "/b", "#c", "https://example.com/x_y"])).map(
        lambda p: f"[{p[0]}]({p[1]})"
    ),
    st.sampled_from(
        ["![plan](a.png)", "![map](b.png)", "<ins>added</ins>", "<del>gone</del>", "a<br>b", "x  \ny", "&nbsp;"]
    ),
)
sentence = st.lists(inline, min_size=1, max_size=4).map(lambda parts: " ".join(parts) + ".")
line = st.lists(sentence, min_size=1, max_size=3).map(" ".join)


def _list(mark: str, items: list[tuple[int, str]]) -> str:
    depth, lines = 0, []
    for wanted, text in items:
        depth = min(wanted, depth + 1 if lines else 0)
        lines.append(" " * 4 * depth + f"{mark} " + text.replace("\n", " "))
    return "\n".join(lines)


def _table(rows: list[list[str]]) -> str:
    width = len(rows[0])
    cells = [[cell.replace("|", "/").replace("\n", " ") for cell in (row + [""] * width)[:width]] for row in rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in [cells[0], ["---"] * width, *cells[1:]])


items = st.lists(st.tuples(st.integers(0, 2), sentence), min_size=1, max_size=5)
rows = st.lists(st.lists(phrase, min_size=2, max_size=4), min_size=1, max_size=4)
raw = st.sampled_from(
    [
        "<div>words in a box <p>and a paragraph</div>",
        "<p>unclosed <b>bold <i>both</b> rest",
        "<table><tr><td>one<td>two<tr><td>three</table>",
        "<ul><li>one<ul><li>two</ul>three</ul>",
        "<blockquote>quoted <ul><li>item</blockquote>",
        "<details><summary>More</summary>hidden words</details>",
        "<script>alert(1)</script>",
        "<!-- nothing -->",
        "***",
    ]
)
block = st.one_of(
    line,
    line,
    line,
    st.tuples(st.integers(1, 4), phrase).map(lambda p: "#" * p[0] + " " + p[1]),
    items.map(lambda found: _list("-", found)),
    items.map(lambda found: _list("1.", found)),
    rows.map(_table),
    line.map(lambda text: "> " + text.replace("\n", "\n> ")),
    st.tuples(phrase, line).map(lambda p: f"{p[0]}\n:   {p[1]}"),
    phrase.map(lambda text: f"```\n{text}\n\n{text}\n```"),
    raw,
)
documents = st.lists(block, max_size=7)


@st.composite
def edits(draw: st.DrawFn) -> tuple[str, str]:
    """A document, and what some edits made of it."""
    old = draw(documents)
    new = list(old)
    for _ in range(draw(st.integers(0, 4))):
        new = _edited(draw, new)
    return "\n\n".join(old) + "\n", "\n\n".join(new) + "\n"


def _edited(draw: st.DrawFn, blocks: list[str]) -> list[str]:
    kind = draw(st.sampled_from(["word", "word", "insert", "delete", "move", "split", "merge", "indent", "repeat"]))
    if kind == "insert" or not blocks:
        at = draw(st.integers(0, len(blocks)))
        return [*blocks[:at], draw(block), *blocks[at:]]
    at = draw(st.integers(0, len(blocks) - 1))
    before, this, after = blocks[:at], blocks[at], blocks[at + 1 :]
    if kind == "delete":
        return before + after
    if kind == "move":
        rest = before + after
        to = draw(st.integers(0, len(rest)))
        return [*rest[:to], this, *rest[to:]]
    if kind == "repeat":
        return [*before, this, this, *after]
    if kind == "merge" and after:
        return [*before, this + " " + after[0], *after[1:]]
    if kind == "indent":
        return [*before, "\n".join("    " + one for one in this.split("\n")), *after]
    parts = this.split(" ")
    place = draw(st.integers(0, len(parts) - 1))
    if kind == "split":
        return [*before, " ".join(parts[:place]), " ".join(parts[place:]), *after]
    parts[place : place + draw(st.integers(0, 2))] = draw(st.lists(words, max_size=2))
    return [*before, " ".join(parts), *after]
