"""The source, claim by claim: every claim has a verdict, a number that a cell computed, and a link to where it is shown."""

import re
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).parent.parent
VERDICTS = {"holds": "holds", "holds with a condition": "needs a condition", "needs correcting": "needs correcting"}
WORDS = dict(zip(range(15), "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen".split()))

NOTEBOOK = nbformat.read(ROOT / "chapters" / "claims.ipynb", 4)
PAGES = {path.stem: nbformat.read(path, 4).cells for path in sorted((ROOT / "chapters").rglob("*.ipynb"))}
LABELS = {label: (cell, after) for cells in PAGES.values() for cell, after in zip(cells, cells[1:])
          for label in re.findall(r"(?m)^\(((?:evidence|shown)-[a-z-]+)\)=$", cell.source)}


def claims():
    """(title, text, outputs) of each numbered claim."""
    found = []
    for cell in NOTEBOOK.cells:
        for part in re.split(r"(?m)^(?=#+ )", cell.source) if cell.cell_type == "markdown" else []:
            if match := re.match(r"### (\d+)\. (.*)\n", part):
                found.append([match[0].strip("# \n"), part, []])
        if cell.cell_type == "code" and found:
            found[-1][2].extend(output.get("text", "") for output in cell.outputs)
    return found


@pytest.mark.parametrize("title, text, outputs", claims(), ids=lambda part: part if isinstance(part, str) and "\n" not in part else "")
def test_a_claim_has_a_verdict_a_number_and_a_link_that_leads_somewhere(title, text, outputs):
    verdict = re.search(r"\*\*Verdict:\*\* ([a-z ]+)\.", text)
    assert verdict and verdict[1] in VERDICTS, title
    assert re.search(r"\d", "".join(outputs)), title
    links = re.findall(r"\{ref\}`[^`]+<([a-z-]+)>`", text)
    assert links and set(links) <= set(LABELS), title


def test_the_claims_are_numbered_and_counted():
    numbers = [int(title.split(".")[0]) for title, *_ in claims()]
    assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 14
    given = [re.search(r"\*\*Verdict:\*\* ([a-z ]+)\.", text)[1] for _, text, _ in claims()]
    counts = [WORDS[given.count(verdict)] for verdict in VERDICTS]
    assert f"{counts[0].capitalize()} of {WORDS[len(given)]} hold as they stand, {counts[1]} need a condition, and {counts[2]} needs correcting" in "\n".join(
        cell.source for cell in NOTEBOOK.cells)


def test_each_of_the_three_questions_gets_three_sentences():
    part = re.search(r"## The three questions\n(.*?)\n## ", "\n".join(cell.source for cell in NOTEBOOK.cells), re.DOTALL)[1]
    answers = re.split(r"\*\*[^*]+\?\*\*", part)[1:]
    assert len(answers) == 3 and all(len(re.findall(r"\.(?:\s|$)", answer.strip())) == 3 for answer in answers)


@pytest.mark.parametrize("label", LABELS)
def test_a_label_stands_before_a_cell_with_something_to_show(label):
    before, cell = LABELS[label]
    assert before.source.endswith(f"({label})=") and cell.cell_type == "code" and cell.outputs


def test_every_labelled_place_has_a_link_that_leads_to_it():
    texts = [cell.source for cells in PAGES.values() for cell in cells] + [path.read_text() for path in (ROOT / "chapters").rglob("*.md")]
    assert set(re.findall(r"<((?:evidence|shown)-[a-z-]+)>", "\n".join(texts))) == set(LABELS)
