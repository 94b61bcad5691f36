"""The theme's style sheets as one file of the rules that this site can use.

The theme brings 420 kB of rules, most of them for parts that no page here has, and a page cannot
be drawn before they are read. A rule stays if each class and id it names is in some page or script.
"""

import re
from pathlib import Path

SOURCES = ("styles/pydata-sphinx-theme.css", "pygments.css", "styles/sphinx-book-theme.css", "copybutton.css",
           "mystnb.*.css", "sphinx-design.min.css")
TARGET = "theme.css"

_COMMENT = re.compile(r"/\*(?!!).*?\*/", re.DOTALL)
_TOKEN = re.compile(r'"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|/\*.*?\*/|[{};]', re.DOTALL)
_ATTRIBUTE = re.compile(r'\b(?:class|id)="([^"]*)"')
_WORD = re.compile(r"[\w-]+")
_NAMED = re.compile(r"[.#](-?[A-Za-z_][\w-]*)")
_ARGUMENT = re.compile(r"\([^()]*\)")


def bundle(site):
    """Write _static/theme.css for the built site in the folder `site`."""
    static = Path(site) / "_static"
    sources = [path for pattern in SOURCES for path in sorted(static.glob(pattern))]
    css = "\n".join(path.read_text(encoding="utf-8").replace('@charset "UTF-8";', "") for path in sources)
    (static / TARGET).write_text(prune(css, words(site)), encoding="utf-8")


def words(site):
    """Every class and id of the pages of a site, and every word of its scripts, which may set them."""
    found = set()
    for page in Path(site).rglob("*.html"):
        for names in _ATTRIBUTE.findall(page.read_text(encoding="utf-8")):
            found.update(names.split())
    for script in (Path(site) / "_static").rglob("*.js"):
        found.update(_WORD.findall(script.read_text(encoding="utf-8")))
    return found


def prune(css, used):
    """The rules of a style sheet that name no class and no id outside `used`, and no font."""
    kept = []
    for prelude, body in _rules(_COMMENT.sub("", css)):
        if body is None:
            kept.append(prelude)
        elif prelude.startswith(("@media", "@supports")):
            if inner := prune(body, used):
                kept.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            kept.append(f"{prelude}{{{body}}}" * (not prelude.startswith("@font-face")))
        elif selectors := [s for s in _split(prelude) if used.issuperset(_names(s))]:
            kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _rules(css):
    """(prelude, body) of each rule at the top, and (statement, None) of each statement."""
    start = opened = depth = 0
    for token in _TOKEN.finditer(css):
        match token[0]:
            case "{":
                opened = opened if depth else token.end()
                depth += 1
            case "}":
                depth -= 1
                if depth == 0:
                    yield css[start:opened - 1].strip(), css[opened:token.start()]
                    start = token.end()
            case ";" if depth == 0:
                yield css[start:token.end()].strip(), None
                start = token.end()
            case comment if comment.startswith("/*") and depth == 0 and not css[start:token.start()].strip():
                yield comment, None
                start = token.end()


def _split(selectors):
    """The selectors of a list, at the commas outside brackets."""
    flat = re.sub(r"\([^()]*(?:\([^()]*\)[^()]*)*\)", lambda m: m[0].replace(",", "\0"), selectors)
    return [selector.replace("\0", ",").strip() for selector in flat.split(",")]


def _names(selector):
    """The classes and ids that a selector cannot do without: those outside :not() and :is()."""
    previous, bare = None, selector.replace("\\", "")
    while bare != previous:
        previous, bare = bare, _ARGUMENT.sub("", bare)
    return _NAMED.findall(re.sub(r"\[[^]]*\]", "", bare))
