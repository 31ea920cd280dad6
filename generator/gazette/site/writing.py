"""One batch of files on its way to the site's folder: kept as a whole, kept file by file, or made.

Takes a `Batch`, what the last build left of it, and a way to ask for the name of the frame around a page. Its outputs
are only worked out where something has to be made.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property

from gazette.policy.keeping import key_of
from gazette.site.built import Built
from gazette.site.pages import Frame, Kind
from gazette.site.publication import Batch, Output


class Writing:
    """The files of one batch. `settings` names all that pages are made from besides the program and their inputs;
    `frame` gives the name of a frame, None where nobody knows it."""

    def __init__(self, batch: Batch, built: Built, settings: str, frame: Callable[[Frame], str | None]) -> None:
        self.batch = batch
        self._built, self._settings, self._frame = built, settings, frame
        self._files = built.open(batch.name)
        self._inputs = key_of(settings, batch.inputs)
        self._placed: set[str] = set()
        self._frames = dict(self._files.before.frames)
        self._is_kept = self._files.before.inputs == self._inputs and self._has_same_frames()

    @cached_property
    def _outputs(self) -> dict[str, Output]:
        return {output.path: output for output in self.batch.outputs()}

    def _has_same_frames(self) -> bool:
        try:
            return all(name == self._frame(_frame(text)) for text, name in self._frames.items())
        except ValueError:  # no manifest of ours
            return False

    def place(self, path: str) -> None:
        """Put the file where it belongs."""
        self._placed.add(path)
        if not (self._is_kept and self._files.restore(path)):
            self._place(self._outputs[path])

    def _place(self, output: Output) -> None:
        frame = self._frame(output.page.frame) if output.page is not None else ""
        key = key_of(self._settings, frame, output.inputs) if output.inputs and frame is not None else ""
        if key and self._files.restore(output.path, key):
            return
        folder = output.path.rpartition("/")[0]
        data = output.make()
        beside = {f"{folder}/{path}": content for path, content in output.beside().items()}
        for path, content in beside.items():
            self._files.write(path, content, key)
        self._files.write(output.path, data, key, tuple(beside))

    def close(self) -> None:
        """Whatever was wanted of the batch is there. It is known as a whole where all of it was wanted, and each of its
        files is known by its inputs."""
        if self._is_kept:
            is_whole = self._placed.issuperset(self._files.before.paths)
        else:
            is_whole = self._placed.issuperset(self._outputs) and self._files.now.keys() >= self._outputs.keys()
            pages = {output.page.frame for output in self._outputs.values() if output.page is not None}
            self._frames = {_text(page): self._frame(page) or "" for page in pages}
        self._built.close(self.batch.name, self._files, self._inputs if is_whole else "", self._frames)


def _text(frame: Frame) -> str:
    return f"{frame.kind.value} {frame.depth}"


def _frame(text: str) -> Frame:
    kind, _, depth = text.partition(" ")
    return Frame(Kind(kind), int(depth))
