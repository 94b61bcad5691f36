"""The reference of the package: every public name is there, with a docstring and a chapter that uses it where one does."""

import inspect
from pathlib import Path

import pytest

from slopes.book import reference

ROOT = Path(__file__).parent.parent
NAMES = [(module, name, value) for module in reference.modules() for name, value in reference.public(module)]
DOCUMENTS = [p.relative_to(ROOT).with_suffix("").as_posix() for p in (ROOT / "chapters").rglob("*.ipynb")]


@pytest.mark.parametrize("module, name, value", NAMES, ids=[f"{module}.{name}" for module, name, _ in NAMES])
def test_what_is_public_says_what_it_is(module, name, value):
    doc = inspect.getdoc(value)
    assert doc and len(doc.split()) >= 3 and reference._signature(value).startswith("(")


def test_the_reference_knows_which_chapter_uses_what():
    used = reference.uses(ROOT, DOCUMENTS)
    assert "chapters/newton/2_when_newton_is_wrong" in used["basins", "basins"]
    assert "chapters/newton/3_what_a_second_derivative_costs" in used["costs", "hessian_bytes"]  # by `costs.hessian_bytes`
    assert "chapters/tails/5_the_clinic" in used["diagnosis", "diagnose"]


def test_the_page_has_an_entry_for_each_name(request):
    page = ROOT / "_build" / "html" / "chapters" / "package.html"
    if not page.exists():
        pytest.skip("the site has not been built: make book")
    text = page.read_text()
    for module, name, _ in NAMES:
        anchor = f"slopes-{module}-{name}".replace("_", "-")
        assert f'id="{anchor}"' in text, name
    assert text.count("Used in ") > 60
