"""Every chapter keeps the promises of the course: what it opens with, what it shows, and how it ends."""

import re
from pathlib import Path

import nbformat
import pytest

CHAPTERS = Path(__file__).parent.parent / "chapters"
NUMBERED = sorted(CHAPTERS.glob("*/[0-9]*.ipynb"))
every_chapter = pytest.mark.parametrize("path", NUMBERED, ids=lambda path: path.stem)


def cells(path):
    return nbformat.read(path, 4).cells


def prose(path):
    return "\n\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")


def outputs(path):
    return [output.get("data", {}) for cell in cells(path) if cell.cell_type == "code" for output in cell.outputs]


@every_chapter
def test_it_opens_with_a_question_its_aims_its_needs_and_its_time(path):
    opening = prose(path).split("\n## ")[0]
    question, aims = opening.split("After this chapter you can")
    assert "?" in question
    assert len(re.findall(r"^- ", aims, re.MULTILINE)) == 3
    assert re.search(r"^\*\*You need\*\* .+\.$", aims, re.MULTILINE)
    assert 10 <= int(re.search(r"^\*\*Reading time:\*\* (\d+) minutes, without the exercises\.$", aims, re.MULTILINE)[1]) <= 20


@every_chapter
def test_the_reader_predicts_before_the_first_result(path):
    first = next(cell for cell in cells(path) if cell.cell_type == "code")
    opening = prose(path).split("\n## ")[0]
    assert ":class: predict" in opening and "exercises." in first.source and ".check(" in first.source


@every_chapter
def test_it_has_experiments_an_explorer_limits_exercises_and_sources(path):
    sections = re.findall(r"^## (.+)$", prose(path), re.MULTILINE)
    assert len(sections) >= 5 and sections[-2:] == ["Exercises", "Sources"] and "Where this stops being true" in sections
    assert any("application/vnd.slopes.explorer+json" in data for data in outputs(path))
    sources = prose(path).split("\n## Sources")[1]
    assert "{cite}" in sources


@every_chapter
def test_a_limit_is_shown_by_an_experiment(path):
    """Between the heading of the limits and the next one there is a cell with something to show."""
    inside, shown = False, 0
    for cell in cells(path):
        if cell.cell_type == "markdown":
            for heading in re.findall(r"^## (.+)$", cell.source, re.MULTILINE):
                inside = heading == "Where this stops being true"
        else:
            shown += inside and bool(cell.outputs)
    assert shown >= 1


@every_chapter
def test_formulas_and_words_keep_their_one_name(path):
    """A step size is called that; 1.1 says once what else it is called."""
    text = re.sub(r"\{[a-z]+\}`[^`]*`", "", prose(path)).lower()
    assert text.count("learning rate") == (1 if path.stem.startswith("1_how_long") else 0)
    assert not re.search(r"\b(clearly|obviously|simply|trivially)\b", text)
