"""The texts behind the pages: read from their pins, rendered, compared, each thing once.

Takes policies, a way to get a reader of pinned texts, and a renderer. The texts of a whole policy are read together for
its archive pages (`open`), and only one policy's texts are held; a page in force reads its text alone. What was
rendered or compared is looked up first where `remember` says, a place for each policy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Protocol

from gazette.policy.keeping import Kept, Remembered, key_of, remembered
from gazette.policy.model import Policy, Text, Version
from gazette.policy.rendering import RenderedSection, Renderer
from gazette.site.chronicle import Chronicle, Lead, chronicle
from gazette.site.leaves import Leaf, leaf_of
from gazette.site.links import Found, Link, gathered, links_of
from gazette.site.model import History
from gazette.site.provenance import beginning
from gazette.site.redlines import ShownRedline, shown_redline
from gazette.site.weave import passage_redline

if TYPE_CHECKING:  # what compares is loaded where something is to be compared
    from gazette.redline import PreparedText, Redline


class PinnedTexts(Protocol):
    """What the archive asks of `policy.pins.Pins`, which reads each thing once and keeps it as long as it lives."""

    def texts(self, policy: Policy) -> Mapping[str, Text]: ...

    def files(self, policy: Policy, version: Version) -> Mapping[str, bytes]: ...


#: About how many bytes of chronicles are kept in memory.
KEPT_BYTES = 48_000_000


class Archive:
    """Texts, rendered sections and redlines of policies, by policy id and label."""

    def __init__(
        self,
        policies: Iterable[Policy],
        pins: Callable[[], PinnedTexts],
        renderer: Renderer,
        remember: Callable[[str], Remembered | None] = lambda _: None,
    ) -> None:
        self._remember = remember
        self._policies = {policy.id: policy for policy in policies}
        self._versions: dict[str, Mapping[str, Version]] = {}
        self._keys: dict[str, tuple[History, str]] = {}
        self._new_pins = pins
        self._renderer = renderer
        self._opened = ""
        self._pins = pins()
        self._texts: Mapping[str, Text] = {}
        self._rendered: Kept[tuple[RenderedSection, ...]] = Kept(2, lambda _: 1)
        self._prepared: Kept[PreparedText] = Kept(3, lambda _: 1)
        self._chronicles: Kept[Chronicle] = Kept(KEPT_BYTES, _size)

    def open(self, policy: str) -> None:
        """Read all texts of a policy in one go, in place of those of the policy that was open before."""
        if self._opened != policy:
            self._pins = self._new_pins()
            self._texts = self._pins.texts(self._policies[policy])
            self._opened = policy

    def text(self, policy: str, label: str) -> Text:
        if self._opened == policy:
            return self._texts[label]
        alone = replace(self._policies[policy], versions=(self._version(policy, label),))
        return self._new_pins().texts(alone)[label]

    def images(self, policy: str, label: str) -> Mapping[str, bytes]:
        """The files that lie beside a version's text, by path: `assets/…`."""
        text = self.text(policy, label)
        if not text.assets:
            return {}
        files = self._pins.files(self._policies[policy], self._version(policy, label))
        return {path: files[path] for path, _ in text.assets}

    def sections(self, policy: str, label: str) -> tuple[RenderedSection, ...]:
        """Each section of a version as HTML; that of the last version is kept, which several pages show."""

        def make() -> tuple[RenderedSection, ...]:
            self._renderer.remembered = self._remember(policy)
            return self._renderer.render(self.text(policy, label))

        return self._rendered.get((policy, label), make)

    def shown(self, policy: str, old: str, new: str) -> ShownRedline:
        """That redline as its page shows it."""
        pins = self.tree(policy, old), self.tree(policy, new)
        make = partial(self._show, policy, old, new)
        return remembered(self._remember(policy), partial(key_of, "redline", *pins), make)

    def _show(self, policy: str, old: str, new: str) -> ShownRedline:
        return shown_redline(self.redline(policy, old, new))

    def tree(self, policy: str, label: str) -> str:
        """The id of the tree that a version pins, which names all of its text."""
        return self._version(policy, label).tree

    def redline(self, policy: str, old: str, new: str) -> Redline:
        """What changed from the version `old` to the version `new`."""
        from gazette.redline import compare

        return compare(self.prepared(policy, old), self.prepared(policy, new))

    def passage(self, policy: str, was: str, now: str) -> str:
        """The redline of two wordings of a passage."""
        make = partial(passage_redline, was, now)
        return remembered(self._remember(policy), partial(key_of, "passage", was, now), make)

    def chronicle(self, history: History) -> Chronicle:
        """All that the versions of a policy say of each other."""
        return self._chronicles.get(self._key(history), partial(chronicle, history, self))

    def leads(self, history: History) -> tuple[Lead, ...]:
        """Every id that a section of a policy ever had."""
        key = partial(key_of, "leads", self._key(history))
        return remembered(self._remember(history.id), key, lambda: self.chronicle(history).leads())

    def _key(self, history: History) -> str:
        """Names all that a chronicle says; worked out once for the history that is asked for again and again."""
        known = self._keys.get(history.id)
        if known is None or known[0] is not history:
            known = self._keys[history.id] = history, self._key_of(history)
        return known[1]

    def _key_of(self, history: History) -> str:
        facts = [
            (s.label, s.predecessor.label if s.predecessor else "", s.applied, self.tree(history.id, s.label))
            for s in history.standings
        ]
        return key_of(history.id, history.in_force.label if history.in_force else "", facts)

    def leaf(self, policy: str, old: str | None, new: str) -> Leaf:
        """What a version has and what it brought."""

        def make() -> Leaf:
            self.open(policy)
            step = self.shown(policy, old, new).step if old is not None else None
            return leaf_of(self.prepared(policy, new), step)

        key = partial(key_of, "leaf", self.tree(policy, old) if old is not None else "", self.tree(policy, new))
        return remembered(self._remember(policy), key, make)

    def learn(self, policy: str, old: str | None, new: str, is_in_force: bool) -> None:
        """Have remembered what the pages of a version are made from."""
        self.leaf(policy, old, new)
        self._links(policy, new)
        if is_in_force:
            self.beginnings(policy, new)

    def links(self, history: History) -> tuple[Link, ...]:
        """The links of all versions that lead out of them, and those that lead nowhere in their own text."""
        self.open(history.id)
        return gathered((one.label, self._links(history.id, one.label)) for one in history.standings)

    def _links(self, policy: str, label: str) -> tuple[Found, ...]:
        summary = self._version(policy, label).summary

        def make() -> tuple[Found, ...]:
            sections = self.sections(policy, label)
            assets = frozenset(path for path, _ in self.text(policy, label).assets)
            return links_of(sections, self.prose(summary), assets)

        key = partial(key_of, "links", self.tree(policy, label), summary)
        return remembered(self._remember(policy), key, make)

    def beginnings(self, policy: str, label: str) -> tuple[str, ...]:
        """The first words of each block of a version."""

        def make() -> tuple[str, ...]:
            return tuple(beginning(block.text) for block in self.prepared(policy, label).blocks)

        return remembered(self._remember(policy), partial(key_of, "beginnings", self.tree(policy, label)), make)

    def prepared(self, policy: str, label: str) -> PreparedText:
        """A text ready to be compared; the last few are kept, since each is the new text of one redline and the old
        text of the next."""

        def make() -> PreparedText:
            from gazette.redline import prepare_text

            bodies = [section.body for section in self.sections(policy, label)]
            return prepare_text(self.text(policy, label), lambda _: bodies)

        return self._prepared.get((policy, label), make)

    def prose(self, markdown: str) -> str:
        """A summary as HTML."""
        return self._renderer.prose(markdown)

    def _version(self, policy: str, label: str) -> Version:
        if policy not in self._versions:
            self._versions[policy] = {version.label: version for version in self._policies[policy].versions}
        return self._versions[policy][label]


def _size(found: Chronicle) -> int:
    """About how many bytes it takes: words, and what says where they stand."""
    wordings = sum(len(wording) for weave in found.weaves for passage in weave.passages for wording in passage)
    places = sum(len(state) for weave in found.weaves for state in weave.states)
    blocks = sum(len(step.ancestors) for step in found.steps.values())
    events = sum(len(thread.events) + len(thread.present) // 4 for thread in found.threads)
    return wordings + 80 * places + 32 * blocks + 300 * events
