"""The house is in order: what imports what, what is locked, and what no file may hold."""

import ast
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import Version

import slopes
from slopes.book import launch, lock, picture

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "code" / "slopes"

# From the ground up. A module imports only from the lines above its own.
FLOORS = (
    ("checks", "symmetric", "errorfunction"),
    ("costs", "objectives", "activations", "losses", "passes", "search", "datasets", "features"),
    ("optimizers", "adaptive", "quasi_newton", "network", "curvature", "theory", "landscapes", "convergence", "conjugate", "tails", "meanfield", "signal"),
    ("training", "invariance", "newton", "basins", "comparison", "secants", "newton_cg", "kronecker", "race", "escape", "diagnosis"),
    ("patients",),
    ("plots", "widgets"),
    ("svg", "bitmap"),
    ("figures",),
    ("explorers", "exercises"),
    ("book", "bench"),
)
FIRST_WITH_PICTURES = "plots"


def python(code, cwd=ROOT):
    """What a fresh interpreter prints."""
    return subprocess.run([sys.executable, "-c", code], cwd=cwd, capture_output=True, text=True, check=True).stdout


# --- code/ is a folder


def test_the_standard_librarys_code_is_not_shadowed():
    assert not (ROOT / "code" / "__init__.py").exists()
    where = python("import pdb, code; print(code.__file__)").strip()
    assert Path(where).parent == Path(sysconfig.get_path("stdlib"))


def test_the_package_is_the_one_in_this_repository():
    assert Path(slopes.__file__).parent == PACKAGE


# --- floors


def modules():
    """Every module of the package, with the floor it belongs to: (name, file)."""
    files = [path for path in sorted(PACKAGE.rglob("*.py")) if path != PACKAGE / "__init__.py"]
    return [(path.relative_to(PACKAGE).parts[0].removesuffix(".py"), path) for path in files]


def imported(source):
    """The modules of the package that a source imports, by the name they have in the table."""
    for node in ast.walk(ast.parse(source)):
        match node:
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.ImportFrom(module="slopes", names=names, level=0):
                found = [f"slopes.{alias.name}" for alias in names]
            case ast.ImportFrom(module=module, level=0):
                found = [module]
            case ast.ImportFrom():
                raise ValueError("a relative import: write its whole name")
            case _:
                continue
        yield from (name.split(".")[1] for name in found if name.startswith("slopes."))


def below(name):
    """The modules that `name` may import."""
    floor = next(i for i, floor in enumerate(FLOORS) if name in floor)
    return {other for lower in FLOORS[:floor] for other in lower}


def test_every_module_has_its_floor():
    assert {name for name, _ in modules()} <= {name for floor in FLOORS for name in floor}


@pytest.mark.parametrize("name, path", modules(), ids=lambda value: value.stem if isinstance(value, Path) else value)
def test_a_module_imports_only_from_floors_below(name, path):
    assert set(imported(path.read_text())) - {name} <= below(name)


@pytest.mark.parametrize("source, found", [
    ("import slopes.plots", {"plots"}),
    ("import numpy, slopes.svg as s", {"svg"}),
    ("from slopes import plots, svg", {"plots", "svg"}),
    ("def f():\n    from slopes.figures import Picture", {"figures"}),
    ("from slopes.book.guards import faults", {"book"}),
    ("from numpy import array\nimport slopes", set()),
])
def test_imports_are_found_wherever_they_are(source, found):
    assert set(imported(source)) == found


def test_a_floor_above_is_not_allowed():
    assert "plots" not in below("theory") and "objectives" in below("theory") and "book" not in below("figures")


def test_numbers_load_without_pictures():
    names = sorted({name for name, _ in modules()} & below(FIRST_WITH_PICTURES))
    loaded = python("import sys, importlib\n"
                    f"for name in {names}:\n"
                    "    importlib.import_module('slopes.' + name)\n"
                    "    print(name, *{'matplotlib', 'IPython', 'ipywidgets'} & set(sys.modules))")
    assert loaded.splitlines() == names


def test_the_package_itself_loads_nothing():
    assert python("import sys, slopes; print('numpy' in sys.modules)") == "False\n"


def test_no_notebook_side_module_imports_the_book():
    for name, path in modules():
        assert name == "book" or "book" not in set(imported(path.read_text())), path


# --- the lock


PROJECT = (ROOT / "pyproject.toml").read_text()


def requirements():
    wanted = lock.dependencies(PROJECT)
    return [Requirement(line) for line in sum(wanted["optional-dependencies"].values(), wanted["dependencies"])]


def pins():
    lines = [line for line in (ROOT / "lock.txt").read_text().splitlines() if not line.startswith("#")]
    return {line.name: line for line in map(Requirement, lines)}


def test_the_lock_is_fresh():
    assert lock.complaint(ROOT) is None


@pytest.mark.parametrize("wanted", requirements(), ids=str)
def test_the_lock_holds_a_version_that_is_wanted(wanted):
    (pin,) = pins()[wanted.name].specifier
    assert pin.operator == "==" and wanted.specifier.contains(Version(pin.version))


def test_the_lock_names_versions_and_nothing_else():
    for line in (ROOT / "lock.txt").read_text().splitlines():
        assert line.startswith("#") or re.fullmatch(r"[a-z0-9.-]+==[\w.+!-]+( ; [^@]+)?", line), line


def test_a_missing_lock_is_named(tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    assert lock.complaint(tmp_path).startswith("lock.txt is missing")


@pytest.mark.parametrize("old, new", [
    ('"numpy>=2"', '"numpy>=2.1"'),
    ('"pytest>=8"', '"pytest>=8",\n    "hypothesis"'),
    ('requires-python = ">=3.11"', 'requires-python = ">=3.12"'),
])
def test_a_lock_older_than_the_dependencies_is_named(tmp_path, old, new):
    shutil.copy(ROOT / "lock.txt", tmp_path)
    assert old in PROJECT
    (tmp_path / "pyproject.toml").write_text(PROJECT.replace(old, new))
    assert "run `make lock`" in lock.complaint(tmp_path)


def test_a_lock_outlives_what_is_no_dependency(tmp_path):
    shutil.copy(ROOT / "lock.txt", tmp_path)
    (tmp_path / "pyproject.toml").write_text(PROJECT.replace("[tool.pytest", "[tool.other]\n[tool.pytest"))
    assert lock.complaint(tmp_path) is None


def test_binder_installs_the_package_at_locked_versions_and_no_more():
    lines = (ROOT / ".binder" / "requirements.txt").read_text().splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["-c ../lock.txt", "-e .", "jupyterlab-myst"]
    python = (ROOT / ".binder" / "runtime.txt").read_text().strip().removeprefix("python-")
    assert python in SpecifierSet(lock.dependencies(PROJECT)["requires-python"])


def test_a_workflow_publishes_the_branch_that_the_colab_buttons_open():
    assert f"refs/heads/{launch.COLAB_BRANCH}" in (ROOT / ".github" / "workflows" / "site.yml").read_text()


# --- the tasks


@pytest.fixture
def make():
    if not shutil.which("make"):
        pytest.skip("there is no make here")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}

    def run(*arguments):
        return subprocess.run(["make", "--dry-run", *arguments], cwd=ROOT, env=clean, capture_output=True, text=True)

    return run


def test_make_alone_lists_every_task(make):
    tasks = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    listed = subprocess.run(["make"], cwd=ROOT, env=clean, capture_output=True, text=True, check=True).stdout
    for task in set(tasks) - {"site"}:
        assert re.search(rf"^  {task} +\w", listed, re.MULTILINE), task


@pytest.mark.parametrize("arguments, words", [
    (["nonsense"], "no such task: nonsense; `make` lists them"),
    (["book", "PYTHON=no-such-python"], "no-such-python is missing"),
])
def test_a_wrong_call_gets_one_line(make, arguments, words):
    answer = make(*arguments)
    assert answer.returncode != 0 and answer.stderr.count("\n") == 1 and words in answer.stderr


@pytest.mark.parametrize("version", ["3.9", "3.10", "2.7"])
def test_an_old_python_gets_one_line(make, tmp_path, version):
    (tmp_path / "python").write_text(f"#!/bin/sh\necho {version}\n")
    (tmp_path / "python").chmod(0o755)
    answer = make("test", f"PYTHON={tmp_path / 'python'}")
    assert answer.returncode != 0 and answer.stderr.count("\n") == 1
    assert f"is Python {version}, and the book needs 3.11" in answer.stderr


# --- one version, and nothing made up


def test_the_version_is_the_same_everywhere():
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == slopes.__version__
    assert re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1] == slopes.__version__
    assert tomllib.loads(PROJECT)["tool"]["setuptools"]["dynamic"]["version"]["attr"] == "slopes.__version__"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_what_a_page_for_visitors_names_is_there(name):
    text = (ROOT / name).read_text()
    links = [link for link in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in link]
    assert [link for link in links if not (ROOT / link).exists()] == []
    tasks = re.search(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert set(re.findall(r"(?:`|^    )make ([a-z]+)", text, re.MULTILINE)) <= set(tasks)


def test_the_readmes_picture_says_what_it_shows_and_is_fresh():
    alternative, file = re.search(r"!\[(.*?)\]\((.*?)\)", (ROOT / "README.md").read_text()).groups()
    title = ET.parse(ROOT / file).findtext("{http://www.w3.org/2000/svg}title")
    fresh = ET.fromstring(picture.current()).findtext("{http://www.w3.org/2000/svg}title")
    assert alternative == title == fresh


# Written in two halves, so that this file may be searched too.
NEVER = ("/wo" "rk/", "/ro" "ot/", "/tm" "p/", "/ho" "me/", "farm" "-", "py" "pi.org", "python" "hosted", "npm" "js.org",
         "debian" ".org", "example" ".com", "example" ".org", "OWNER" "/REPO", "your" "-name", "user" "name/")
REPOSITORIES = re.compile(r"github\.com[/:]([\w.-]+/[\w.-]+)")
KNOWN_REPOSITORIES = {"stipub/stixfonts"}


def tracked():
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if names.returncode:
        pytest.skip("this is no clone: git does not know its files")
    for name in filter(None, names.stdout.split("\0")):
        try:
            yield name, (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue


def test_no_file_holds_a_path_of_one_machine_or_an_address_made_up():
    assert [(name, word) for name, text in tracked() for word in NEVER if word in text] == []


def test_no_file_names_a_repository_that_is_not_known():
    named = {(name, repository) for name, text in tracked() if not name.startswith("tests/")
             for repository in REPOSITORIES.findall(text)}
    assert {(name, repository) for name, repository in named if repository not in KNOWN_REPOSITORIES} == set()
