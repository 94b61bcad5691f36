"""How fast the package is, as ratios within one run: python -m slopes.bench

One thread on one core. What is compared is timed turn by turn, and a ratio is the median over the
turns, so that a machine that slows down for a while slows both.
"""

import importlib.util
import math
import os
import statistics
import sys
from itertools import cycle
from time import perf_counter

ONE_THREAD = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
ONE_THREAD["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"
NETWORKS = (([20] * 6, 200), ([20] * 7, 200), ([64, 30, 30, 30, 10], 1500))


def main():
    if any(os.environ.get(name) != value for name, value in ONE_THREAD.items()):
        os.execve(sys.executable, [sys.executable, "-m", "slopes.bench"], os.environ | ONE_THREAD)
    where = pin()
    print(f"One thread, {where}; {sys.platform}, Python {sys.version.split()[0]}, {libraries()}")
    for part in (sweep, map_of_basins, gradient, hessian_product, redraw):
        print(f"\n{part.__doc__}")
        for line in part():
            print("  " + line, flush=True)


def pin():
    """Keep this process on one core where the system allows it."""
    if not hasattr(os, "sched_setaffinity"):
        return "not pinned to a core (this system has no call for it)"
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return f"pinned to core {core}"


def libraries():
    import numpy as np

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    return f"NumPy {np.__version__} with {blas['name']} {blas['version']}"


def turns(rounds, **functions):
    """Seconds of each function in each round, the functions taking turns; a first round is not counted."""
    seconds = {name: [] for name in functions}
    for counted in [False] + [True] * rounds:
        for name, function in functions.items():
            start = perf_counter()
            function()
            if counted:
                seconds[name].append(perf_counter() - start)
    return seconds


def ratio(a, b):
    """The median over the rounds of a's time by b's."""
    return statistics.median(p / q for p, q in zip(a, b))


def wait(seconds):
    ms = 1e3 * statistics.median(seconds)
    return f"{ms:8.3f} ms" if ms < 10 else f"{ms:8.0f} ms"


def sweep():
    """A map of 200 x 200 runs of 200 steps of gradient descent (wanted: 30 times faster than a loop)"""
    import numpy as np

    from slopes.objectives import parabola
    from slopes.optimizers import GradientDescent, run

    eps, x0, f = np.linspace(0.01, 1.99, 200), np.linspace(-3, 3, 200), parabola()
    rows, cells = 10, 20  # of 200 and of 40,000: what the loops are timed on
    seconds = turns(
        7,
        one=lambda: run(GradientDescent(eps[:, None]), f, np.broadcast_to(x0, (200, 200)), 200, keep="last"),
        floats=lambda: [_follow(x, e, 200) for e in eps[::20].tolist() for x in x0.tolist()],
        each=lambda: [run(GradientDescent(eps[i]), f, x0[i], 200, keep="last") for i in range(0, 200, 10)],
    )
    floats, each = ([t * share for t in seconds[name]] for name, share in (("floats", 200 / rows), ("each", 40000 / cells)))
    yield f"one call of run                        {wait(seconds['one'])}"
    yield f"a loop over plain floats               {wait(floats)}   {ratio(floats, seconds['one']):7.0f} times as long"
    yield f"a loop that calls run for each cell    {wait(each)}   {ratio(each, seconds['one']):7.0f} times as long"


def map_of_basins():
    """Where 400 x 400 starts lead on Himmelblau's function (wanted: 1 s, and 30 times faster than a loop over starts)"""
    import numpy as np

    from slopes.basins import basins
    from slopes.landscapes import himmelblau
    from slopes.newton import AbsoluteNewton, Backtracking, CubicNewton, DampedNewton, TrustRegion
    from slopes.optimizers import Newton

    line, f, few = np.linspace(-6, 6, 400), himmelblau(), 20
    starts = np.stack(np.meshgrid(line, line), axis=-1)
    sample = starts.reshape(-1, 2)[:: 160_000 // few]
    for rule in (Newton(), Backtracking(Newton()), DampedNewton(10.0), AbsoluteNewton(), TrustRegion(1.0), CubicNewton(30.0)):
        seconds = turns(3, whole=lambda: basins(rule, f, starts), loop=lambda: [basins(rule, f, start) for start in sample])
        loop = [t * 160_000 / few for t in seconds["loop"]]
        yield f"{type(rule).__name__:18} {wait(seconds['whole'])}   a loop takes {ratio(loop, seconds['whole']):5.0f} times as long"


def _value(x):
    return 0.5 * x * x


def _grad(x):
    return x


def _follow(x, eps, steps, bound=1e12):
    for _ in range(steps):
        x = x - eps * _grad(x)
        if not (abs(x) <= bound and _value(x) < math.inf):
            break
    return x, _value(x), abs(_grad(x))


def gradient():
    """Value and gradient of a tanh network, squared error, float64 (wanted: at most 1 of JAX compiled at batch 200)"""
    import numpy as np

    for sizes, n in NETWORKS:
        net, x, y, theta = _problem(sizes, n)
        f = net.objective(x, y)
        peers = {name: make(net, x, y, theta) for name, make in PEERS.items() if importlib.util.find_spec(name)}
        for name, peer in peers.items():
            np.testing.assert_allclose(peer()[1], f.grad(theta), atol=1e-12, err_msg=f"{name} computes something else")
        seconds = turns(300, ours=lambda: f.at(theta).grad, **peers)
        line = f"{'-'.join(map(str, sizes)):21} x {n:<5} {wait(seconds['ours'])}"
        for name in peers:
            line += f"   {ratio(seconds['ours'], seconds[name]):5.2f} of {name} ({wait(seconds[name]).strip()})"
        yield line
    for name in PEERS:
        if not importlib.util.find_spec(name):
            yield f"{name} is not installed: to compare with it, pip install {name}"


def _problem(sizes, n):
    import numpy as np

    from slopes.network import Network

    rng, net = np.random.default_rng(0), Network(sizes)
    return net, rng.standard_normal((n, sizes[0])), rng.standard_normal((n, sizes[-1])), net.init(rng)


def _jax(net, x, y, theta):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss(weights, x, y):
        for w in weights[:-1]:
            x = jnp.tanh(x @ w[:-1] + w[-1])
        return jnp.sum((x @ weights[-1][:-1] + weights[-1][-1] - y) ** 2) / (2 * len(y))

    compiled = jax.jit(jax.value_and_grad(lambda theta, x, y: loss(net.weights(theta), x, y)))
    arrays = [jnp.asarray(a) for a in (theta, x, y)]
    return lambda: jax.block_until_ready(compiled(*arrays))


def _torch(net, x, y, theta):
    import torch

    torch.set_num_threads(1)
    x, y, theta = (torch.tensor(a) for a in (x, y, theta))
    theta.requires_grad_()

    def value_and_grad():
        a, weights = x, net.weights(theta)
        for w in weights[:-1]:
            a = torch.tanh(torch.addmm(w[-1], a, w[:-1]))
        loss = ((torch.addmm(weights[-1][-1], a, weights[-1][:-1]) - y) ** 2).sum() / (2 * len(y))
        return loss, torch.autograd.grad(loss, theta)[0]

    return value_and_grad


PEERS = {"jax": _jax, "torch": _torch}


def hessian_product():
    """A Hessian-vector product, in gradients (wanted: at most 2.5 cold, 1.6 warm), and a Gauss-Newton one (no more than warm)"""
    for sizes, n in NETWORKS:
        net, x, y, theta = _problem(sizes, n)
        f, v = net.objective(x, y), theta[::-1].copy()
        elsewhere = cycle([1.01 * theta, 0.99 * theta])
        seconds = turns(
            300,
            cold=lambda: f.hvp(next(elsewhere), v),
            gradient=lambda: f.at(theta).grad,
            after=lambda: f.hvp(theta, v),
            warm=lambda: f.hvp(theta, v),
            gauss_newton=lambda: f.gnvp(theta, v),
        )
        cold, after, warm, gauss_newton = (ratio(seconds[name], seconds["gradient"]) for name in ("cold", "after", "warm", "gauss_newton"))
        yield (f"{'-'.join(map(str, sizes)):21} x {n:<5} cold {cold:.2f}   "
               f"after the gradient there {after:.2f}   after another product there {warm:.2f}   Gauss-Newton {gauss_newton:.2f}")


def redraw():
    """A slider of a two-panel explorer moved in a live kernel (wanted: 30 ms)"""
    from slopes.explorers import step_length

    for make in (step_length.parabola, step_length.other_bowls):
        explorer = make()
        boxes = [box for box in _descendants(explorer.widget()) if hasattr(box, "index") and hasattr(box, "options")]

        def move(positions=cycle(range(len(boxes[-1].options)))):
            boxes[-1].index = next(positions)

        yield f"{explorer.name:21} {wait(turns(100, move=move)['move'])}"


def _descendants(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from _descendants(child)


if __name__ == "__main__":
    main()
