"""The Sphinx side of the book: an extension that turns the notebooks into the site.

Listed in _config.yml, and never imported by a notebook. Its parts: `figures` (pictures and explorers),
`mathml` (formulas), `folds` (asides that open), `launch` (where the repository lives), `address`
(where the site is read), `reference` (the package), `claims` (and their evidence) and `pages`
(templates, styles, and what a page loads).
"""


def setup(app):
    from slopes.book import address, claims, figures, folds, launch, mathml, pages, reference

    for part in (address, claims, figures, mathml, folds, launch, pages, reference):
        part.setup(app)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
