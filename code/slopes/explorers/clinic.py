"""Figures of chapter 3.5, The clinic."""

import numpy as np

from slopes import plots
from slopes.diagnosis import diagnose
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.patients import patient


def ward():
    """Patients with each disease, and healthy ones: what the report sees in each layer."""
    seeds = (0, 1, 2, 3, 4, 5)
    wards = ("saturated units", "healthy", "wrong step size", "dead or collapsed", "unscaled features", "exploding signal", "unscaled targets")
    cases = {(disease, seed): patient(disease, seed) for disease in wards for seed in seeds}
    reports = {key: diagnose(p.network, p.theta, p.x, p.y, step_size=p.step_size) for key, p in cases.items()}
    names = {f"ward {letter}": disease for letter, disease in zip("ABCDEFG", wards)}

    def ward(left, right):
        _frames(left, right)
        artists = _artists(left, right, animated=True)

        def move(disease, seed):
            report, p = reports[disease, seed], cases[disease, seed]
            _fill(artists, report)
            step = f"{report.step_sharpness:.2g}" if report.step_sharpness < 1e4 else f"{report.step_sharpness:.0e}"
            told = f"the report names {report.diagnosis} ({report.findings[0].certainty}): {report.findings[0].evidence}" if report.findings else "the report is silent: healthy"
            return (f"In this network of {len(p.network.shapes)} layers of {p.network.activation.name} eps times sharpness is {step}, the largest feature {report.feature_ratio:.3g} times the median; {told}.")

        return move

    return Explorer(ward, disease=Choice("ward", names), seed=Slider("patient", seeds, start=0))


def chart(report):
    """A report as a picture: the sizes of what moves each layer, and the shares that should be small or large."""
    def chart(left, right):
        _frames(left, right)
        _fill(_artists(left, right), report)
        pulls = [layer.elasticity for layer in report.layers]
        named = f"{report.diagnosis} ({report.findings[0].certainty})" if report.findings else "nothing"
        return (f"From the first layer to the last the elasticity goes from {pulls[0]:.2g} to {pulls[-1]:.2g}, and the spread between examples is at least "
                f"{min(layer.spread for layer in report.layers):.1e} of the signal; the report names {named}.")

    return Picture(chart)


def _frames(left, right):
    plots.frame(left, "sizes, as powers of ten", "from the input, 0, to the output, 1", xlim=(0, 1), ylim=(-9, 9))
    plots.frame(right, "shares", "from the input, 0, to the output, 1", xlim=(0, 1), ylim=(-0.05, 1.5))
    for ax, y, text, color in ((left, 7.9, "circles: elasticity", plots.NEWTON), (left, 6.6, "squares: |step| / |weights|", plots.DESCENT),
                               (right, 1.40, "circles: spread of the signal", plots.ADAPTIVE), (right, 1.28, "crosses: dead", plots.NEWTON),
                               (right, 1.16, "diamonds: saturated", plots.OTHER)):
        plots.label(ax, 0.01, y, text, color=color, dx=0)


def _artists(left, right, **kwargs):
    return [ax.plot([], [], style, color=color, ms=5, lw=1.0, **kwargs)[0] for ax, style, color in (
        (left, "o-", plots.NEWTON), (left, "s--", plots.DESCENT), (right, "o-", plots.ADAPTIVE), (right, "x", plots.NEWTON), (right, "D", plots.OTHER))]


def _fill(artists, report):
    for line, name in zip(artists, ("elasticity", "update", "spread", "dead", "saturated")):
        known = [((i - 0.5) / len(report.layers), getattr(layer, name)) for i, layer in enumerate(report.layers, 1) if getattr(layer, name) is not None]
        place, value = np.array(known, float).reshape(-1, 2).T
        value = np.clip(np.log10(np.maximum(value, 1e-30)), -8.8, 8.8) if name in ("elasticity", "update") else np.clip(value, 0, 1)
        line.set_data(place, value)


def losses(curves, constant):
    """The loss along training. curves: {name: (t,)}, at most four. constant: of the best prediction that is the same for all."""
    looks = ((plots.NEWTON, "o-"), (plots.DESCENT, "s--"), (plots.ADAPTIVE, "^-."), (plots.OTHER, "D:"))

    def losses(ax):
        most = max(map(len, curves.values())) - 1
        plots.frame(ax, "loss, as a share of the best constant's", "steps taken", logy=True, xlim=(0, most), ylim=(1e-2, 1e2))
        ends = []
        for (name, value), (color, style) in zip(curves.items(), looks):
            share = np.clip(value / constant[name], 1e-3, 1e3)
            ax.plot(share, style, color=color, lw=1.2, ms=4, markevery=max(1, most // 8))
            ends.append((len(share) - 1, share[-1], name, color))
        plots.end_labels(ax, ends)
        shares = ", ".join(f"{_share(value[-1] / constant[name])} ({name})" for name, value in curves.items())
        return f"After {most} steps the loss, as a share of that of the best constant, is {shares}."

    return Picture(losses, panel_height=2.9)


def _share(share):
    """A share in words; a run that jumps about does not deserve more digits."""
    if 0.5 < share < 0.95:
        return "between a half and 1"
    return f"{share:.2g}" if share < 1e3 else "beyond 1,000"
