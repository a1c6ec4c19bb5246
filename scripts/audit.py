"""Asks PyPI about known vulnerabilities of every locked version; what it does not know is said.

`pip-audit` calls a package that the service does not know "skipped" and ends well. Here a
package passes only if something is known of it. Mirrors of PyPI often lack the page of each
version; then the page of the project speaks for its newest version, and the few packages that
are locked at an older one are named as not audited.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
import urllib.error
import urllib.request
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
    unknown = [package for package in packages if "skip_reason" in package]
    pages_only = len(unknown) == len(packages)
    if pages_only:
        print("PyPI has no pages of single versions here; asking those of the projects.")
        for package in packages:
            package["vulns"] = _of_newest(package["name"], str(package.get("version") or ""))
        unknown = [package for package in packages if package["vulns"] is None]
    vulnerable = [package for package in packages if package.get("vulns")]
    for package in vulnerable:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "no release yet"
            print(f"{package['name']}: {found['id']} (mended in: {mended})")
    if unknown:
        listed = ", ".join(package["name"] for package in unknown[:LISTED_MAX])
        print(f"NOT AUDITED: {len(unknown)} of {len(packages)} locked packages ({listed})")
    known = len(packages) - len(unknown)
    print(f"{known} locked packages audited, {len(vulnerable)} with a known vulnerability")
    silent = unknown and not pages_only
    return 1 if vulnerable or silent or not known else 0


def _of_newest(name: str, version: str) -> list[dict[str, Any]] | None:
    """The known vulnerabilities of the newest version; None when another one is locked."""
    version = version or _locked_version(name)
    try:
        with urllib.request.urlopen(f"https://pypi.org/pypi/{name}/json", timeout=20) as answer:
            page = json.load(answer)
    except (urllib.error.URLError, TimeoutError, ValueError):
        return None
    if page["info"]["version"] != version:
        return None
    return [
        {"id": found["id"], "fix_versions": found.get("fixed_in", [])}
        for found in page.get("vulnerabilities", [])
        if not found.get("withdrawn")
    ]


def _locked_version(name: str) -> str:
    packages = tomllib.loads(Path("uv.lock").read_text("utf-8"))["package"]
    return next((p["version"] for p in packages if p["name"] == name), "")


if __name__ == "__main__":
    sys.exit(main())
