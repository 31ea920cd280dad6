"""A plain text file → a `Document`: headings, lists and paragraphs as Markdown, not a word lost.

What makes a heading, in this order of strength: a line in capitals (≤ 90 characters, no full stop), a line underlined
with `===` or `---`, a numbered line that stands alone (`2. Cookies`, `1. Editor:`) or is one of several whose numbers
run on, and, in a text that has none of these, a short line without a full stop above a paragraph. The title, the
organisation's name and the "last updated" line above the first heading are lifted out of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from enum import Enum, auto

from gazette.editorial.importing.capitals import Casing, is_capitals
from gazette.editorial.importing.dates import stated_date
from gazette.editorial.importing.decoding import decode
from gazette.editorial.importing.document import Document, Lifted, warning
from gazette.editorial.importing.escaping import escape
from gazette.editorial.importing.running_numbers import running_headings
from gazette.editorial.importing.text_lists import is_item, list_markdown
from gazette.editorial.importing.wrapping import unwrapped
from gazette.errors import Problem

LONGEST_HEADING = 90
_FULL_STOP = re.compile(r"[.;,!。]['\"”’)]*$")
_NUMBERED = re.compile(r"(?P<number>\d+(?:\.\d+)*)[.)]?\s+(?P<title>\S.*)")
_UNDERLINE = re.compile(r"(={3,}|-{3,})\s*")
_KIND_OF_POLICY = re.compile(
    r"polic(?:y|ies)|privacy|terms|agreement|notice|statement|conditions|guidelines|addendum|datenschutz|nutzungsbeding"
    r"|politique|confidentialité|conditions|política|privacidad|termos|términos|aviso|規約|ポリシー|プライバシー",
    re.IGNORECASE,
)
_REFERENCE_BY_NUMBER = re.compile(r"(?:section|paragraph|clause|point|item|article|§)s?\s*\d", re.IGNORECASE)


class Kind(Enum):
    """What a block of lines is."""

    SECTION = auto()
    SUB_HEADING = auto()
    LIST = auto()
    PARAGRAPH = auto()


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that stand together; `first` is the number of the first, from 1."""

    first: int
    lines: tuple[str, ...]
    kind: Kind = Kind.PARAGRAPH
    heading: str = ""
    depth: int = 0

    @property
    def alone(self) -> str:
        """The line of a block that has only one, else nothing."""
        return self.lines[0].strip() if len(self.lines) == 1 else ""


@dataclass
class _Output:
    lines: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)

    def add(self, lines: list[tuple[int, str]]) -> None:
        """One block: lines of Markdown with the source's lines, and a blank one."""
        for place, line in (*lines, (lines[-1][0], "")):
            self.lines.append(line)
            self.places.append(place)


def read_text_file(path: str, data: bytes) -> Document:
    """The document that the bytes of a `.txt` file hold."""
    text, warnings = decode(data, path)
    blocks = list(_joined(_classified(list(_blocks(text)))))
    front, body = _front(blocks)
    document, body_front = _lift(Document(path, "", (), warnings=warnings), front)
    prose = "\n".join("\n".join(block.lines) for block in blocks if block.kind in (Kind.PARAGRAPH, Kind.LIST))
    casing = Casing(prose)
    keep_numbers = _REFERENCE_BY_NUMBER.search(prose) is not None
    out, lifted = _Output(), list(document.lifted)
    for block in _without_needless_numbers([*body_front, *body], keep_numbers, lifted):
        out.add(_markdown(block, casing))
    title = casing.sentence(document.title) if is_capitals(document.title) else document.title
    return replace(
        document, title=title, markdown="\n".join(out.lines).rstrip("\n"), lines=tuple(out.places), lifted=tuple(lifted)
    )


def _blocks(text: str) -> Iterator[Block]:
    """Runs of lines between blank lines; an underlined, capital or numbered heading is a block of its own."""
    lines = [raw.rstrip() for raw in text.expandtabs(4).split("\n")]
    headings = running_headings(lines)
    run: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        is_heading = number - 1 in headings
        if line.strip() and not is_heading:
            run.append(line)
            continue
        if run:
            yield from _parted(Block(number - len(run), tuple(run)))
        if is_heading:
            yield Block(number, (line.rstrip("."),))
        run = []


def _parted(block: Block) -> Iterator[Block]:
    """A block, its heading line parted from what follows without a blank line."""
    first, *rest = block.lines
    if rest and _UNDERLINE.fullmatch(rest[0].strip()) and not is_item(first):
        kind = Kind.SECTION if rest[0].strip()[0] == "=" else Kind.SUB_HEADING
        yield Block(block.first, block.lines[:2], kind, first.strip())
        if rest[1:]:
            yield from _parted(Block(block.first + 2, block.lines[2:]))
    elif rest and _capital_heading(first) and not is_capitals(rest[0]):
        yield Block(block.first, (first,))
        yield from _parted(Block(block.first + 1, tuple(rest)))
    else:
        yield block


def _classified(blocks: list[Block]) -> Iterator[Block]:
    """Each block with its kind. What counts as a section heading depends on what the text has."""
    underlined = {block.kind for block in blocks} - {Kind.PARAGRAPH}
    has_capitals = any(_capital_heading(block.alone) for block in blocks)
    has_sections = has_capitals or Kind.SECTION in underlined
    numbered = [block for block in blocks if _numbered_heading(block)]
    plain = not has_sections and not underlined and len(numbered) < 2
    for place, block in enumerate(blocks):
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        if block.kind is not Kind.PARAGRAPH:
            yield block if has_sections else replace(block, kind=Kind.SECTION)
        elif _capital_heading(block.alone):
            yield replace(block, kind=Kind.SECTION, heading=block.alone.rstrip(":").rstrip())
        elif match := _numbered_heading(block):
            depth = match["number"].count(".") + (1 if has_sections or underlined else 0)
            heading = block.alone.rstrip(":").rstrip()
            yield replace(block, kind=Kind.SUB_HEADING if depth else Kind.SECTION, heading=heading, depth=depth)
        elif is_item(block.lines[0]):
            yield replace(block, kind=Kind.LIST)
        elif plain and place and following is not None and _short_heading(block, following):
            yield replace(block, kind=Kind.SECTION, heading=block.alone.rstrip(":"))
        else:
            yield block


def _joined(blocks: Iterable[Block]) -> Iterator[Block]:
    """Lists whose items stand apart are one list."""
    open_list: Block | None = None
    for block in blocks:
        if open_list is not None and block.kind is Kind.LIST:
            gap = block.first - open_list.first - len(open_list.lines)
            open_list = replace(open_list, lines=(*open_list.lines, *[""] * gap, *block.lines))
            continue
        if open_list is not None:
            yield open_list
        open_list = block if block.kind is Kind.LIST else None
        if open_list is None:
            yield block
    if open_list is not None:
        yield open_list


def _capital_heading(line: str) -> bool:
    line = line.strip()
    return (
        0 < len(line) <= LONGEST_HEADING
        and is_capitals(line)
        and not line.endswith(".")
        and not is_item(line, bullets_only=True)
    )


def _numbered_heading(block: Block) -> re.Match[str] | None:
    """`2. Cookies` or `1. Editor:`, unindented and alone between blank lines."""
    line = block.lines[0]
    match = _NUMBERED.fullmatch(line) if block.alone and len(line) <= LONGEST_HEADING else None
    if match is None or _FULL_STOP.search(line) or line.startswith(" ") or not re.search(r"[^\W\d]", match["title"]):
        return None
    return match if line.endswith(":") or match["title"][0].isupper() or not match["title"][0].isalpha() else None


def _short_heading(block: Block, following: Block) -> bool:
    """A short line without a full stop, above something longer."""
    line = block.alone
    if not line or len(line) > 70 or _FULL_STOP.search(line) or line.endswith(":") or stated_date(line):
        return False
    longer = sum(map(len, following.lines)) > max(80, 2 * len(line))
    return line[0].isupper() and (longer or is_item(following.lines[0]))


def _front(blocks: list[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks above the first section's heading, and the rest. A title in capitals counts to the former."""
    place = next((n for n, block in enumerate(blocks) if block.kind is Kind.SECTION), len(blocks))
    while place < len(blocks) and _capital_title(blocks, place):
        after = next((n for n in range(place + 1, len(blocks)) if blocks[n].kind is Kind.SECTION), len(blocks))
        blocks[place] = replace(blocks[place], kind=Kind.PARAGRAPH)
        if after > place + 1 and not all(_is_date(block) for block in blocks[place + 1 : after]):
            return blocks[:after], blocks[after:]
        place = after
    return blocks[:place], blocks[place:]


def _capital_title(blocks: list[Block], place: int) -> bool:
    """Whether the section heading at `place` is rather the document's title."""
    heading = blocks[place].heading
    titled = any(_KIND_OF_POLICY.search(block.alone) for block in blocks[:place])
    more = sum(block.kind is Kind.SECTION for block in blocks[place + 1 :]) > 0
    if titled or not more or any(not block.alone for block in blocks[:place]):
        return False
    following = blocks[place + 1]
    return (
        following.kind is Kind.SECTION or _is_date(following) or (place == 0 and bool(_KIND_OF_POLICY.search(heading)))
    )


def _is_date(block: Block) -> bool:
    return bool(block.alone) and stated_date(block.alone) is not None


def _lift(document: Document, front: list[Block]) -> tuple[Document, list[Block]]:
    """Title, date and the organisation's name out of the blocks above the first heading; the rest stays text."""
    candidates = [
        block for block in front if block.alone and len(block.alone) <= LONGEST_HEADING and not _is_date(block)
    ]
    candidates = [block for block in candidates if not _FULL_STOP.search(block.alone) and block.kind is Kind.PARAGRAPH]
    title = next((block for block in candidates if _KIND_OF_POLICY.search(block.alone)), None)
    if title is None and candidates and front and candidates[0] is front[0]:
        title = candidates[0]
    lifted, warnings, kept, stated = list(document.lifted), list(document.warnings), [], None
    for place, block in enumerate(front):
        said = stated_date(block.alone) if block.alone else None
        if block is title:
            lifted.append(Lifted(block.first, block.alone, "the title"))
        elif said is not None and stated is None:
            lifted.append(Lifted(block.first, block.alone, "the record's dates"))
            stated = said.day
            warnings += _ambiguous(document.path, block, said.ambiguous)
        elif title is not None and block in candidates and place < front.index(title):
            lifted.append(Lifted(block.first, block.alone, "left out: it stands above the title"))
        else:
            kept.append(block)
    name = title.alone if title else ""
    return replace(document, title=name, stated=stated, lifted=tuple(lifted), warnings=tuple(warnings)), kept


def _ambiguous(path: str, block: Block, digits: str) -> list[Problem]:
    if not digits:
        return []
    return [warning(path, block.first, f"{digits} can be two days", "say which with --published YYYY-MM-DD")]


def _without_needless_numbers(blocks: list[Block], keep: bool, lifted: list[Lifted]) -> Iterator[Block]:
    """Sub-headings that are numbered 1, 2, 3 under their section lose the numbers, unless the text refers to them."""
    runs: dict[int, list[int]] = {}
    section = -1
    for place, block in enumerate(blocks):
        section = place if block.kind is Kind.SECTION else section
        match = _NUMBERED.fullmatch(block.heading) if block.kind is Kind.SUB_HEADING else None
        if match and match["number"].isdigit():
            runs.setdefault(section, []).append(int(match["number"]))
    section = -1
    for place, block in enumerate(blocks):
        section = place if block.kind is Kind.SECTION else section
        match = _NUMBERED.fullmatch(block.heading) if block.kind is Kind.SUB_HEADING else None
        counted = runs.get(section, [])
        in_order = counted == list(range(1, len(counted) + 1))
        if match and match["number"].isdigit() and not keep and block.depth == 1 and section >= 0 and in_order:
            lifted.append(Lifted(block.first, match["number"], "left out: the sub-headings stand in this order"))
            yield replace(block, heading=match["title"])
        else:
            yield block


def _markdown(block: Block, casing: Casing) -> list[tuple[int, str]]:
    if block.kind is Kind.SECTION or block.kind is Kind.SUB_HEADING:
        heading = casing.sentence(block.heading) if is_capitals(block.heading) else block.heading
        level = 2 if block.kind is Kind.SECTION else min(6, 2 + max(1, block.depth))
        escaped = re.sub(r"#+$", lambda match: "\\" + match[0], escape(heading).replace("\\.", "."))
        return [(block.first, f"{'#' * level} {escaped}")]
    if block.kind is Kind.LIST:
        return [(block.first + place, line) for place, line in list_markdown(block.lines)]
    lines = escape("\n".join(unwrapped(block.lines))).split("\n")
    return [(block.first, line if place == len(lines) else f"{line}  ") for place, line in enumerate(lines, 1)]
