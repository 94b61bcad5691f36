"""Figures of chapter 2.3, What a second derivative costs."""

import numpy as np

from slopes import costs, plots
from slopes.conjugate import conjugate_gradients
from slopes.figures import Choice, Explorer, Picture, Slider
from slopes.theory import best_step

LOOKS = {"Newton": (plots.NEWTON, "-"), "L-BFGS": (plots.ADAPTIVE, "-."), "Adam": (plots.OTHER, ":"), "Kronecker factors": (plots.DESCENT, "--")}
LIMITS = {"a laptop, 16 GB": 16e9, "an accelerator, 80 GB": 80e9}


def price():
    """What a method keeps, in bytes, for models from 10 to 10^12 parameters."""
    sizes = [int(round(10 ** (half / 2))) for half in range(2, 25)]
    shown = ("Newton", "L-BFGS", "Adam")

    def price(ax):
        plots.frame(ax, "bytes kept beside parameters and gradient", "parameters", logx=True, logy=True, xlim=(10, 1e12), ylim=(10, 1e26))
        for name, limit in LIMITS.items():
            ax.axhline(limit, color=plots.MUTED, lw=0.8)
            plots.label(ax, 12, limit, name, color=plots.MUTED, dx=0, dy=3 if limit > 5e10 else -12)
        lines = {method: ax.plot([], [], LOOKS[method][1], color=LOOKS[method][0], animated=True)[0] for method in shown}
        for method, at, power in zip(shown, (1e8, 1e12, 1e9), (2, 1, 1)):
            plots.label(ax, at, (8 if power == 2 else 160 if method == "L-BFGS" else 16) * at**power, method, color=LOOKS[method][0],
                        dx=-8 if method != "Adam" else 4, dy=5 if method != "Adam" else -14, ha="right" if method != "Adam" else "left")
        (here,) = ax.plot([], [], color=plots.PREDICTION, lw=1.0, animated=True)
        (marks,) = ax.plot([], [], "D", color=plots.PREDICTION, ms=5, animated=True)
        ends = np.array([10, 10**12], dtype=object)

        def move(n, itemsize):
            kept = {method: itemsize * costs.numbers_kept(method, n) for method in shown}
            for method, line in lines.items():
                line.set_data(ends.astype(float), [float(itemsize * costs.numbers_kept(method, int(end))) for end in ends])
            here.set_data([n, n], [10, 1e26])
            marks.set_data([n] * len(kept), [float(count) for count in kept.values()])
            return (f"With {_count(n)} parameters the Hessian takes {costs.in_bytes(kept['Newton'])} and a solution with it {_power(costs.cholesky_flops(n))} operations, "
                    f"{_time(costs.cholesky_flops(n) / 1e15)} at 10¹⁵ a second; L-BFGS, which we meet below, keeps {costs.in_bytes(kept['L-BFGS'])}, Adam {costs.in_bytes(kept['Adam'])}.")

        return move

    return Explorer(
        price,
        panel_height=3.2,
        n=Slider("parameters", tuple(sizes), start=10**6, text=_count),
        itemsize=Choice("numbers", {"float32": 4, "float64": 8}),
    )


def _count(n):
    """A number of parameters as people say it: 3.2 million."""
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if n >= size:
            return f"{n / size:.3g} {word}"
    return f"{float(f'{n:.3g}'):,.0f}"


def _power(number):
    digits = len(str(int(number))) - 1
    return f"{number / 10**digits:.1f} × {plots.power_of_ten(10.0**digits)}" if digits > 3 else f"{number:,}"


def _time(seconds):
    for length, unit in ((3.156e7, "years"), (86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds")):
        if seconds >= length:
            many = seconds / length
            return f"{many:.3g} {unit}" if many < 1e4 else f"{many:.0e} {unit}"
    return "less than a second"


def _apart(values):
    """Values to the nearest fiftieth of a power of ten, each once: on a log axis one mark for those that fall together."""
    return 10.0 ** np.unique(np.round(50 * np.log10(values)) / 50)


def eigenvalues_and_products():
    """Conjugate gradients on matrices with one condition number and different eigenvalues in between."""
    n, most = 200, 40

    def spread(kind, kappa):
        if kind == "spread evenly":
            return np.geomspace(1.0, kappa, n)
        if kind == "two clusters":
            return np.concatenate([np.linspace(1.0, 1.05, n // 2), np.linspace(0.95 * kappa, kappa, n // 2)])
        return np.concatenate([np.linspace(1.0, 1.5, n - 9), np.geomspace(kappa / 10, kappa, 9)])

    def eigenvalues_and_products(left, right):
        plots.frame(left, "the eigenvalues", "eigenvalue", logx=True, xlim=(0.7, 2e4), ylim=(0, 1))
        left.set_yticks([])
        plots.frame(right, "residual, as a share of the first", "products", logy=True, xlim=(0, most), ylim=(1e-10, 1e3))
        (marks,) = left.plot([], [], "|", color=plots.NEWTON, ms=40, mew=1.0, animated=True)
        (fall,) = right.plot([], [], "o-", color=plots.NEWTON, lw=1.0, ms=3, animated=True)
        (bound,) = right.plot([], [], "--", color=plots.PREDICTION, animated=True)
        ticks = np.arange(most + 1)

        def move(kind, kappa):
            h, b = spread(kind, kappa), np.random.default_rng(0).standard_normal(n)
            found = conjugate_gradients(lambda v: h * v, b, tolerance=1e-8, max_products=most)
            descent = np.linalg.norm((1 - best_step(1.0, kappa) * h) ** most * b) / np.linalg.norm(b)
            share = found.residuals / found.residuals[0]
            rate = (np.sqrt(kappa) - 1) / (np.sqrt(kappa) + 1)
            seen = _apart(h)
            marks.set_data(seen, np.full(len(seen), 0.5))
            fall.set_data(ticks[: len(share)], np.maximum(share, 1e-12))
            bound.set_data(ticks, np.maximum(2 * np.sqrt(kappa) * rate**ticks, 1e-12))
            end = f"after {_roughly(found.products)} products the residual is below 10⁻⁸" if found.converged else (
                f"after {most} products {share[-1]:.3g} of the residual is left")
            return f"With {n} eigenvalues, {kind}, and kappa = {kappa:,.0f}, {end}; gradient descent leaves {descent:.2g} of it after {most} steps."

        return move

    return Explorer(
        eigenvalues_and_products,
        kind=Choice("eigenvalues", {kind: kind for kind in ("spread evenly", "two clusters", "nine outliers and a bulk")}, start="nine outliers and a bulk"),
        kappa=Slider("kappa", (10, 100, 1000, 10_000), start=1000, text=",.0f"),
    )


def spectra(before, after, nodes, weights, sizes):
    """Hessian eigenvalues of a small network before and after training, whole, and of a larger one by Lanczos.

    before, after: (n,). nodes, weights: (k,) each, of `curvature.spectral_density`. sizes: parameters of both networks.
    """
    edges = np.linspace(-0.5, 4.0, 91)

    def spectra(left, right):
        plots.frame(left, f"{sizes[0]:,} parameters, all eigenvalues", "eigenvalue", "how many", logy=True, xlim=(-0.5, 4), ylim=(0.7, 1000))
        for values, color, dash, name in ((before, plots.MUTED, "--", "before, dashed"), (after, plots.NEWTON, "-", "after training")):
            count, _ = np.histogram(values, edges)
            left.stairs(np.where(count > 0, count, 0.5), edges, color=color, ls=dash, lw=1.3)
            plots.label(left, 1.9, 260 if values is before else 90, name, color=color)
        plots.frame(right, f"{sizes[1]:,} parameters, by products", "eigenvalue", "share", logy=True, xlim=(-0.5, 4), ylim=(1e-5, 3))
        share, _ = np.histogram(nodes, edges, weights=weights)
        right.stairs(np.maximum(share, 1e-6), edges, color=plots.NEWTON, lw=1.3)
        top = np.sort(after)[::-1]
        apart = 1 + int(np.argmax(top[:19] / top[1:20]))
        return (f"Of the {len(after)} eigenvalues of the trained small network the {apart} largest, from {top[0]:.1f} down to {top[apart - 1]:.2f}, stand apart from all others, and "
                f"{np.mean(np.abs(after) < 0.05 * top[0]):.0%} lie nearer to 0 than a twentieth of the largest; in the larger network, whose largest is {nodes.max():.1f}, "
                f"{weights[np.abs(nodes) < 0.05 * nodes.max()].sum():.1%} do.")

    return Picture(spectra)


def _roughly(count):
    """A count that rounding moves by one or two, where it is large."""
    return str(count) if count < 10 else f"about {round(count, -1)}"


def race_course(laps, budget):
    """The loss against what was spent, in gradients. laps: {name: Lap}, at most five."""
    colors = (plots.DESCENT, plots.OTHER, plots.ADAPTIVE, plots.NEWTON, plots.PREDICTION)
    places = ((0.55, 6), (0.45, -13), (0.3, -13), (0.55, 8), (0.6, 4))
    looks = list(zip(laps.items(), colors, ("-", ":", "-.", "--", (0, (6, 1, 1, 1))), "o^sDv", places))

    def race_course(ax):
        plots.frame(ax, "loss", "spent, in gradients", logy=True, xlim=(0, budget), ylim=(1e-6, 5))
        for (name, lap), color, dash, mark, (share, dy) in looks:
            inside = (lap.cost <= budget) & (lap.value > 1e-7)
            ax.plot(lap.cost[inside], lap.value[inside], ls=dash, color=color, lw=1.4, marker=mark, markevery=max(1, inside.sum() // 8), ms=4)
            at = np.argmin(np.abs(lap.cost - share * budget))
            low = name == "L-BFGS"
            plots.label(ax, lap.cost[at], lap.value[at], name, color=color, dx=-6 if low else 2, dy=dy, ha="right" if low else "left")
        half = budget / 2
        order = sorted(laps, key=lambda name: laps[name].at(half))
        return (f"For {half:g} gradients the loss comes from {laps[order[0]].value[0]:.1f} down to "
                + ", ".join(f"{laps[name].at(half):.0e} ({name})" for name in order) + ".")

    return Picture(race_course, panel_height=3.2)


def noisy_race(whole, batches):
    """The loss on all examples along runs that see a few at a time. whole: {name: (t,)}. batches: steps between the values."""
    def noisy_race(ax):
        most = max(map(len, whole.values())) - 1
        plots.frame(ax, "loss on all examples", "steps, each on a few examples", logy=True, xlim=(0, most * batches), ylim=(1e-3, 1e3))
        looks = zip(whole.items(), (plots.ADAPTIVE, plots.OTHER, plots.DESCENT), ("s-.", "^:", "o-"), (12, -21, -12))
        for (name, value), color, style, dy in looks:
            ax.plot(np.arange(len(value)) * batches, np.clip(value, 1e-4, 1e4), style, color=color, lw=1.2, ms=3.5, markevery=4)
            at = min(int(0.62 * most), int(np.argmax(value > 1e3)) or most)
            plots.label(ax, at * batches, min(value[at], 1e3), name, color=color, dx=6, dy=dy)
        late = {name: np.median(value[-10:]) for name, value in whole.items()}
        ends = ", ".join(f"about {plots.power_of_ten(10.0 ** round(np.log10(end)))} ({name})" if end < 1e3 else f"beyond 1,000 ({name})"
                         for name, end in late.items())
        return f"At the last ten of the points shown the median of the loss is {ends}."

    return Picture(noisy_race, panel_height=2.9)
