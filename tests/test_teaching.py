"""The page for teachers: its minutes are those of the sections that there are, and the exam's answers are right."""

import re
from pathlib import Path

import nbformat
import numpy as np
import pytest

from slopes import costs
from slopes.activations import ACTIVATIONS
from slopes.adaptive import Adam
from slopes.explorers import EXPLORERS
from slopes.invariance import bowl, gap
from slopes.landscapes import wave
from slopes.network import Network
from slopes.newton import AbsoluteNewton, Backtracking, CubicNewton, DampedNewton, TrustRegion
from slopes.objectives import hyperbola, parabola, quadratic
from slopes.optimizers import GradientDescent, Newton, Status, grad_below, run
from slopes.search import bisect
from slopes.theory import best_step, descent_rate

CHAPTERS = Path(__file__).parent.parent / "chapters"
PAGE = (CHAPTERS / "teaching.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| \{doc\}`(\d\.\d) <([\w/]+)>` \| (\*prediction\*.*?) \| (\d+) \|$", PAGE, re.MULTILINE)
QUESTIONS, ANSWERS = (re.findall(r"^\d+\. (.*)", part, re.MULTILINE)
                      for part in PAGE.split("## Ten questions for an exam")[1].split("## How to run it")[0].split("{admonition} Answers"))


@pytest.mark.parametrize("number, document, minutes, total", ROWS, ids=[row[0] for row in ROWS])
def test_the_minutes_are_those_of_the_sections_of_the_chapter(number, document, minutes, total):
    cells = nbformat.read(CHAPTERS / f"{document}.ipynb", 4).cells
    sections = [title for cell in cells if cell.cell_type == "markdown" for title in re.findall(r"^## (.*)$", cell.source, re.MULTILINE)]
    planned = re.findall(r"\*(.+?)\* (\d+)", minutes)
    assert [title for title, _ in planned] == ["prediction", *sections[:-1]] and sections[-1] == "Sources"
    assert sum(int(m) for _, m in planned) == int(total) and 60 <= int(total) <= 90


def test_every_chapter_has_its_row():
    documents = sorted(str(path.relative_to(CHAPTERS).with_suffix("")) for path in CHAPTERS.glob("*/*.ipynb"))
    assert sorted(row[1] for row in ROWS) == documents


def test_there_are_ten_questions_and_ten_answers():
    assert len(QUESTIONS) == len(ANSWERS) == 10


def longest(f, start):
    stays = lambda eps: np.abs(run(GradientDescent(eps), f, start, 60, keep="last").last) <= abs(start)
    return bisect(stays, 1e-4, 10.0, spacing="log")


def test_answers_on_scaling():
    f = parabola(5.0)  # stable up to 2/5
    assert longest(f, 1.0) == pytest.approx(0.4, rel=1e-3)
    assert f"{longest(f.scaled(5).stretched(3), 1 / 3):.4f}" == "0.0089" and "= 0.0089" in ANSWERS[0]
    assert f"{best_step(1, 100):.4f}" == "0.0198" and "= 0.0198" in ANSWERS[1]
    path = run(GradientDescent(best_step(1, 100)), quadratic(np.diag([1.0, 4.0, 100.0])), [1.0, 0.0, 0.0], 1)
    assert path.last[0] == pytest.approx(descent_rate(100)) and f"{path.last[0]:.3f}" == "0.980" and "= 0.980" in ANSWERS[1]
    felt = [gap(Adam(0.1), bowl(), np.array([2.0, -1.5, 1.0]), 25, c, k * np.eye(3)) for c, k in ((1000.0, 1.0), (1.0, 50.0))]
    assert felt[0] < 1e-6 < 0.1 < felt[1] and "does not feel $f \\to cf$" in ANSWERS[2]


def test_answers_on_newton():
    path = run(Newton(), hyperbola(), 0.5, 2)
    np.testing.assert_allclose(path.x[1:], [-0.125, 0.001953125], rtol=1e-12)
    assert "$-0.125$" in ANSWERS[3] and "0.00195$" in ANSWERS[3]
    assert costs.in_bytes(costs.hessian_bytes(10**6, 4)) == "4 TB" and "4 TB" in ANSWERS[5]


def test_answers_on_tails():
    chain = Network([1] * 11, "identity")
    theta = np.concatenate([[2.0 / 4.0, 0.0]] * 10)  # a weight of 2 times a slope of 1/4, as one factor
    delta = chain.backward(theta, np.ones((1, 1)), np.zeros((1, 1))).delta
    assert delta[-1].item() / delta[0].item() == pytest.approx(512) and "1/512" in ANSWERS[6]
    assert 0.1 / 9 < np.exp(-3) and 0.1 / 100 > np.exp(-10) and ANSWERS[7].startswith("At 3 the second")
    assert all(f"${number}" in ANSWERS[7] for number in ("0.1/9 = 0.011$", "e^{-3} = 0.050$", "0.001$", "0.000045$"))
    assert f"{0.1 / 9:.3f} {np.exp(-3):.3f} {0.1 / 100:.3f} {np.exp(-10):.6f}" == "0.011 0.050 0.001 0.000045"
    assert f"{np.log(2):.3f}" == "0.693" and "0.693" in QUESTIONS[8] and "0.693" in ANSWERS[8]
    assert ACTIVATIONS["sigmoid"].deriv(0.0) == 0.25  # the slope of question 7


def test_each_chapter_has_an_explorer_to_show():
    shown = PAGE.split("## Which explorer makes which point")[1].split("\n## ")[0]
    assert len(EXPLORERS) >= 12 and all(f"| {number}, " in shown for number, *_ in ROWS)


SHORT = re.findall(r"^\| (\d) \| (\d\.\d.*?) \| (\d+) \|$", PAGE.split("## A plan for two weeks")[1].split("\n## ")[0], re.MULTILINE)


@pytest.mark.parametrize("number, taught, total", SHORT, ids=[row[0] for row in SHORT])
def test_the_classes_of_the_short_plan_take_what_their_sections_take(number, taught, total):
    minutes = {chapter: {title: int(m) for title, m in re.findall(r"\*(.+?)\* (\d+)", sections)} for chapter, _, sections, _ in ROWS}
    taken = 0
    for chapter, how, named in re.findall(r"(\d\.\d)( without|:) ([^;]*)", taught):
        titles = re.findall(r"\*(.+?)\*", named)
        assert titles and set(titles) <= set(minutes[chapter])
        listed = sum(minutes[chapter][title] for title in titles)
        taken += listed if how == ":" else sum(minutes[chapter].values()) - listed
    assert taken == int(total) <= 90


def test_two_repairs_go_down_and_backtracking_alone_may_be_stuck():
    """Question 5, on the wave, at a place where it curves downwards."""
    f, start = wave(), 3.0
    assert f.hess(start) < 0 and run(Backtracking(Newton()), f, start, 50).status == Status.STUCK
    for rule in (Backtracking(AbsoluteNewton()), TrustRegion(1.0), CubicNewton(10.0), Backtracking(DampedNewton(20.0))):
        value = run(rule, f, start, 50, until=grad_below(1e-6)).value
        assert np.all(np.diff(value) <= 1e-12) and value[-1] < value[0]
