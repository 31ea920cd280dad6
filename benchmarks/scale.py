#!/usr/bin/env python3
"""A whole site of 2,693 policies with 23,274 versions and 300 MB of text: does it come to an end, and in which memory?

    benchmarks/scale.py --folder /var/tmp/scale         made once, kept, and built with every redline
    benchmarks/scale.py --versions 2327                 a tenth of it

The policies are made up, seeded, and differ in size as those of a large archive of the web do. After the build each
version's page is read again: it must be there, with every section of its text.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from archives import scale_set, write_policies
from running import BUILD, run
from site_report import Row, table

from gazette.policy.pins import Pins
from gazette.policy.reading import read_policies
from gazette.policy.settings import find_config, read_settings


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--versions", type=int, default=23_274, metavar="N")
    parser.add_argument("--folder", type=Path, help="where the set is kept; else it is removed again")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="gazette-scale-") as temporary:
        root = (options.folder or Path(temporary)) / f"scale-{options.versions}"
        if not root.exists():
            write_policies(root, scale_set(options.versions))
        built = root.with_name(f"{root.name}-site")
        names = ("the whole site, cold", "nothing changed")
        rows = [Row(options.versions, name, run([*BUILD, str(built)], root, built)) for name in names]
        print(table(rows))
        return report(root, built)


def report(root: Path, built: Path) -> int:
    """Print what was there to read; 1 if any of it could not be."""
    policies, problems = read_policies(read_settings(find_config(root)))
    pins = Pins.find(root / "content")
    versions = size = 0
    unreadable = [str(problem) for problem in problems]
    for policy in policies:
        for label, text in Pins(pins.repository).texts(policy).items():
            versions += 1
            size += sum(len(section.body) for section in text.sections)
            page = built / policy.id / "versions" / label / "index.html"
            found = page.read_text().count('<section class="gz-section"') if page.is_file() else 0
            if found != len(text.sections):
                unreadable.append(f"{policy.id} {label}: {found} of {len(text.sections)} sections")
    print(f"\n{len(policies):,} policies, {versions:,} versions, {size / 1e6:.0f} MB of text")
    print(f"unreadable: {len(unreadable)}")
    print("\n".join(unreadable[:20]))
    return 1 if unreadable else 0


if __name__ == "__main__":
    sys.exit(main())
