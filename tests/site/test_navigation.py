"""Finding one's way: links, anchors, titles, search and the switch between light and dark."""

import re
from collections import Counter
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import pytest


class Read(HTMLParser):
    """The ids, the links, the title and the description of a page."""

    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.title, self.language, self.description = [], [], "", None, None
        self._in_title = False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes[name] for name in ("href", "src") if attributes.get(name)]
        self._in_title = tag == "title" and not self.title
        if tag == "html":
            self.language = attributes.get("lang")
        if tag == "meta" and attributes.get("name") == "description":
            self.description = attributes["content"]

    def handle_data(self, data):
        if self._in_title:
            self.title += data

    def handle_endtag(self, tag):
        self._in_title = False


@pytest.fixture(scope="module")
def pages(site):
    """Every page of the site, read, by its path."""
    return {path: Read(path.read_text(encoding="utf-8")) for path in site.resolve().rglob("*.html")}


def test_links_and_anchors_lead_somewhere(pages, site):
    astray = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor = unquote(parts.fragment)
            if not target.is_file() or (anchor and target in pages and anchor not in pages[target].ids):
                astray.append(f"{path.name}: {link}")
    assert astray == []


def test_ids_are_unique_on_their_page(pages):
    for path, page in pages.items():
        assert [name for name, count in Counter(page.ids).items() if count > 1] == [], path


def test_every_page_has_a_language_and_a_title_of_its_own(pages, site):
    titles = [page.title.strip() for path, page in pages.items() if path != site.resolve() / "index.html"]
    assert all(titles) and len(set(titles)) == len(titles)
    assert all(page.language == "en" for page in pages.values())


def test_every_chapter_is_described(pages):
    described = [page.description for path, page in pages.items() if "chapters" in path.parts]
    assert all(text and len(text) > 40 and "\\" not in text and not re.search(r"\[\d", text) for text in described)


def test_the_first_address_leads_to_the_front_page(tabs):
    page = tabs["network"].visit("index.html").page
    page.wait_for_url("**/chapters/index.html", timeout=3000)


def test_search_finds_the_chapters(tabs):
    visit = tabs["network"].visit("search.html?q=gradient+descent")
    visit.page.wait_for_selector("#search-results li a", timeout=5000)
    assert visit.page.locator("#search-results li a").count() > 1
    assert visit.elsewhere == [] and visit.complaints == []


@pytest.mark.parametrize("words, wanted", [
    ("vanishing gradient", "A product of slopes"), ("learning rate", "Notation and glossary"), ("dying ReLU", "Notation and glossary"),
    ("saddle", "When Newton is wrong"), ("Adam", "Scaling by hand, scaling by rule"),
])
def test_search_finds_what_a_reader_would_type(tabs, words, wanted):
    visit = tabs["network"].visit(f"search.html?q={words.replace(' ', '+')}")
    visit.page.wait_for_selector("#search-results li a", timeout=5000)
    visit.page.wait_for_function("wanted => document.querySelector('#search-results').innerText.includes(wanted)", arg=wanted, timeout=5000)


def test_search_works_from_disk(tabs):
    visit = tabs["disk"].visit("search.html?q=gradient+descent")
    visit.page.wait_for_selector("#search-results li a", timeout=5000)
    assert visit.complaints == []


def test_the_switch_goes_through_light_dark_and_the_systems_choice(tabs):
    page = tabs["network"].visit("chapters/index.html").page
    try:
        modes = []
        for _ in range(3):
            page.locator(".theme-switch-button").first.click()
            modes.append(page.evaluate("document.documentElement.dataset.mode"))
        assert sorted(modes) == ["auto", "dark", "light"]
        page.evaluate("localStorage.setItem('mode', 'dark')")
        page.reload()
        assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    finally:
        page.evaluate("localStorage.clear()")


def test_the_contents_open_on_a_phone(tabs):
    page = tabs["network"].visit("chapters/index.html").page
    page.set_viewport_size({"width": 360, "height": 740})
    contents = page.locator(".bd-docs-nav")
    contents.wait_for(state="hidden", timeout=3000)
    page.locator(".primary-toggle").first.click()
    contents.wait_for(state="visible", timeout=3000)
    page.keyboard.press("Escape")
    contents.wait_for(state="hidden", timeout=3000)


def test_the_menu_of_a_notebook_offers_its_download(tabs, site):
    notebook = next(path for path in sorted(site.rglob("*.html")) if "slopes-explorer" in path.read_text("utf-8"))
    page = tabs["network"].visit(notebook.relative_to(site).as_posix()).page
    page.locator(".slopes-menu-button").click()
    link = page.locator(".slopes-menu a", has_text="Download").first
    assert link.is_visible() and link.get_attribute("href").endswith(".ipynb")


def test_a_folded_cell_is_opened_from_the_keyboard_and_named_by_its_words(tabs):
    page = tabs["network"].visit("chapters/tails/5_the_clinic.html").page
    summary = page.get_by_text("How A was made", exact=True)
    code = page.locator("details").filter(has=summary).locator("pre")
    assert summary.get_attribute("aria-label") is None and not code.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    assert code.is_visible()


def test_next_and_previous_follow_the_story(site, story):
    """From the front page through every chapter in the order of the contents, and back."""
    for start, relation, pages in ((story[0], "next", story), (story[-1], "prev", story[::-1])):
        seen, path = [start], (site / start).resolve()
        while link := re.search(rf'rel="{relation}" href="([^"#]+)"', path.read_text(encoding="utf-8").split('class="prev-next-area"')[1]):
            path = (path.parent / link[1]).resolve()
            seen.append(str(path.relative_to(site.resolve())))
        assert seen == pages
