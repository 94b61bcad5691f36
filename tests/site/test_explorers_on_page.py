"""The explorers of the site as a reader uses them: played, linked to, and in a browser that cannot unpack them."""

import json
import re
from urllib.parse import quote

import pytest


@pytest.fixture(scope="module")
def played(site):
    """The page of an explorer that can be played, and the id of its figure."""
    explorers = re.compile(r'<figure class="[^"]*slopes-explorer.*?</figure>', re.DOTALL)
    for path in sorted(site.rglob("*.html")):
        for figure in explorers.findall(path.read_text("utf-8")):
            if 'class="play"' in figure:
                return path.relative_to(site).as_posix(), re.search(r'id="([^"]+)"', figure)[1]
    pytest.fail("no explorer of the book can be played")


@pytest.fixture
def figure(tabs, played):
    """That figure, on a page just opened."""
    page, name = played
    return tabs["network"].visit(page).page.locator(f"#{name}")


def test_playing_runs_to_the_end_and_says_when_it_stops(figure):
    slider, button = figure.locator("input").first, figure.locator(".play").first
    label = button.get_attribute("aria-label").removeprefix("Play")
    slider.press("End")
    last = slider.input_value()
    slider.press("ArrowLeft")
    button.click()
    assert button.inner_text() == "Pause" and button.get_attribute("aria-label") == "Pause" + label
    figure.page.wait_for_function("(button) => button.textContent === 'Play'", arg=button.element_handle(),
                                  timeout=3000)
    assert slider.input_value() == last
    button.click()
    assert slider.input_value() == "0"
    button.click()
    assert button.get_attribute("aria-label") == "Play" + label


def test_moving_a_slider_stops_the_player(figure):
    figure.locator(".play").first.click()
    figure.locator("input").first.press("End")
    assert figure.locator(".play").first.inner_text() == "Play"


def test_nothing_plays_for_readers_who_want_less_motion(figure):
    figure.page.emulate_media(reduced_motion="reduce")
    try:
        assert not figure.locator(".play").first.is_visible()
    finally:
        figure.page.emulate_media(reduced_motion="no-preference")


def test_the_address_follows_the_sliders_and_leads_back(figure, tabs, played):
    slider = figure.locator("input").first
    slider.press("End")
    shown = figure.locator(".panels").inner_html()
    figure.page.wait_for_function("location.hash.includes('=')", timeout=3000)
    found = tabs["network"].visit(played[0] + figure.page.evaluate("location.hash")).page.locator(f"#{played[1]}")
    found.page.wait_for_function("([figure, shown]) => figure.querySelector('.panels').innerHTML === shown",
                                 arg=[found.element_handle(), shown], timeout=3000)
    assert found.locator("input").first.input_value() == found.locator("input").first.get_attribute("max")


def test_a_link_on_the_page_moves_the_sliders(figure, played):
    texts = json.loads(figure.locator("script").text_content())["texts"][0]
    name = figure.locator("input").first.get_attribute("data-name")
    figure.page.evaluate("(hash) => { location.hash = hash; }", f"#{played[1]}&{name}={quote(texts[-1])}&nonsense=%")
    figure.page.wait_for_function("(input) => input.value === input.max",
                                  arg=figure.locator("input").first.element_handle(), timeout=3000)


def test_an_old_browser_shows_the_first_frame_and_says_why(browser, address, played):
    context = browser.new_context()
    context.add_init_script("delete window.DecompressionStream")
    page = context.new_page()
    page.goto(address + played[0], wait_until="load")
    figure = page.locator(f"#{played[1]}")
    assert figure.locator(".no-frames").is_visible()
    assert figure.locator("input").count() == 0
    assert figure.locator(".panels > svg").first.bounding_box()["height"] > 50
    context.close()
