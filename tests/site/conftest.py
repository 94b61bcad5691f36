"""The built site, a server on this computer, a browser that finds no other host, and what it saw of each page."""

import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
SOURCES = ("_config.yml", "_toc.yml", "chapters/**/*", "code/slopes/book/**/*")
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BAD = ("error", "warning")  # what a console should not say
FLAGS = ["--no-sandbox", "--disable-gpu", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


def documents(entry):
    """The documents that a table of contents lists, in order."""
    if isinstance(entry, dict):
        own = [entry[key] for key in ("root", "file") if key in entry]
        return own + [d for key in ("parts", "chapters", "sections") for e in entry.get(key, []) for d in documents(e)]
    return []


CHAPTERS = [f"{document}.html" for document in documents(yaml.safe_load((ROOT / "_toc.yml").read_text()))]
PAGES = [*CHAPTERS, "search.html", "genindex.html"]


def pytest_generate_tests(metafunc):
    for fixture, pages in (("seen", PAGES), ("unscripted", CHAPTERS), ("from_disk", PAGES)):
        if fixture in metafunc.fixturenames:
            metafunc.parametrize(fixture, pages, indirect=True, scope="module")


@pytest.fixture(scope="session")
def story():
    """Every page of the contents, in order."""
    return CHAPTERS


@pytest.fixture(scope="session")
def site():
    """The folder of the built site: that of SLOPES_SITE, or else our own, built anew if it is not fresh."""
    if given := os.environ.get("SLOPES_SITE"):
        return Path(given)
    index = ROOT / "_build" / "html" / "index.html"
    newest = max(path.stat().st_mtime for pattern in SOURCES for path in ROOT.glob(pattern)
                 if path.is_file() and path.suffix != ".pyc")
    if not index.exists() or index.stat().st_mtime < newest:
        subprocess.run([sys.executable, "-m", "slopes.book.build"], cwd=ROOT, check=True)
    return index.parent


class Handler(http.server.SimpleHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")  # so that each page asks for all that it needs
        super().end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def address(site):
    """Where the site is served on this computer."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Handler, directory=site))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def browser():
    playwright = pytest.importorskip("playwright.sync_api").sync_playwright().start()
    found = [os.environ.get("CHROME_PATH"), *map(shutil.which, CHROMIUMS), playwright.chromium.executable_path]
    program = next((path for path in found if path and Path(path).exists()), None)
    if program is None:
        playwright.stop()
        pytest.skip(f"no Chromium here: install one of {', '.join(CHROMIUMS)}, or name yours in CHROME_PATH")
    chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
    yield chromium
    chromium.close()
    playwright.stop()


@pytest.fixture(scope="session")
def axe():
    """The script that looks for what keeps people from using a page."""
    package = pytest.importorskip("axe_playwright_python")
    return (Path(package.__file__).parent / "axe.min.js").read_text(encoding="utf-8")


@dataclass
class Visit:
    """An open page, and what it asked for and complained of since it was opened."""

    name: str
    base: str
    page: object
    requests: list = field(default_factory=list)
    complaints: list = field(default_factory=list)

    @property
    def elsewhere(self):
        """What was asked of other places. A browser asks for data: and blob: addresses of itself."""
        return [url for url in self.requests if not url.startswith((self.base, "data:", "blob:"))]

    @property
    def files(self):
        """The files of the site that were asked for."""
        return {re.split("[?#]", url)[0].removeprefix(self.base) for url in self.requests if url.startswith(self.base)}


class Tab:
    """A tab of the browser, and the visit of the page that it shows."""

    def __init__(self, browser, base, **settings):
        self.context = browser.new_context(viewport={"width": 1280, "height": 800}, **settings)
        self.base, self.page, self.seen = base, self.context.new_page(), None
        self.page.on("request", lambda request: self.seen.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.seen.complaints.append(str(error)))
        self.page.on("console", lambda m: self.seen.complaints.append(m.text) if m.type in BAD else None)

    def visit(self, name):
        self.seen = Visit("", self.base, self.page)
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": 1280, "height": 800})
        self.page.emulate_media(media="screen", color_scheme="light")
        self.seen = Visit(name, self.base, self.page)
        self.page.goto(self.base + name, wait_until="load")
        return self.seen


@pytest.fixture(scope="session")
def tabs(browser, address, site):
    """A tab for pages from the network, one without JavaScript, and one for pages from the disk."""
    disk = site.absolute().as_uri() + "/"
    return {"network": Tab(browser, address), "no scripts": Tab(browser, address, java_script_enabled=False),
            "disk": Tab(browser, disk)}


@pytest.fixture(scope="module")
def seen(request, tabs):
    """A page, as it comes over the network."""
    return tabs["network"].visit(request.param)


@pytest.fixture(scope="module")
def unscripted(request, tabs):
    """A page without JavaScript."""
    return tabs["no scripts"].visit(request.param)


@pytest.fixture(scope="module")
def from_disk(request, tabs):
    """A page opened as a file."""
    return tabs["disk"].visit(request.param)
