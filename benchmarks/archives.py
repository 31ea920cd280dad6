"""Archives to measure with: policies of plausible words, versions of which change a few sections; seeded.

`write_archive` makes a site's repository of them through the real code; `add_version` publishes one more version. The
words are the project's own and mean nothing.
"""

from __future__ import annotations

import random
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from gazette.policy.canonical import digest
from gazette.policy.files import text_files
from gazette.policy.git import Repository
from gazette.policy.model import Change, Section, Text, Version
from gazette.policy.records import record_file

FIRST_DAY = date(2004, 1, 5)

CONFIG = """\
site_name: A large archive
site_url: https://policies.example.com/
docs_dir: content
theme:
  name: material
  font: false
  palette: {primary: indigo}
plugins:
  - gazette:
      day: 2026-11-01
"""

_WHO = "we|you|our processors|the account holder|an administrator|the support team|a customer|each member|partners"
_DOES = (
    "may collect|keep|share|delete|review|transfer|disclose|protect|store|process|correct|restrict|export|combine|"
    "verify|measure|record|limit|replace|receive"
)
_WHAT = (
    "account details|usage records|billing addresses|device identifiers|support messages|log files|payment receipts|"
    "uploaded documents|contact lists|profile pictures|session cookies|audit trails|location hints|survey answers|"
    "preferences|backup copies|access tokens|error reports|consent choices|order histories"
)
_HOW = (
    "where the law requires it|with your permission|for as long as the account exists|within thirty days|"
    "to keep the service safe|in order to answer a request|when a contract asks for it|under the terms below|"
    "unless you object|after a written notice|for the purposes named above|in an encrypted form|at any time|"
    "as part of a merger|during an investigation|without undue delay|only in aggregate|on behalf of the customer"
)
_TOPICS = (
    "Introduction|Information we collect|How we use it|Legal bases|Sharing|International transfers|Retention|"
    "Security|Your rights|Children|Cookies|Marketing|Payments|Service providers|Automated decisions|Complaints|"
    "Changes|Accounts|Acceptable use|Warranties|Liability|Termination|Governing law|Definitions|Contact"
)


@dataclass(frozen=True)
class Shape:
    """How an archive is made: `length` is roughly the bytes of a text; each version changes one to three sections."""

    pages: int
    versions: int = 50
    sections: int = 22
    length: int = 33_000
    seed: int = 1

    @property
    def policies(self) -> Iterator[tuple[str, int]]:
        """The id of each policy and the number of its versions."""
        for place, start in enumerate(range(0, self.pages, self.versions), 1):
            yield f"policy-{place:04d}", min(self.versions, self.pages - start)


def write_archive(root: Path, shape: Shape, config: str = CONFIG) -> None:
    """A site in a new repository; its objects are packed, as those of a clone are."""
    write_policies(root, ((policy, replace(shape, versions=count)) for policy, count in shape.policies), config)


def write_policies(root: Path, policies: Iterable[tuple[str, Shape]], config: str = CONFIG) -> None:
    """A site of policies, each with a shape of its own and `versions` of it."""
    (root / "content").mkdir(parents=True)
    (root / "mkdocs.yml").write_text(config)
    with Repository.create(root) as repository:
        for policy, shape in policies:
            words = random.Random(f"{shape.seed} {policy}")
            _publish(root, repository, policy, list(_texts(words, shape, shape.versions)), first=0)
    _commit(root)


def scale_set(versions: int, seed: int = 1) -> Iterator[tuple[str, Shape]]:
    """Policies as a large archive of the web has them: most of a few versions and a few pages, some of hundreds of
    versions, some very long. For 23,274 versions 2,693 policies with 300 MB of text."""
    count = max(1, round(versions * 2693 / 23274))
    dice = random.Random(f"{seed} scale")
    weights = [min(dice.paretovariate(1.05), count / 4) for _ in range(count)]
    extra = [int(weight * (versions - count) / sum(weights)) for weight in weights]
    extra[weights.index(max(weights))] += versions - count - sum(extra)
    for place, more in enumerate(extra, 1):
        length = min(int(dice.lognormvariate(9.1, 0.85)), 120_000)
        sections = max(2, min(60, length // dice.randint(700, 2_500)))
        yield f"policy-{place:04d}", Shape(0, 1 + more, sections, length, seed)


def add_version(root: Path, shape: Shape, policy: str, place: int) -> None:
    """One more version of `policy`, the newest of all; `place` is how many it has."""
    words = random.Random(f"{shape.seed} {policy} {place}")
    with Repository.find(root) as repository:
        _publish(root, repository, policy, list(_texts(words, shape, 1)), first=place)


def _texts(words: random.Random, shape: Shape, count: int) -> Iterator[Text]:
    topics = (_TOPICS.split("|") * (shape.sections // 25 + 1))[: shape.sections]
    length = shape.length // shape.sections
    sections = [
        Section(f"{topic.lower().replace(' ', '-')}-{n}", topic, "\n\n".join(_blocks(words, length)))
        for n, topic in enumerate(topics, 1)
    ]
    for version in range(count):
        if version:
            for place in words.sample(range(len(sections)), min(len(sections), words.randint(1, 3))):
                sections[place] = _changed(words, sections[place])
        yield Text(tuple(sections))


def _blocks(words: random.Random, length: int) -> Iterator[str]:
    written = 0
    while written < length:
        kind = words.random()
        if kind < 0.62:
            block = " ".join(_sentence(words) for _ in range(words.randint(2, 5)))
        elif kind < 0.82:
            block = "\n".join(f"- {_sentence(words)}" for _ in range(words.randint(3, 6)))
        elif kind < 0.92:
            block = f"### {_pick(words, _WHAT).capitalize()} and {_pick(words, _WHAT)}"
        else:
            rows = [f"| {_pick(words, _WHAT)} | {_pick(words, _HOW)} |" for _ in range(words.randint(2, 5))]
            block = "\n".join(["| What | When |", "| --- | --- |", *rows])
        written += len(block) + 2
        yield block


def _sentence(words: random.Random) -> str:
    what = _pick(words, _WHAT)
    form = words.random()
    if form < 0.08:
        what = f"**{what}**"
    elif form < 0.14:
        what = f"[{what}](https://example.com/{what.replace(' ', '-')})"
    number = f" (see item {words.randint(1, 400)})" if form > 0.9 else ""
    who, does = _pick(words, _WHO), _pick(words, _DOES)
    return f"{who.capitalize()} {does} {what} and {_pick(words, _WHAT)} {_pick(words, _HOW)}{number}."


def _changed(words: random.Random, section: Section) -> Section:
    """A few words otherwise, or a paragraph more, or one less."""
    blocks = section.body.split("\n\n")
    place = words.randrange(len(blocks))
    kind = words.random()
    if kind < 0.25 and len(blocks) > 2:
        del blocks[place]
    elif kind < 0.5:
        blocks.insert(place, " ".join(_sentence(words) for _ in range(3)))
    else:
        was = blocks[place]
        for _ in range(3):
            was = was.replace(_pick(words, _WHAT), _pick(words, _WHAT), 1)
        blocks[place] = f"{was} {_sentence(words)}" if was == blocks[place] and was[0].isalpha() else was
    return replace(section, body="\n\n".join(blocks))


def _pick(words: random.Random, choices: str) -> str:
    return words.choice(choices.split("|"))


def _publish(root: Path, repository: Repository, policy: str, texts: Sequence[Text], first: int) -> None:
    folder = root / "content" / policy
    title = policy.replace("-", " ").capitalize()
    (folder / "versions").mkdir(parents=True, exist_ok=True)
    (folder / "text").mkdir(exist_ok=True)
    (folder / "policy.yml").write_text(f"title: {title}\nlanguage: en\ncontact: privacy@example.com\n")
    files = [text_files(text) for text in texts]
    for place, (text, tree) in enumerate(zip(texts, repository.write_trees(files), strict=True), first):
        day = FIRST_DAY + timedelta(days=3 * place)
        change = Change.MINOR if place else Change.INITIAL
        summary = f"We say more plainly what happens to item {place}, and *when*. See [there](#introduction-1)."
        version = Version(day.isoformat(), day, day, change, title, tree, digest(text), summary)
        (folder / "versions" / f"{version.label}.md").write_bytes(record_file(version))
    for old in (folder / "text").iterdir():
        old.unlink()
    for name, data in files[-1].items():
        (folder / "text" / name).write_bytes(data)


def _commit(root: Path) -> None:
    identity = ["-c", "user.name=Example", "-c", "user.email=someone@example.com"]
    pack = ["repack", "-a", "-d", "--keep-unreachable", "--quiet", "--window=0"]
    for command in (["add", "--all"], [*identity, "commit", "--quiet", "--message", "Make an archive"], pack):
        subprocess.run(["git", *command], cwd=root, check=True)
