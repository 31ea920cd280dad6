"""All cores for archives that are built for the first time: versions compared ahead, in processes of their own.

Takes policies of which nothing is known yet; gives what an `Archive` would have remembered of each, ready for its
`Pack`. Whoever builds asks for the policies in turn and finds them rendered and compared; instead of waiting for the
others it takes up the next task itself. What a process could not do, for whatever reason, is simply not known, and is
done where it is needed. The processes end with whoever started them.
"""

from __future__ import annotations

import os
import pickle
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import cycle
from pathlib import Path
from queue import SimpleQueue
from typing import Any, BinaryIO

from gazette.errors import UsageError
from gazette.policy.model import Policy
from gazette.site.model import History

#: Fewer versions than these are compared sooner than processes have started.
WORTHWHILE = 150

#: How many versions are compared in one go, and how many goes wait for each process.
CHUNK, WAITING = 48, 2

#: A version's label with that of its predecessor, None for a version without one.
Pair = tuple[str | None, str]


@dataclass(frozen=True, slots=True)
class Means:
    """What texts are read and rendered with: a folder of the repository, Markdown's extensions, the fingerprint of a
    renderer made of them."""

    content: Path
    extensions: Sequence[str]
    configs: Mapping[str, Mapping[str, Any]]
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Task:
    """Some versions of a policy, which has no others here than these and their predecessors."""

    policy: Policy
    pairs: tuple[Pair, ...]
    in_force: str | None


def jobs() -> int:
    """How many processes may work: `GAZETTE_JOBS`, or as many as there are cores for this one."""
    given = os.environ.get("GAZETTE_JOBS", "")
    if not given:
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not given.isascii() or not given.isdigit() or not int(given):
        raise UsageError(f"GAZETTE_JOBS is '{given}', which is no number of processes", "set it to 1 or more")
    return int(given)


def tasks(policy: Policy, history: History) -> Iterator[Task]:
    """The versions of a policy in chunks, oldest first, each with the versions that it needs."""
    standings = reversed(history.standings)
    pairs = [(one.predecessor.label if one.predecessor else None, one.label) for one in standings]
    in_force = history.in_force.label if history.in_force else None
    size = -(-len(pairs) // -(-len(pairs) // CHUNK)) if pairs else 1  # all alike: processes take turns
    for start in range(0, len(pairs), size):
        some = tuple(pairs[start : start + size])
        labels = {label for pair in some for label in pair}
        needed = replace(policy, text=None, versions=tuple(v for v in policy.versions if v.label in labels))
        yield Task(needed, some, in_force)


class Ahead:
    """`count` processes at work on `tasks`, in order, beside this one. `say` gets a line if they cannot do it."""

    def __init__(self, means: Means, tasks: Iterable[Task], count: int, say: Callable[[str], None]) -> None:
        self._means, self._say = means, say
        self._tasks = deque(tasks)
        self._open: dict[str, int] = {}  # tasks that are not taken, by policy
        for task in self._tasks:
            self._open[task.policy.id] = self._open.get(task.policy.id, 0) + 1
        self._processes: list[subprocess.Popen[bytes]] = []
        self._sent: deque[tuple[str, subprocess.Popen[bytes]]] = deque()
        self._early: dict[str, list[dict[str, bytes]]] = {}
        self._compare: Callable[[Task], dict[str, bytes]] | None = None
        try:
            self._start(min(count, len(self._tasks)))
        except OSError as error:
            self._give_up(str(error))

    def take(self, policy: str) -> list[dict[str, bytes]]:
        """What was found out of a policy, once."""
        if policy not in self._open and policy not in self._early:
            return []
        try:
            while self._open.get(policy):
                if self._tasks and not self._is_answered():
                    self._work()
                else:
                    self._receive()
        except (OSError, EOFError, pickle.UnpicklingError) as error:
            self._give_up(str(error) or "it ended")
        return self._early.pop(policy, [])

    def close(self) -> None:
        """End the processes, whatever they do."""
        for process in self._processes:
            process.kill()
            for stream in (process.stdin, process.stdout):
                try:
                    stream.close() if stream else None
                except OSError:  # what was not yet written to it
                    continue
            process.wait()
        self._processes, self._open, self._compare = [], {}, None
        self._tasks.clear()

    def _start(self, count: int) -> None:
        command = [sys.executable, "-P", "-c", f"from {__name__} import work; work()"]
        for _ in range(count):
            pipe = subprocess.PIPE
            process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
            self._processes.append(process)
            _send(process, self._means)
        for _, process in zip(range(WAITING * count), cycle(self._processes), strict=False):
            self._next(process)

    def _next(self, process: subprocess.Popen[bytes]) -> None:
        if self._tasks:
            task = self._tasks.popleft()
            _send(process, task)
            self._sent.append((task.policy.id, process))

    def _is_answered(self) -> bool:
        """Whether the oldest answer that is to come is there, or begins to be."""
        stream = self._sent[0][1].stdout if self._sent else None
        try:
            return stream is not None and bool(select.select([stream], [], [], 0)[0])
        except OSError:  # where pipes cannot be asked
            return True

    def _work(self) -> None:
        """Do the next task here."""
        task = self._tasks.popleft()
        self._compare = self._compare or _comparing(self._means)
        self._done(task.policy.id, self._compare(task))

    def _receive(self) -> None:
        """The oldest answer that is to come; its process gets another task."""
        policy, process = self._sent.popleft()
        assert process.stdout is not None
        values: dict[str, bytes] = pickle.load(process.stdout)
        self._next(process)
        self._done(policy, values)

    def _done(self, policy: str, values: dict[str, bytes]) -> None:
        self._early.setdefault(policy, []).append(values)
        self._open[policy] -= 1
        if not self._open[policy]:
            del self._open[policy]

    def _give_up(self, why: str) -> None:
        self._say(f"A process that compares versions could not go on ({why}): all else is done in this one.")
        self.close()


def _send(process: subprocess.Popen[bytes], what: object) -> None:
    assert process.stdin is not None
    pickle.dump(what, process.stdin, protocol=4)
    process.stdin.flush()


def work() -> None:
    """What a process does: answer tasks until it is killed, or nobody is there any more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever is interrupted ends this process
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints, prints elsewhere
    asked: SimpleQueue[Any] = SimpleQueue()
    threading.Thread(target=_listen, args=(sys.stdin.buffer, asked), daemon=True).start()
    compare = _comparing(asked.get())
    while True:
        pickle.dump(compare(asked.get()), answers, protocol=4)
        answers.flush()


def _listen(questions: BinaryIO, asked: SimpleQueue[Any]) -> None:
    """Take questions in at once, so that nobody waits to ask; and see when there will be no more."""
    try:
        while True:
            asked.put(pickle.load(questions))
    finally:
        os._exit(0)


class _Gathered:
    """What is found out in one task."""

    def __init__(self) -> None:
        self.values: dict[str, object] = {}

    def get(self, key: str) -> object:
        return self.values.get(key)

    def put(self, key: str, value: object) -> None:
        self.values[key] = value


def _comparing(means: Means) -> Callable[[Task], dict[str, bytes]]:
    """What answers a task with the values that it found out, as packs hold them."""
    from gazette.policy.pins import Pins
    from gazette.policy.rendering import Renderer
    from gazette.site.archive import Archive

    renderer = Renderer(means.extensions, means.configs)
    repository = Pins.find(means.content).repository

    def compare(task: Task) -> dict[str, bytes]:
        if renderer.fingerprint != means.fingerprint:
            return {}
        if repository is not None:
            repository.forget()
        found = _Gathered()
        archive = Archive([task.policy], lambda: Pins(repository), renderer, lambda _: found)
        try:
            for old, new in task.pairs:
                archive.learn(task.policy.id, old, new, new == task.in_force)
        except Exception:  # whoever needs it meets the same, and says it
            pass
        return {key: pickle.dumps(value, protocol=4) for key, value in found.values.items()}

    return compare
