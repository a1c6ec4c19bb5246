"""Asks PyPI's advisory service about every locked version; silence counts as a failure.

`pip-audit` calls a package that the service does not know "skipped" and ends well. Here nothing
passes of which nothing is known: unreachable, unknown and vulnerable all end with 1.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

BIN = Path(sys.executable).parent
LISTED_MAX = 5


def main() -> int:
    """Audit what uv.lock pins; return the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        locked = Path(folder) / "locked.txt"
        answers = Path(folder) / "answers.json"
        _export(locked)
        complaint = _ask(locked, answers)
        if not answers.exists() or not answers.stat().st_size:
            print("PyPI's advisory service could not be asked; nothing is known.", file=sys.stderr)
            print(complaint.strip()[-600:], file=sys.stderr)
            return 1
        return _judge(json.loads(answers.read_text("utf-8"))["dependencies"])


def _export(locked: Path) -> None:
    words = ("export", "--quiet", "--frozen", "--no-emit-project", "--all-groups")
    subprocess.run([BIN / "uv", *words, "--output-file", locked], check=True)


def _ask(locked: Path, answers: Path) -> str:
    options = ("-s", "pypi", "--disable-pip", "--require-hashes", "--progress-spinner", "off")
    asked = subprocess.run(
        [BIN / "pip-audit", *options, "-f", "json", "-o", answers, "-r", locked],
        check=False,
        capture_output=True,
        text=True,
    )
    return asked.stderr


def _judge(packages: list[dict[str, Any]]) -> int:
    unknown = [package["name"] for package in packages if "skip_reason" in package]
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release yet"
            print(f"{package['name']} {package['version']}: {found['id']} (mended in: {mended})")
    if unknown:
        listed = ", ".join(unknown[:LISTED_MAX]) + ("…" if len(unknown) > LISTED_MAX else "")
        print(f"PyPI's advisory service knows nothing of {len(unknown)} of {len(packages)} locked")
        print(f"packages ({listed}): they could not be audited.")
    if vulnerable or unknown:
        return 1
    print(f"{len(packages)} locked packages, no known vulnerability")
    return 0


if __name__ == "__main__":
    sys.exit(main())
