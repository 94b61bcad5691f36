"""A book with a mistake on its page is not built, and each mistake is named. Also: where its buttons lead."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image

ROOT = Path(__file__).parents[2]
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

# What is wrong, and what the build says of it.
MISTAKES = {
    "{doc}`gone`": "unknown document: 'gone'",
    "[a link](gone.md)": "gone.md",
    "{eq}`gone`": "equation not found: gone",
    "{ref}`gone-label`": "gone-label",
    "{cite}`gone2000`": "gone2000",
    "{func}`slopes.gone`": "slopes.gone",
    r"$\gone$": r"\gone",
}


def output(**data):
    """A stored output, its types written with an underscore."""
    types = {"text_plain": "text/plain", "image_png": "image/png", "image_svg": "image/svg+xml"}
    return new_output("display_data", {types[kind]: value for kind, value in data.items()})


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A book of one page full of mistakes, built as for the repository owner/name: (exit code, words, folder)."""
    book = tmp_path_factory.mktemp("book")
    shutil.copy(ROOT / "_config.yml", book)
    (book / "chapters").mkdir()
    (book / "chapters" / "references.bib").write_text("@misc{known2000, title={T}, author={A}, year={2000}}\n")
    (book / "_toc.yml").write_text("format: jb-book\nroot: chapters/page\nchapters:\n- file: chapters/claims\n")
    (book / "chapters" / "claims.md").write_text("# Claims\n\n## 1. All is well\n\n**Verdict:** perhaps.\n\n(shown-nowhere)=\nWords, and no cell.\n")
    cells = [new_markdown_cell("# Page\n\n" + "\n\n".join(MISTAKES)),
             new_code_cell("1", execution_count=1, outputs=[output(text_plain="x", image_png=PIXEL)]),
             new_code_cell("2", execution_count=2, outputs=[output(text_plain="x", image_svg="<svg/>")])]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nbformat.write(new_notebook(cells=cells, metadata=kernel), book / "chapters" / "page.ipynb")
    service = {"GITHUB_SERVER_URL": "https://github.com", "GITHUB_REPOSITORY": "owner/name", "GITHUB_REF_NAME": "dev"}
    run = subprocess.run([sys.executable, "-m", "slopes.book.build"], cwd=book, env=os.environ | service,
                         capture_output=True, text=True)
    return run.returncode, re.sub(r"\x1b\[[\d;]*m", "", run.stderr), book / "_build" / "html"


def test_a_book_with_mistakes_is_not_built(built):
    assert built[0] != 0


@pytest.mark.parametrize("mistake", MISTAKES)
def test_each_mistake_is_named_with_its_page(built, mistake):
    assert any(MISTAKES[mistake] in line and "page.ipynb" in line for line in re.split(r"\n(?=/|\w:)", built[1]))


def test_figures_without_a_sentence_are_named_by_their_cell(built):
    assert "cell 2" in built[1] and "bitmap" in built[1]
    assert "cell 3" in built[1] and "no title" in built[1]


def test_a_page_knows_its_address_and_what_a_shared_link_shows(built):
    page = (built[2] / "chapters" / "page.html").read_text(encoding="utf-8")
    home = "https://owner.github.io/name/"
    assert f'<link rel="canonical" href="{home}chapters/page.html"' in page
    assert f'<meta property="og:image" content="{home}_static/social.png">' in page
    root, missing = ((built[2] / name).read_text(encoding="utf-8") for name in ("index.html", "404.html"))
    assert f'<link rel="canonical" href="{home}chapters/page.html"' in root and f'content="{home}_static/social.png"' in root
    assert f'href="{home}"' in missing and "no such page" in missing
    assert f"<loc>{home}chapters/page.html</loc>" in (built[2] / "sitemap.xml").read_text(encoding="utf-8")
    with Image.open(built[2] / "_static" / "social.png") as picture:
        assert picture.size == (1200, 630)


def test_a_claim_without_its_evidence_is_named(built):
    lines = [line for line in built[1].splitlines() if "the claim “1. All is well”" in line]
    assert [any(lack in line for line in lines) for lack in ("has no verdict", "has no number", "has no link")] == [True] * 3


def test_a_label_that_leads_to_no_cell_is_named(built):
    assert "the label shown-nowhere does not stand right before a code cell" in built[1]


def test_the_buttons_lead_to_the_repository(built):
    page = (built[2] / "chapters" / "page.html").read_text(encoding="utf-8")
    assert 'href="https://mybinder.org/v2/gh/owner/name/dev?urlpath=lab/tree/chapters/page.ipynb"' in page
    assert 'href="https://colab.research.google.com/github/owner/name/blob/colab/chapters/page.ipynb"' in page
    assert 'href="https://github.com/owner/name"' in page
    assert 'href="../_sources/chapters/page.ipynb"' in page
