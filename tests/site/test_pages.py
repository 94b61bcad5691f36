"""Every page in a browser: it asks nothing of other hosts, complains of nothing, and everybody can use it."""

import functools
import gzip

import pytest

PAGE_LIMIT, OWN_LIMIT = 450_000, 250_000  # bytes sent: all that a page loads, and the page itself
STEP_LIMIT = 16  # ms of script for a step of a slider: a frame on a screen that shows sixty a second

# Runs axe: all of it, for contrast on one element of each combination of colours and size (a page of code has
# a thousand like them), and on a phone, where the same things stand closer, what depends on room.
LOOKS = ("light", "dark", "phone")
AXE = """async (look) => {
  const report = async (context, options) => {
    const { violations } = await axe.run(context, { resultTypes: ["violations"], preload: false, ...options });
    return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 120)}`));
  };
  const paper = (element) => {
    const { backgroundColor } = getComputedStyle(element);
    const clear = backgroundColor === "rgba(0, 0, 0, 0)" && element.parentElement;
    return clear ? paper(element.parentElement) : backgroundColor;
  };
  const kinds = new Map();
  for (const element of document.querySelectorAll("body :not(script, style, svg *)")) {
    const written = [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!written || !element.checkVisibility()) continue;
    const { color, fontSize, fontWeight, opacity } = getComputedStyle(element);
    kinds.set([color, paper(element), fontSize, fontWeight, opacity].join(), element);
  }
  const everything = { exclude: [["math"], [".panels svg"]] };
  if (look === "phone") return report(everything, { runOnly: ["scrollable-region-focusable", "target-size"] });
  const contrast = await report({ include: [...kinds.values()] }, { runOnly: ["color-contrast"] });
  if (look === "dark") return contrast;
  return [...contrast, ...await report(everything, { rules: { "color-contrast": { enabled: false } } })];
}"""

# Whatever scrolls can be reached with the keyboard. The theme sees to it a moment after the window changes.
REACHABLE = """() => [...document.querySelectorAll("pre, .formula")].every(
    (element) => element.scrollWidth <= element.clientWidth || element.tabIndex === 0)"""

# Moves a control through all its values, and says what was shown at each and how long the median step took.
SWEEP = """async (input) => {
  const figure = input.closest("figure"), seen = { spoken: [], pictures: [], captions: [] }, times = [];
  const start = input.value, count = input.options?.length ?? Number(input.max) + 1;
  const set = (value) => {
    input.value = value;
    const before = performance.now();
    input.dispatchEvent(new Event("input", { bubbles: true }));
    return performance.now() - before;
  };
  const first = figure.querySelector(".panels").innerHTML;
  set(start === "0" ? count - 1 : 0);  // the first step waits for the frames to be unpacked
  for (let i = 0; i < 40 && figure.querySelector(".panels").innerHTML === first; i++) {
    await new Promise((done) => setTimeout(done, 50));
  }
  for (let value = 0; value < count; value++) {
    times.push(set(value));
    await new Promise((done) => setTimeout(done));
    seen.spoken.push(input.getAttribute("aria-valuetext") ?? input.selectedOptions[0].text);
    seen.pictures.push(figure.querySelector(".panels").innerHTML);
    seen.captions.push(figure.querySelector("figcaption").textContent);
  }
  set(start);
  const distinct = (texts) => new Set(texts).size;
  return { count, spoken: distinct(seen.spoken), pictures: distinct(seen.pictures), captions: distinct(seen.captions),
           step: times.sort((a, b) => a - b)[times.length >> 1] };
}"""


@functools.cache
def sent(path):
    """Bytes of a file as a host sends it: compressed, unless it already is."""
    data = path.read_bytes()
    return len(data) if path.suffix == ".woff2" else len(gzip.compress(data, 6))


def controls(page):
    """The sliders and menus of the page's explorers."""
    return page.locator(".slopes-explorer [data-name]").all()


def state(figure):
    """What a figure shows and says."""
    return figure.locator(".panels").inner_html(), figure.locator("figcaption").text_content()


def wait_for_change(figure, shown):
    """Until both the picture and the caption are others than before."""
    figure.page.wait_for_function("""([figure, [picture, caption]]) =>
        figure.querySelector(".panels").innerHTML !== picture &&
        figure.querySelector("figcaption").textContent !== caption""",
        arg=[figure.element_handle(), list(shown)], timeout=3000)


def wait_for_theme(page, theme):
    page.wait_for_function("(theme) => document.documentElement.dataset.theme === theme", arg=theme, timeout=3000)


def test_asks_nothing_of_other_hosts(seen):
    assert seen.elsewhere == []


def test_weighs_little(seen, site):
    assert sent(site / seen.name) <= OWN_LIMIT
    assert sum(sent(site / name) for name in seen.files) <= PAGE_LIMIT


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_it(seen, axe, look):
    seen.page.set_viewport_size({"width": 360 if look == "phone" else 1280, "height": 800})
    seen.page.emulate_media(color_scheme="dark" if look == "dark" else "light")
    wait_for_theme(seen.page, "dark" if look == "dark" else "light")
    if look == "phone":
        seen.page.wait_for_function(REACHABLE, timeout=3000)
    if not seen.page.evaluate("'axe' in window"):
        seen.page.evaluate(axe)
    assert seen.page.evaluate(AXE, look) == []


def test_does_not_scroll_sideways(seen):
    seen.page.set_viewport_size({"width": 360, "height": 800})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= 360


def test_controls_answer_the_keyboard(seen):
    for control in controls(seen.page):
        before, figure = control.input_value(), control.locator("xpath=ancestor::figure")
        shown = state(figure)
        control.focus()
        control.press("ArrowRight" if before == "0" else "ArrowLeft")
        assert control.input_value() != before
        wait_for_change(figure, shown)


def test_every_step_is_quick_and_is_shown_and_said(seen):
    asked = len(seen.requests)
    for control in controls(seen.page):
        found = control.evaluate(SWEEP)
        assert found["spoken"] == found["count"]
        assert found["pictures"] > 1 and found["captions"] > 1
        assert found["step"] <= STEP_LIMIT
    assert len(seen.requests) == asked


def test_prints_in_light_colours_without_controls(seen):
    seen.page.emulate_media(media="screen", color_scheme="dark")
    wait_for_theme(seen.page, "dark")
    seen.page.emulate_media(media="print")
    wait_for_theme(seen.page, "light")
    assert not any(control.is_visible() for control in controls(seen.page))
    assert all(panels.is_visible() for panels in seen.page.locator(".panels").all())
    seen.page.emulate_media(media="screen")
    wait_for_theme(seen.page, "dark")


def test_complains_of_nothing(seen):
    assert seen.complaints == []


def test_reads_without_scripts(unscripted):
    page = unscripted.page
    for figure in page.locator(".slopes-figure").all():
        assert figure.locator(".panels > svg").first.bounding_box()["height"] > 50
        assert figure.locator("figcaption").text_content().strip(" #")
    assert not any(control.is_visible() for control in controls(page))
    assert all(formula.bounding_box()["width"] > 0 for formula in page.locator("p math, .formula math").all()[:9])
    assert unscripted.elsewhere == []


def test_works_from_disk(from_disk):
    page = from_disk.page
    for figure in page.locator(".slopes-explorer").all():
        control = figure.locator("[data-name]").first
        shown = state(figure)
        control.press("ArrowRight" if control.input_value() == "0" else "ArrowLeft")
        wait_for_change(figure, shown)
    page.wait_for_timeout(800 if page.locator(".slopes-explorer").count() else 0)  # the address follows the last move
    assert from_disk.elsewhere == []
    assert from_disk.complaints == []
