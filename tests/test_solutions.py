"""Every exercise that a notebook poses is checked, left untouched, and has a worked solution that is right.

A page is read as one sequence of directives and code cells. What is stored under a cell is what the
cell gives: nbval runs every one again and compares.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from slopes.exercises import EXERCISES

CHAPTERS = Path(__file__).parent.parent / "chapters"
NOTEBOOKS = sorted(path for path in CHAPTERS.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)
NUMBERED = [path for path in NOTEBOOKS if path.name[0].isdigit()]

DIRECTIVE = re.compile(r"^[`:]{3,}\{((?:exercise|solution)(?:-start|-end)?)\} *(.*)\n((?::\w+:.*\n)*)", re.MULTILINE)
CHECK = re.compile(r"([\w.]*)\.check\(")
DOTS = re.compile(r"(=|return) \.\.\.")


def label_of(name):
    """exercises.step_length.two_step_sizes has the label step-length-two-step-sizes on the page."""
    return re.sub("[._]", "-", name.removeprefix("exercises."))


@dataclass(frozen=True)
class Check:
    """A call of .check: of which exercise, in which cell, after which question, in which solution."""

    name: str
    cell: object
    question: str | None
    solution: str | None

    @property
    def label(self):
        return label_of(self.name)

    @property
    def printed(self):
        return "".join(output.text for output in self.cell.outputs if output.get("name") == "stdout").splitlines()


@dataclass
class Page:
    """The labels of the questions and of the solutions, the checks, and what is wrong with the directives."""

    questions: list = field(default_factory=list)
    solutions: list = field(default_factory=list)
    checks: list = field(default_factory=list)
    faults: list = field(default_factory=list)


def read(notebook):
    page, question, solution = Page(), None, None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            page.checks += [Check(name, cell, question, solution) for name in CHECK.findall(cell.source)]
            continue
        for kind, argument, options in DIRECTIVE.findall(cell.source + "\n"):
            if kind == "exercise":
                question = "".join(re.findall(r":label: *(\S+)", options))
                page.questions.append(question)
            elif kind == "solution-start" and not solution:
                solution = argument.strip()
                page.solutions.append(solution)
                if not re.search(r":class: *dropdown", options):
                    page.faults.append(f"solution {solution}: does not fold; give it :class: dropdown")
            elif kind == "solution-end" and solution:
                solution = None
            else:
                page.faults.append(f"{kind} {argument}: out of place; pose with exercise, and solve between "
                                   "solution-start and solution-end")
    if solution:
        page.faults.append(f"solution {solution}: not ended")
    return page


def faults(notebook):
    """What is wrong with the exercises of a notebook, a line each."""
    page = read(notebook)
    yield from page.faults
    for label in sorted(set(page.solutions) - set(page.questions)):
        yield f"solution {label}: no exercise has this label"
    for label in page.questions:
        asked = [check for check in page.checks if check.label == check.question == label and not check.solution]
        solved = [check for check in page.checks if check.label == check.solution == label]
        if page.questions.count(label) > 1 or page.solutions.count(label) != 1 or len(asked) != 1 or len(solved) != 1:
            yield (f"exercise {label or 'without a label'}: wants one question with this label, then one cell that "
                   "checks its answer, and one solution with one cell that checks it")
    for check in page.checks:
        yield from faults_of(check)


def faults_of(check):
    if check.name.removeprefix("exercises.") not in EXERCISES or not check.name.startswith("exercises."):
        yield f"{check.name}: no such exercise; write exercises.chapter.name.check(answer)"
    if not check.solution:
        if not DOTS.search(check.cell.source) or not any(": not answered yet." in line for line in check.printed):
            yield f"{check.name}: the answer must be left as dots, and the cell run: it shows {check.printed}"
    elif check.label != check.solution:
        yield f"{check.name}: checked in the solution to {check.solution}"
    elif DOTS.search(check.cell.source) or not any(line.startswith("Right: ") for line in check.printed):
        yield f"{check.name}: the worked solution must be run, and right: it shows {check.printed}"


# The book ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_exercise_is_posed_untouched_and_solved(path):
    assert list(faults(nbformat.read(path, 4))) == []


@pytest.mark.parametrize("path", NUMBERED or [pytest.param(None, marks=pytest.mark.skip("there is no chapter yet"))],
                         ids=lambda path: path and path.stem)
def test_a_chapter_has_at_least_three_exercises(path):
    assert len(read(nbformat.read(path, 4)).questions) >= 3


def test_no_exercise_of_a_published_chapter_is_left_out():
    checked = {check.name for path in NOTEBOOKS for check in read(nbformat.read(path, 4)).checks}
    published = {name.removeprefix("exercises.").split(".")[0] for name in checked}
    left_out = {f"exercises.{name}" for name in EXERCISES if name.split(".")[0] in published} - checked
    assert not left_out and (published or not NUMBERED)


# The guard itself --------------------------------------------------------------------------------

QUESTION = new_markdown_cell("Text.\n\n:::{exercise} As many steps\n:label: step-length-mirror-step\n\nHow?\n:::")
START = new_markdown_cell(":::{solution-start} step-length-mirror-step\n:class: dropdown\n:::\n\nMirror it.")
END = new_markdown_cell("```{solution-end}\n```")


def code(answer, printed, name="exercises.step_length.mirror_step"):
    outputs = [new_output("stream", name="stdout", text=printed + "\n")] if printed else []
    return new_code_cell(f"answer = {answer}\n{name}.check(answer)", outputs=outputs, execution_count=1)


UNTOUCHED = code("...", "As many steps: not answered yet. Put your number (within 0.5%) in place of the dots.")
SOLVED = code("0.8", "Right: each step leaves 0.6 of the error.")
PREDICTION = code("...", "Prediction: not answered yet.", "exercises.step_length.third_run")
PAGE = [PREDICTION, QUESTION, UNTOUCHED, START, SOLVED, END]


def edited(cell, old, new):
    return type(cell)(cell | {"source": cell.source.replace(old, new)})


def notebook(cells):
    return new_notebook(cells=[type(cell)(cell | {"id": f"cell-{i}"}) for i, cell in enumerate(cells)])


@pytest.mark.parametrize("fence", [":::", "```", "::::"])
def test_a_page_as_it_should_be_has_no_faults(fence):
    page = notebook([edited(cell, ":::", fence) for cell in PAGE])
    assert list(faults(page)) == []
    assert read(page).questions == read(page).solutions == ["step-length-mirror-step"]


@pytest.mark.parametrize("cells, complaint", [
    ([QUESTION, START, SOLVED, END], "then one cell that checks"),
    ([UNTOUCHED, QUESTION, START, SOLVED, END], "then one cell that checks"),
    ([QUESTION, UNTOUCHED], "and one solution"),
    ([QUESTION, UNTOUCHED, START, END], "and one solution with one cell that checks it"),
    ([QUESTION, QUESTION, UNTOUCHED, START, SOLVED, END], "wants one question"),
    ([edited(QUESTION, ":label:", ":class:"), UNTOUCHED, START, SOLVED, END], "exercise without a label"),
    ([edited(QUESTION, "-step", "-stop"), UNTOUCHED, START, SOLVED, END], "no exercise has this label"),
    ([edited(QUESTION, "{exercise}", "{exercise-start}"), UNTOUCHED, START, SOLVED, END], "out of place"),
    ([QUESTION, code("0.8", "Right: each step leaves 0.6."), START, SOLVED, END], "must be left as dots"),
    ([QUESTION, code("...", ""), START, SOLVED, END], "must be left as dots, and the cell run"),
    ([code("62", "Right: so.", "exercises.step_length.third_run"), *PAGE[1:]], "must be left as dots"),
    ([QUESTION, UNTOUCHED, START, code("31", "Not yet: round up."), END], "must be run, and right"),
    ([QUESTION, UNTOUCHED, START, code("0.8", ""), END], "must be run, and right"),
    ([QUESTION, UNTOUCHED, START, code("...", "Right: so."), END], "must be run, and right"),
    ([QUESTION, UNTOUCHED, START, SOLVED, PREDICTION, END], "third_run: checked in the solution to"),
    ([QUESTION, UNTOUCHED, START, SOLVED], "not ended"),
    ([QUESTION, UNTOUCHED, START, START, SOLVED, END], "out of place"),
    ([QUESTION, UNTOUCHED, END, START, SOLVED, END], "out of place"),
    ([QUESTION, UNTOUCHED, edited(START, ":class: dropdown", ""), SOLVED, END], "does not fold"),
    ([QUESTION, UNTOUCHED, edited(START, "-step", "-stop"), SOLVED, END], "no exercise has this label"),
    ([edited(UNTOUCHED, "mirror_step", "mirror_stop")], "no such exercise"),
    ([edited(UNTOUCHED, "exercises.", "")], "no such exercise"),
])
def test_each_fault_is_seen(cells, complaint):
    assert any(complaint in fault for fault in faults(notebook(cells)))
