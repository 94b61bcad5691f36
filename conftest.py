"""Settings for every test: one thread for linear algebra, and what is compared when a notebook runs again."""

import os

# Two workers share two cores, and sums in one fixed order give the same digits every time.
for library in ("OMP", "OPENBLAS", "MKL", "VECLIB_MAXIMUM"):
    os.environ.setdefault(library + ("_THREADS" if "MAX" in library else "_NUM_THREADS"), "1")

# Drawings differ in their last digits between platforms, so a figure is compared by its sentence, which is
# computed from the same numbers. tests/test_notebooks.py sees to it that there is one.
DRAWN = ("image/svg+xml", "application/vnd.slopes.explorer+json", "application/vnd.jupyter.widget-view+json")


def pytest_collectstart(collector):
    if hasattr(collector, "skip_compare"):
        collector.skip_compare += DRAWN
