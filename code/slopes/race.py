"""A fair race: every method on one network, with what it computes counted in gradients."""

from dataclasses import dataclass
from numbers import Real

import numpy as np

from slopes import costs
from slopes.checks import positive
from slopes.network import Network
from slopes.objectives import Objective
from slopes.optimizers import run


@dataclass(frozen=True)
class Lap:
    """cost: (t,), what had been spent when each iterate was reached, in gradients. value: (t,), of the loss there."""

    cost: np.ndarray
    value: np.ndarray

    def at(self, budget):
        """The least loss that was reached for at most this many gradients; where a run ended at no number, the least before."""
        if not budget >= self.cost[0]:
            raise ValueError(f"nothing was reached for {budget} gradients: the start alone took {self.cost[0]:.3g}")
        return float(np.nanmin(self.value[self.cost <= budget]))


def race(network, x, y, x0, rules, budget):
    """Follow each rule on the loss of a network until it has spent `budget` gradients.

    rules: {name: rule}, or {name: (rule, flops)} with what the rule spends in a step outside the objective.
    A value, a gradient and a product count by the flops of their matrix products, in units of one
    gradient. Returns {name: Lap}. Where a run diverges its lap ends.
    """
    if positive("budget", budget).ndim:
        raise ValueError(f"budget must be one positive number of gradients, got {budget}")
    if not isinstance(network, Network):
        raise TypeError(f"network must be a Network, got {network!r}")
    if np.shape(x0) != (network.n_params,):
        raise ValueError(f"all race from one start of shape ({network.n_params},), got shape {np.shape(x0)}")
    one = costs.gradient_flops(network.sizes, len(x))
    laps = {}
    for name, entry in rules.items():
        rule, extra = entry if isinstance(entry, tuple) and len(entry) == 2 else (entry, 0)
        if not (isinstance(extra, Real) and extra >= 0):
            raise ValueError(f"the flops that {name!r} spends beside the objective must be a number, at least 0, got {extra!r}")
        laps[name] = _lap(counted(network, x, y), rule, extra / one, x0, budget)
    return laps


def counted(network, x, y):
    """The loss of a network as an objective whose `spent` says what its use has cost, in gradients.

    A product is charged for itself alone: at its point a gradient has to be taken before, as every rule here does.
    """
    f, flops = network.objective(x, y), lambda count: count(network.sizes, len(x))
    gradient = flops(costs.gradient_flops)

    def charging(function, count):
        def charged(*arguments):
            objective.spent += flops(count) / gradient
            return function(*arguments)

        return charged

    objective = Objective(
        f.name,
        charging(f.value, costs.forward_flops),
        f.grad,
        hvp=charging(f.hvp, costs.hessian_product_flops),
        gnvp=charging(f.gnvp, costs.gauss_newton_product_flops),
        value_and_grad=charging(lambda x: _both(f.at(x)), costs.gradient_flops),
        point_shape=f.point_shape,
    )
    objective.spent = 0.0
    return objective


def _both(at):
    grad = at.grad
    return at.value, grad


def _lap(objective, rule, extra, x0, budget):
    cost, value = [], []

    def spent(at):
        cost.append(objective.spent + extra * len(cost))
        value.append(float(at.value))
        return cost[-1] >= budget

    run(rule, objective, x0, int(budget), until=spent, keep="last")
    return Lap(np.array(cost), np.array(value))
