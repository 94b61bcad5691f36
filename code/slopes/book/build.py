"""Build the site into _build/html: python -m slopes.book.build

Always all of it, with warnings as errors: Sphinx repeats no warning for a page it leaves as it was, so
a partial build can pass with a page that is wrong.
"""

import sys
from contextlib import redirect_stdout
from io import StringIO

from jupyter_book.cli.main import main as jupyter_book

BUILD = ("build", ".", "--all", "--warningiserror", "--keep-going", "--quiet")


def main():
    print("Building the book; warnings are errors ...", flush=True)
    try:
        with redirect_stdout(StringIO()):  # what is wrong goes to stderr
            jupyter_book(BUILD, standalone_mode=False)
    except (RuntimeError, SystemExit):
        sys.exit("The book was not built: the reasons are above.")


if __name__ == "__main__":
    main()
