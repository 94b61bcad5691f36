"""For readers with a keyboard, a phone, a screen reader or a theme of strong contrast."""

import pytest

# Tabs through a page's own controls: what has the focus, and whether it shows.
FOCUSED = """() => {
  const element = document.activeElement, outline = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
  return [element.outerHTML.slice(0, 90), outline(getComputedStyle(element)) || outline(getComputedStyle(element, "::after"))];
}"""

# The least size of a letter in the figures of the page, as it is seen.
SMALLEST = """() => Math.min(...[...document.querySelectorAll(".panels > svg")].flatMap((svg) => {
  const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
  return [...svg.querySelectorAll("text")].map((text) => parseFloat(getComputedStyle(text).fontSize) * scale);
}), 99)"""

# Labels of figures that lie over one another, or beyond the page.
ASTRAY = """() => [...document.querySelectorAll(".panels > svg")].flatMap((svg) => {
  const wide = document.documentElement.clientWidth, found = [];
  const texts = [...svg.querySelectorAll("text")].filter((text) => text.textContent.trim()).map((text) => [text.textContent, text.getBoundingClientRect()]);
  texts.forEach(([words, box], i) => {
    if (box.right > wide + 0.5 || box.left < -0.5) found.push(`${words}: beyond the page`);
    for (const [others, other] of texts.slice(i + 1)) {
      const across = Math.min(box.right, other.right) - Math.max(box.left, other.left);
      const down = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
      if (across > 2 && down > 4) found.push(`${words} and ${others}: one over the other`);
    }
  });
  return found;
})"""

# Two frames later a page of another width is laid out.
LAID_OUT = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

# Every change of the caption, with whether it was to be spoken.
LISTEN = """(caption) => {
  window.heard = [];
  new MutationObserver(() => window.heard.push(caption.getAttribute("aria-live"))).observe(caption, { childList: true, characterData: true, subtree: true });
}"""


@pytest.fixture
def front(tabs, story):
    return tabs["network"].visit(story[0]).page


def test_whatever_has_the_focus_shows_it(front):
    for _ in range(45):
        front.keyboard.press("Tab")
        element, shown = front.evaluate(FOCUSED)
        assert shown, element


def test_text_in_figures_can_be_read_on_a_phone(seen):
    seen.page.set_viewport_size({"width": 360, "height": 800})
    assert seen.page.evaluate(SMALLEST) >= 10


@pytest.mark.parametrize("width", [360, 1280])
def test_labels_of_figures_have_room(seen, width):
    seen.page.set_viewport_size({"width": width, "height": 800})
    seen.page.add_style_tag(content=".slopes-figure { content-visibility: visible !important; }")
    seen.page.evaluate(LAID_OUT)
    assert seen.page.evaluate(ASTRAY) == []


def test_the_controls_stay_on_the_screen_of_a_phone_beside_what_they_move(front):
    front.set_viewport_size({"width": 360, "height": 640})
    figure = front.locator(".slopes-explorer").first
    figure.evaluate("(figure) => figure.scrollIntoView()")
    slider = figure.locator("input").first.bounding_box()
    assert 0 < figure.locator("svg").first.bounding_box()["y"] < slider["y"] + slider["height"] <= 640


def test_a_sentence_is_spoken_once_the_slider_rests(front):
    figure = front.locator(".slopes-explorer").first
    figure.locator("input").first.press("Home")
    front.wait_for_timeout(1000)
    figure.locator("figcaption > span").evaluate(LISTEN)
    for _ in range(4):
        figure.locator("input").first.press("ArrowRight")
    front.wait_for_timeout(1000)
    heard = front.evaluate("window.heard")
    assert heard.count("polite") == 1 and heard[-1] == "polite" and len(heard) > 4


def test_words_of_a_search_leave_figures_readable(tabs, story):
    page = tabs["network"].visit(next(name for name in story if "2_tails" in name)).page
    page.evaluate("localStorage.setItem('sphinx_highlight_terms', 'slope sigmoid')")
    page.reload()
    page.wait_for_selector("span.highlighted")
    try:
        marks = page.locator(".panels rect.highlighted")
        assert marks.count() > 0 and not any(mark.is_visible() for mark in marks.all())
    finally:
        page.evaluate("localStorage.clear()")


@pytest.mark.parametrize("button, dialog, width", [(".search-button-field", "Search", 1280), (".primary-toggle", "Contents of the book", 500)])
def test_a_dialog_has_a_name_and_leads_back(front, button, dialog, width):
    front.set_viewport_size({"width": width, "height": 800})
    opener = next(found for found in front.locator(button).all() if found.is_visible())
    opener.focus()
    front.keyboard.press("Enter")
    assert front.locator("dialog[open]").get_attribute("aria-label") == dialog
    front.keyboard.press("Escape")
    assert opener.evaluate("(button) => document.activeElement === button")


def test_the_button_of_the_theme_says_what_is_chosen(front):
    button, said = front.locator(".theme-switch-button").first, []
    for _ in range(3):
        button.click()
        said.append(button.get_attribute("aria-label"))
    front.evaluate("localStorage.clear()")
    assert sorted(said) == ["Theme: as the system", "Theme: dark", "Theme: light"]


def test_icons_and_figures_show_in_a_theme_of_strong_contrast(front):
    front.evaluate("document.documentElement.dataset.theme = 'light'")
    front.emulate_media(forced_colors="active", color_scheme="dark")
    try:
        icon = front.locator(".icon").first.evaluate("(icon) => [getComputedStyle(icon).backgroundColor, getComputedStyle(document.body).backgroundColor]")
        ink = front.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--slopes-ink')")
        assert icon[0] != icon[1] and ink.strip() == "#e8e6e1"
    finally:
        front.emulate_media(forced_colors="none", color_scheme="light")


def test_without_a_script_a_phone_has_the_contents(tabs, story):
    page = tabs["no scripts"].visit(next(name for name in story if "1_how_long" in name)).page
    page.set_viewport_size({"width": 360, "height": 800})
    link = page.locator(".bd-sidebar-primary a", has_text="Tails").first
    assert link.is_visible() and page.evaluate("document.documentElement.scrollWidth") <= 360


@pytest.mark.parametrize("button", [".search-button", ".primary-toggle", ".secondary-toggle"])
def test_a_dialog_leaves_a_phone_where_it_was(tabs, story, button):
    page = tabs["network"].visit(next(name for name in story if "1_how_long" in name)).page
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate("scrollTo({top: 5000, behavior: 'instant'})")
    before = page.evaluate("scrollY")
    page.locator(f"{button}:visible").first.evaluate("(button) => button.click()")  # page.click would scroll
    page.wait_for_selector("dialog[open]")
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")
    assert page.evaluate("scrollY") == before > 1000


def test_a_place_of_the_page_that_was_chosen_on_a_phone_is_shown(tabs, story):
    page = tabs["network"].visit(next(name for name in story if "1_how_long" in name)).page
    page.set_viewport_size({"width": 360, "height": 640})
    page.locator(".secondary-toggle:visible").first.click()
    link = page.locator("dialog[open] a[href^='#']").nth(2)
    place = link.get_attribute("href")
    link.click()
    page.wait_for_function("!document.querySelector('dialog[open]')")
    page.wait_for_function("(place) => Math.abs(document.querySelector(place).getBoundingClientRect().top) < 120", arg=place)


def test_a_search_by_its_keys_leads_back_to_the_text(front):
    front.set_viewport_size({"width": 1280, "height": 800})
    front.locator(".play").first.click()
    front.locator(".play").first.click()
    link = front.locator("article a[href]:visible").last
    link.focus()
    before = front.evaluate("scrollY")
    front.keyboard.press("Control+k")
    front.wait_for_selector("dialog[open]")
    front.keyboard.press("Escape")
    front.wait_for_function("!document.querySelector('dialog[open]')")
    assert link.evaluate("(link) => document.activeElement === link") and front.evaluate("scrollY") == before
