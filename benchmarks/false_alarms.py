"""The linter on public projects' histories: `python benchmarks/false_alarms.py [NAME ...] [--cache DIR]`.

Each history of histories.py is put into a tiny project, and `manage.py lint zero:heads` looks at all of its migrations,
without a database; squawk is not in their environments. Prints how many findings each rule has, and, with `--sample N`,
N findings of each rule to be judged by hand. Nothing of the projects is committed.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from histories import HISTORIES, PublicHistory, tiny_project

DEFAULT = ("ckan", "langflow", "octavia", "prefect-postgresql", "prefect-sqlite")
SEED = 8


def document(history: PublicHistory, cache: Path) -> Mapping[str, Any]:
    """What `lint --format json` prints about every migration of a history."""
    with tiny_project(history, cache) as project:
        return project.document("lint", "zero:heads", "--format", "json", "--fail-level", "never")


def table(documents: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Findings a rule and a history, as lines of Markdown."""
    names = list(documents)
    counts = {name: Counter(each["rule"] for each in found["findings"]) for name, found in documents.items()}
    yield f"| rule | {' | '.join(names)} |"
    yield "| --- " * (len(names) + 1) + "|"
    yield f"| migrations | {' | '.join(str(len(documents[name]['revisions'])) for name in names)} |"
    for rule in sorted(set().union(*counts.values())):
        yield f"| {rule} | {' | '.join(str(counts[name][rule] or '') for name in names)} |"
    yield f"| not seen in full | {' | '.join(str(_unseen(documents[name])) for name in names)} |"


def _unseen(found: Mapping[str, Any]) -> int:
    return len({each["revision"] for each in found["unseen"]})


def samples(documents: Mapping[str, Mapping[str, Any]], size: int) -> Iterator[str]:
    """Some findings of each rule, to be judged by hand."""
    by_rule: dict[str, list[str]] = {}
    for name, found in documents.items():
        for each in found["findings"]:
            place = f"{name} {Path(each['path'] or '').name}:{each['line']}"
            by_rule.setdefault(each["rule"], []).append(f"{place}: {each['severity']}: {each['message']}")
    chosen = random.Random(SEED)
    for rule, lines in sorted(by_rule.items()):
        yield f"\n{rule} ({len(lines)})"
        yield from chosen.sample(lines, min(size, len(lines)))


def main(arguments: Sequence[str] | None = None) -> None:
    """Look at the histories, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", default=DEFAULT, metavar="NAME")
    parser.add_argument("--cache", type=Path, default=Path("~/.cache/alembic_manage_histories").expanduser())
    parser.add_argument("--sample", type=int, default=0)
    options = parser.parse_args(arguments)
    by_name = {history.name: history for history in HISTORIES}
    documents = {name: document(by_name[name], options.cache) for name in options.names}
    print("\n".join([*table(documents), *samples(documents, options.sample)]))
    Path(options.cache / "findings.json").write_text(json.dumps(documents, indent=2), encoding="utf-8")


if __name__ == "__main__":
    main()
