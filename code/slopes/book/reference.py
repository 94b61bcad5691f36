"""The reference of the package: every public function and class with its docstring, and the chapters that use it."""

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

import nbformat
from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

import slopes

_APART = ("book", "bench", "widgets", "svg", "bitmap", "explorers", "exercises")  # not called from a notebook by name


def setup(app):
    app.add_directive("package-reference", PackageReference)


def modules():
    """The modules of the package that a notebook may import from, by name, in alphabetical order."""
    return [name for _, name, _ in pkgutil.iter_modules(slopes.__path__) if name not in _APART]


def public(name):
    """The public functions and classes that a module defines, in the order in which it defines them."""
    module = importlib.import_module(f"slopes.{name}")
    own = [(key, value) for key, value in vars(module).items()
           if not key.startswith("_") and (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module.__name__]
    return sorted(((key, value) for key, value in own if key == value.__name__), key=lambda item: inspect.getsourcelines(item[1])[1])


def uses(folder, documents):
    """{(module, name): documents}, from the imports and the attributes in the code cells of these notebooks in a folder."""
    found = {}
    for document in sorted(documents):
        path = Path(folder) / f"{document}.ipynb"
        if not path.exists():
            continue
        code = "\n".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "code")
        names = {(node.module.removeprefix("slopes").lstrip("."), alias.name) for node in ast.walk(ast.parse(code))
                 if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "slopes" for alias in node.names}
        whole = {name for module, name in names if not module}
        names |= {(module, name) for module in whole for name in re.findall(rf"\b{module}\.(\w+)", code)}
        for pair in names:
            found.setdefault(pair, []).append(document)
    return found


class PackageReference(SphinxDirective):
    """A section for each module, and in it an entry for each function and class."""

    def run(self):
        used = uses(self.env.srcdir, self.env.found_docs)
        return [self._section(name, used) for name in modules() if public(name)]

    def _section(self, name, used):
        module = importlib.import_module(f"slopes.{name}")
        self.env.note_dependency(module.__file__)
        section = nodes.section(ids=[f"slopes-{name}"], names=[])
        section += nodes.title("", f"slopes.{name}")
        section += _paragraph(module.__doc__.split("\n\n")[0])
        entries = nodes.definition_list()
        for key, value in public(name):
            entries += self._entry(name, key, value, used.get((name, key), []))
        section += entries
        return section

    def _entry(self, module, name, value, documents):
        item, body = nodes.definition_list_item(), nodes.definition()
        anchor = f"slopes-{module}-{name}".replace("_", "-")
        item += nodes.term("", "", nodes.literal("", f"{name}{_signature(value)}"), ids=[anchor])
        for part in inspect.getdoc(value).split("\n\n"):
            body += _paragraph(part)
        if documents:
            used_in = nodes.paragraph("", "Used in ")
            for i, document in enumerate(documents):
                used_in += nodes.Text(", " if i else "")
                used_in += self._link(document)
            used_in += nodes.Text(".")
            body += used_in
        item += body
        return item

    def _link(self, document):
        return addnodes.pending_xref("", nodes.inline("", document), refdomain="std", reftype="doc", refexplicit=False,
                                     reftarget="/" + document, refdoc=self.env.docname, refwarn=True)


def _paragraph(text):
    """A paragraph of a docstring, with what stands in backticks as code."""
    paragraph = nodes.paragraph()
    for i, part in enumerate(text.replace("\n", " ").split("`")):
        paragraph += nodes.literal("", part) if i % 2 else nodes.Text(part)
    return paragraph


def _signature(value):
    """The arguments of a function or class with their defaults, without annotations."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except ValueError:  # a subclass of a built-in type
        return "(…)"
    plain = [p.replace(annotation=p.empty) for p in parameters]
    shown = [p for p in plain if not p.name.startswith("_")]
    return str(inspect.Signature(shown)).replace("'", '"')
