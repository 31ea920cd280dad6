"""Everything that the site holds besides ordinary pages: archive pages, canonical texts, images, feeds, manifests.

`batches` gives the files of each policy, and those of all of them: each as a path and a way to make it, in an order in
which each policy's texts are read once. Nothing is made before it is asked for, and nothing is kept after. Which files
there are is said in `outputs`, which is loaded when somebody asks: most builds change few policies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial

from gazette.policy.keeping import key_of
from gazette.site.archive import Archive
from gazette.site.model import History, Site
from gazette.site.pages import Page


@dataclass(frozen=True, slots=True)
class Output:
    """A file of the site. `path` is from the site's root; `make` gives its bytes.

    `page` is set where it is a page; `beside` gives the files that go with it, by path from its folder. `inputs` names
    all that the file is made from besides the program, its templates and settings; empty where nobody says.
    """

    path: str
    make: Callable[[], bytes]
    page: Page | None = None
    beside: Callable[[], Mapping[str, bytes]] = dict
    inputs: str = ""


#: The name of the batch that belongs to no policy; no policy can have it.
SITE = ".site"


@dataclass(frozen=True, slots=True)
class Batch:
    """Files that are made together: those in the folder of the policy `name`, or, in `SITE`, those about all.

    `inputs` names all that any of them is made from, as an output's does.
    """

    name: str
    inputs: str
    outputs: Callable[[], Iterator[Output]]
    history: History | None = None


class Inputs:
    """Names, once a build, all that any page or file about a policy, or about all of them, can say."""

    def __init__(self, site: Site, archive: Archive) -> None:
        self._site, self._archive = site, archive
        self._known: dict[str, str] = {}

    def of(self, history: History) -> str:
        if history.id not in self._known:
            trees = tuple(self._archive.tree(history.id, standing.label) for standing in history.standings)
            site = self._site
            self._known[history.id] = _key_of(site.name, site.url, site.language, site.day, history, trees)
        return self._known[history.id]

    def of_page(self, page: Page) -> str:
        """For a page that says of its policy, or of the site, whatever there is to say."""
        about = self.of(page.history) if page.history is not None else self.of_site
        return key_of(replace(page, history=None, site=None), about)

    @cached_property
    def of_site(self) -> str:
        site = self._site
        return key_of(site.name, site.url, site.language, site.day, list(map(self.of, site.histories)))


_key_of = lru_cache(maxsize=512)(key_of)  # the builds of one `mkdocs serve` share what did not change


def batches(site: Site, archive: Archive, fill: Callable[[Page], bytes], inputs: Inputs) -> Iterator[Batch]:
    """All files but the ordinary pages. `fill` makes an archive page."""
    for history in site.histories:
        of_policy = inputs.of(history)
        yield Batch(history.id, of_policy, partial(_of_policy, site, history, archive, fill, of_policy), history)
    yield Batch(SITE, inputs.of_site, partial(_of_site, site, archive, inputs.of_site))


def _of_policy(
    site: Site, history: History, archive: Archive, fill: Callable[[Page], bytes], inputs: str
) -> Iterator[Output]:
    from gazette.site.outputs import policy_outputs

    return policy_outputs(site, history, archive, fill, inputs)


def _of_site(site: Site, archive: Archive, inputs: str) -> Iterator[Output]:
    from gazette.site.outputs import site_outputs

    return site_outputs(site, archive, inputs)
