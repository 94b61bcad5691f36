"""The lock: the exact version of every package that any group of the project may install.

    python -m slopes.book.lock            renew lock.txt
    python -m slopes.book.lock --check    fail when it is missing or older than the dependencies

pip takes the file as constraints, on every platform and Python, so it holds no hash and no registry's
address. Its first lines carry a digest of the dependencies it was made from. This module needs nothing
but Python to check, since make runs it by its path before anything is installed.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

RENEW = "run `make lock`"
HEAD = """\
# The exact versions that make, CI and Binder install, as constraints for pip. Renew them with `make lock`.
# dependencies: {digest}
"""
COMPILE = ("-m", "uv", "pip", "compile", "pyproject.toml", "--quiet", "--all-extras", "--upgrade",
           "--universal", "--fork-strategy=fewest", "--no-header", "--no-annotate",
           "--no-emit-index-url", "--no-emit-find-links")


def dependencies(project_text):
    """The parts of a pyproject.toml that a lock is made from."""
    project = tomllib.loads(project_text)["project"]
    return {key: project.get(key) for key in ("requires-python", "dependencies", "optional-dependencies")}


def digest(project_text):
    """Sixteen hexadecimal digits that change whenever a dependency does."""
    canonical = json.dumps(dependencies(project_text), sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]


def complaint(root):
    """Why the lock of the project in the folder `root` cannot be used, or None when it can."""
    lock = root / "lock.txt"
    if not lock.exists():
        return f"lock.txt is missing: restore it with `git checkout lock.txt`, or {RENEW} to make a new one"
    made_from = re.search(r"^# dependencies: (\w+)$", lock.read_text(), re.MULTILINE)
    if not made_from or made_from[1] != digest((root / "pyproject.toml").read_text()):
        return f"lock.txt is older than the dependencies in pyproject.toml: {RENEW}, then commit it"
    return None


def renew(root):
    """Write lock.txt with the newest versions that fit together on every supported Python."""
    project_text = (root / "pyproject.toml").read_text()
    oldest = dependencies(project_text)["requires-python"].removeprefix(">=")
    run = subprocess.run([sys.executable, *COMPILE, "--python-version", oldest],
                         cwd=root, stdout=subprocess.PIPE, text=True)
    if run.returncode:
        sys.exit("lock.txt is as it was: uv found no versions that fit together")
    (root / "lock.txt").write_text(HEAD.format(digest=digest(project_text)) + run.stdout)


def main(arguments):
    root = Path.cwd()
    if "--check" in arguments:
        sys.exit(complaint(root))
    renew(root)
    print("lock.txt holds", sum("==" in line for line in (root / "lock.txt").open()), "packages")


if __name__ == "__main__":
    main(sys.argv[1:])
