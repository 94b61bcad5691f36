"""The font of the book's formulas: a subset of STIX Two Math, small enough to be sent to every reader.

    python -m slopes.book.mathfont STIXTwoMath-Regular.ttf

makes static/fonts/stix-two-math.woff2 anew (it needs fonttools and brotli; the PyPI package ziamath
carries the source font). Nothing else uses this module but the check that the font has every
character of every formula.
"""

import sys
from pathlib import Path

TARGET = Path(__file__).parent / "static" / "fonts" / "stix-two-math.woff2"

_RANGES = """
    0020-007E 00A0 00AC 00AF-00B1 00B7 00D7 00F7 02C6 02C7 02D8-02DC 0302-0304 0307 0308 0332 0338 20D7
    0391-03A9 03B1-03C9 03D1 03D5 03D6 03F0 03F1 03F5
    2013 2014 2016 2020 2021 2026 2032-2034 2061-2064
    2102 210B-210E 2110 2112 2115 2119 211A-211D 2124 212C 2130 2131 2133
    2190-2194 2197 2198 21A6 21D0 21D2 21D4 27F6
    2200 2202-2205 2207-2209 220B 220F 2211-2213 2217 2218 221A 221D 221E 2223 2225 2227-222B 223C
    2243 2245 2248 2254 2260 2261 2264 2265 226A 226B 2272 2273 2282 2283 2286 2287
    2295 2297 2299 22A4 22A5 22C5 22C6 22EE 22EF 22F1 2308-230B 23DE 23DF 25A1 27E8 27E9 2A7D 2A7E FE00
    1D400-1D454 1D456-1D467 1D482-1D49B 1D49C 1D49E 1D49F 1D4A2 1D4A5 1D4A6 1D4A9-1D4AC 1D4AE-1D4B5
    1D538 1D539 1D53B-1D53E 1D540-1D544 1D546 1D54A-1D550 1D5B3 1D6A4 1D6A5 1D6E2-1D71B
"""

PRIMES = (0x2032, 0x2033, 0x2034)


def characters():
    """The code points that the font has."""
    ends = [[int(end, 16) for end in entry.split("-")] for entry in _RANGES.split()]
    return {point for end in ends for point in range(end[0], end[-1] + 1)}


def make(source, target=TARGET):
    """Write the subset of the font file `source`, with its table of mathematical spacing.

    Two changes fit it to browsers. They set a prime as a superscript without asking for the glyph
    meant for that, so it becomes the usual one. And Chromium leaves as much room for a radical as its widest
    form takes, so the tall forms are made as narrow as the others.
    """
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    font = TTFont(source)
    _use_script_primes(font)
    _narrow_radicals(font)
    subsetter = Subsetter(Options(layout_features=["dtls"], hinting=False))
    subsetter.populate(unicodes=characters())
    subsetter.subset(font)
    font.flavor = "woff2"
    font.save(target)


def _use_script_primes(font):
    lookups = font["GSUB"].table.LookupList.Lookup
    scripts = {i for r in font["GSUB"].table.FeatureList.FeatureRecord if r.FeatureTag == "ssty"
               for i in r.Feature.LookupListIndex}
    forms = {}
    for i in scripts:
        for table in lookups[i].SubTable:
            table = getattr(table, "ExtSubTable", table)
            forms |= {k: v[0] for k, v in getattr(table, "alternates", {}).items()} | getattr(table, "mapping", {})
    for table in font["cmap"].tables:
        for prime in set(PRIMES) & set(getattr(table, "cmap", {})):
            table.cmap[prime] = forms.get(table.cmap[prime], table.cmap[prime])


def _narrow_radicals(font, widest=1.06):
    variants = font["MATH"].table.MathVariants
    radical = font.getBestCmap()[0x221A]
    construction = variants.VertGlyphConstruction[variants.VertGlyphCoverage.glyphs.index(radical)]
    construction.GlyphAssembly = None
    width = round(widest * font["hmtx"][radical][0])
    for record in construction.MathGlyphVariantRecord[1:]:
        glyph, (advance, bearing) = font["glyf"][record.VariantGlyph], font["hmtx"][record.VariantGlyph]
        glyph.coordinates.scale((width / advance, 1))
        glyph.coordinates.toInt()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][record.VariantGlyph] = (width, round(bearing * width / advance))


if __name__ == "__main__":
    make(*sys.argv[1:])
