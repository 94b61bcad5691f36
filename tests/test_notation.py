"""The page of notation: a symbol is used in the chapter that introduces it, and the letters with two jobs are counted."""

import re
from pathlib import Path

import nbformat
import pytest

CHAPTERS = Path(__file__).parent.parent / "chapters"
PAGE = (CHAPTERS / "notation.md").read_text(encoding="utf-8")
ROWS = [[part.strip() for part in line.split(" | ")] for line in PAGE.splitlines() if line.startswith("| $")]
WORDS = dict(enumerate("no one two three four five six seven eight nine ten".split()))


def prose(document):
    cells = nbformat.read(CHAPTERS / f"{document}.ipynb", 4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def used(symbol, text):
    """Whether a formula of the text has the symbol; an index that counts layers or steps may have another name there."""
    bare = re.sub(r"_[lt]$", "", symbol)
    formulas = re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.DOTALL)
    return any(re.search(rf"(?<![A-Za-z\\]){re.escape(bare)}(?![A-Za-z])", "".join(formula)) for formula in formulas)


@pytest.mark.parametrize("symbols, where", [(row[0], row[-1]) for row in ROWS], ids=[row[0] for row in ROWS])
def test_a_symbol_is_used_where_it_is_introduced(symbols, where):
    text = "\n".join(prose(document) for document in re.findall(r"<([\w/]+)>", where))
    for symbol in re.findall(r"\$(.+?)\$", symbols):
        assert used(symbol, text), f"{symbol} does not occur in {where}"


def test_no_symbol_has_two_rows():
    symbols = [symbol for row in ROWS for symbol in re.findall(r"\$(.+?)\$", row[0])]
    assert len(symbols) == len(set(symbols)) > 50


def test_the_letters_with_two_jobs_are_counted():
    part = PAGE.split("do two jobs")[1].split("A letter that serves")[0]
    letters = {letter for line in part.splitlines() for letter in re.findall(r"\$(.+?)\$", line.split(" also ")[0].split(" with ")[0].split(" without ")[0])}
    count = WORDS[len(letters)]
    assert f"{count.capitalize()} letters do two jobs" in PAGE and f"but for the {count} that are named" in PAGE
