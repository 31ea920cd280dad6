"""What outsiders say of the site that is built from content/: Lighthouse's scores, and the Nu HTML checker's errors.

    python benchmarks/readers.py [SITE]

SITE is a built site (default: site/). Needs node with npm, Chromium and Java; without Java the checker is left out, and
that is said. The tools are installed into a temporary folder (npm `lighthouse`, `vnu-jar`) at the versions below, never
into the project. The site is served compressed and to be kept, as any server for the public does it.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

TOOLS = {"lighthouse": "12.8.2", "vnu-jar": "26.9.27"}
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FLAGS = "--headless=new --no-sandbox --disable-background-networking"
TIMES = 3  # each page is looked at; the middle score counts
WANTED = 95
PAGES = ("privacy-policy/", "privacy-policy/changes/2026-03-02/")

#: What the checker finds in Material's own templates, on each page: its switches for the menu and the search are
#: checkboxes with `autocomplete`; and where a page has a table of contents, its label names a switch that is not there.
THEME = ("Attribute “autocomplete” is only allowed", "The value of the “for” attribute of the “label” element")


def main(arguments: Sequence[str]) -> int:
    site = Path(arguments[0]) if arguments else Path("site")
    if not (site / "index.html").exists():
        raise SystemExit(f"{site} is no built site; run `make site`, or name one")
    if shutil.which("npm") is None:
        raise SystemExit("npm is missing, which brings both tools")
    with tempfile.TemporaryDirectory() as folder:
        packages = [f"{name}@{version}" for name, version in TOOLS.items()]
        install = ["npm", "install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix", folder]
        subprocess.run([*install, *packages], check=True)
        tools = Path(folder) / "node_modules"
        return max(check(tools, site), measure(tools, site))


def check(tools: Path, site: Path) -> int:
    """The errors of the Nu HTML checker, what the theme causes apart."""
    if shutil.which("java") is None:
        print("Nu HTML checker: left out, since Java is missing")
        return 0
    jar = next(tools.glob("vnu-jar/**/vnu.jar"))
    command = [
        "java",
        "-Xss8m",
        "-jar",
        str(jar),
        "--skip-non-html",
        "--format",
        "json",
        "--exit-zero-always",
        str(site),
    ]
    said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stderr)["messages"]
    theme = [one for one in said if one["message"].startswith(THEME)]
    ours = Counter(one["message"] for one in said if one not in theme)
    pages = sum(1 for _ in site.rglob("*.html"))
    print(f"Nu HTML checker: {pages} pages, {ours.total()} errors or warnings; {len(theme)} by the theme's templates")
    for message, times in ours.most_common():
        print(f"  {times} × {message}")
    return int(ours.total() > 0)


def measure(tools: Path, site: Path) -> int:
    """Lighthouse's scores of some pages, as on a phone."""
    worst = 100
    with served(site) as address:
        for page in PAGES:
            runs = [scores(tools, address + page) for _ in range(TIMES)]
            middle = {name: sorted(run[name] for run in runs)[TIMES // 2] for name in runs[0]}
            print(f"Lighthouse /{page}: " + ", ".join(f"{name} {score}" for name, score in middle.items()))
            # Redlines are kept from search engines on purpose, which counts against them there.
            worst = min([worst, *(score for name, score in middle.items() if name != "seo" or page == PAGES[0])])
    return int(worst < WANTED)


def scores(tools: Path, address: str) -> dict[str, int]:
    program = tools / "lighthouse/cli/index.js"
    command = ["node", str(program), address, "--quiet", "--output=json", f"--chrome-flags={FLAGS}"]
    environment = os.environ | {"CHROME_PATH": CHROMIUM}
    found = json.loads(subprocess.run(command, check=True, capture_output=True, env=environment).stdout)
    return {name: round(100 * category["score"]) for name, category in found["categories"].items()}


@contextmanager
def served(site: Path) -> Iterator[str]:
    """The site at a local address, which ends in `/`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Compressed, directory=str(site))) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


class _Compressed(SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data = gzip.compress(path.read_bytes())
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Cache-Control", "max-age=31536000" if "assets" in path.parts else "max-age=600")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Requests are nobody's interest."""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
