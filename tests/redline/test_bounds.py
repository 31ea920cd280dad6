"""The worst that a redline may be asked for takes seconds, and memory in proportion to the text.

Each case runs in a process of its own, with a limit far above what it takes, so that only another order of growth
breaks it; what it used is what the system says of that process.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

SECONDS = 60  # of processor time, on a slow machine
MEGABYTE = 1 << 20

#: What the other process runs: `old` and `new` are made, then compared and rendered, and what it took is printed.
FRAME = """
import json, random, re, string, time
from pathlib import Path
from gazette.redline import compare, html, prepare

random.seed(7)
names = ["".join(random.choices(string.ascii_lowercase, k=random.randint(2, 9))) for _ in range(5_000)]
def words(count, of=names):
    return " ".join(random.choices(of, k=count))
def paragraphs(count, of=names):
    return "\\n\\n".join(words(40, of) + "." for _ in range(count))
def table(rows, columns):
    lines = ["| " + " | ".join(words(3) for _ in range(columns)) + " |" for _ in range(rows)]
    return "\\n".join([lines[0], "|" + "---|" * columns, *lines[1:]])

%s
before = time.process_time()
texts = prepare(old), prepare(new)
start = time.process_time()
redline = compare(*texts)
markup = html(redline)
end = time.process_time()
# Not getrusage: what it says of a child includes the peak of the process that started it.
peak = int(re.search(r'VmHWM:\\s+(\\d+)', Path('/proc/self/status').read_text())[1]) * 1024
took = dict(size=len(old) + len(new), reading=start - before, comparing=end - start, peak=peak)
print(json.dumps(took))
"""

QUICK = {
    "two unrelated texts of a thousand blocks": """
old, new = paragraphs(1000, names[:2500]), paragraphs(1000, names[2500:])""",
    "two texts of the same words in a thousand blocks": """
old, new = paragraphs(1000, names[:300]), paragraphs(1000, names[:300])""",
    "a thousand blocks in another order": """
old = paragraphs(1000)
new = '\\n\\n'.join(sorted(old.split('\\n\\n')))""",
    "a thousand equal blocks": """
old, new = 'the same again.\\n\\n' * 1000, 'the same again.\\n\\n' * 1300""",
    "a paragraph of 50 KB rewritten": """
old, new = words(8_000, names[:2500]), words(8_000, names[2500:])""",
    "a paragraph of 50 KB edited": """
old = words(8_000)
new = old.replace('a', 'b')""",
    "a paragraph of one word": """
old, new = 'word ' * 8_000, 'word ' * 9_000""",
    "a paragraph in which three thousand numbers changed": """
numbers = [(words(5), n, words(5)) for n in range(3_000)]
old = ' '.join(f'{a} {n} {b}.' for a, n, b in numbers)
new = ' '.join(f'{a} {n + 1} {b}.' for a, n, b in numbers)""",
    "a word of 50 KB": """
old, new = 'x' * 50_000, 'x' * 49_999 + 'y'""",
    "signs without spaces": """
old, new = '個人情報' * 5_000, '個人情法' * 5_000""",
    "a table of a thousand rows": """
old = table(1000, 4)
new = old.replace('a', 'b')""",
    "a list of a thousand items": """
old = '\\n'.join('- ' + words(6) for _ in range(1000))
new = '\\n'.join(reversed(old.split('\\n')))""",
    "fifty thousand short blocks removed": """
old, new = '\\n\\n'.join(f'word{n}' for n in range(50_000)), 'another'""",
    "punctuation only": """
old, new = '. ' * 20_000, ', ' * 20_000""",
}
LARGE = {
    "a table of five thousand rows edited": "old = table(5000, 4)\nnew = old.replace('a', 'b')",
    "two unrelated tables of five thousand rows": "old, new = table(5000, 4), table(5000, 5)",
    "ten megabytes edited": "old = paragraphs(19_000)\nnew = old.replace('ab', 'ba')",
    "ten megabytes unrelated": "old, new = paragraphs(19_000, names[:2500]), paragraphs(19_000, names[2500:])",
    "ten megabytes in one paragraph": "old = words(760_000)\nnew = old.replace('abc', 'bac')",
    "a paragraph of a megabyte rewritten": "old, new = words(160_000, names[:2500]), words(160_000, names[2500:])",
    "a paragraph of sixty thousand sentences, most of them edited": """
sentences = [words(6) for _ in range(60_000)]
old = '. '.join(sentences)
new = '. '.join(words(6) if n % 3 else sentence for n, sentence in enumerate(sentences))""",
}


def used(making: str, seconds: int) -> dict[str, float]:
    """What it took to compare two texts in another process."""
    done = subprocess.run(
        [sys.executable, "-c", FRAME % making],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        timeout=4 * seconds,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


@pytest.mark.parametrize("name", QUICK)
def test_a_hard_pair_takes_seconds(name: str) -> None:
    figures = used(QUICK[name], SECONDS)
    assert figures["comparing"] < SECONDS / 4
    assert figures["reading"] < SECONDS / 4
    assert figures["peak"] < 150 * MEGABYTE + 400 * figures["size"]


@pytest.mark.long
@pytest.mark.parametrize("name", LARGE)
def test_a_huge_pair_takes_seconds_for_each_megabyte(name: str) -> None:
    figures = used(LARGE[name], 5 * SECONDS)
    assert figures["comparing"] < SECONDS
    assert figures["peak"] < 300 * MEGABYTE + 400 * figures["size"]
