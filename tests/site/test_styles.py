"""The pruned style sheet keeps every rule that a page can use."""

import re

import pytest

from slopes.book.styles import SOURCES, prune

USED = {"here", "too", "id"}


@pytest.mark.parametrize("rule", [
    ".here{a:b}", "#id .here>p{a:b}", "p{a:b}", ".here:not(.gone){a:b}", "[data-x='.gone']{a:b}", ":root{--x:1}",
    ".here:is(.gone,.too){a:b}", '.here::after{content:"}.gone{"}', "@media print{.here{a:b}}",
    "@keyframes x{from{a:b}to{a:c}}",
])
def test_a_rule_that_can_apply_stays(rule):
    assert prune(rule, USED) == rule


@pytest.mark.parametrize("rule", [
    ".gone{a:b}", ".here .gone{a:b}", "#gone{a:b}", ".here.gone:hover{a:b}", "@media print{.gone{a:b}}",
    "@font-face{font-family:x;src:url(y)}", "/* a remark */",
])
def test_a_rule_that_cannot_apply_goes(rule):
    assert prune(rule, USED) == ""


def test_of_a_list_of_selectors_those_that_can_apply_stay():
    assert prune(".here,.gone,p:not(.a,.b){x:y}", USED) == ".here,p:not(.a,.b){x:y}"


def test_licences_stay():
    assert prune("/*! a licence */.here{a:b}", USED) == "/*! a licence */.here{a:b}"


def test_the_sites_style_sheet_is_small_and_whole(site):
    static = site / "_static"
    sources = [path.read_text(encoding="utf-8") for pattern in SOURCES for path in static.glob(pattern)]
    assert len(sources) == len(SOURCES)
    pruned = (static / "theme.css").read_text(encoding="utf-8")
    assert len(pruned) < 0.3 * sum(map(len, sources)) and "@font-face" not in pruned
    alone = re.compile(r"(?<=[{},])\.([\w-]+)(?=[,{])")  # a class that is a selector on its own
    used = {name for page in site.rglob("*.html") for names in re.findall(r'class="([^"]*)"', page.read_text("utf-8"))
            for name in names.split()}
    needed = used.intersection(alone.findall("".join(sources)))
    assert len(needed) > 30 and needed <= set(alone.findall(pruned))
