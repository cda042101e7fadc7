"""A simulated acceleration signal of a rotating machine with a damaged bearing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 12_000.0  # samples per second
SHAFT = 1797 / 60  # turns per second
BALLS, BALL, PITCH = 9, 7.94, 39.04  # a 6205 deep groove ball bearing: number, diameter and pitch diameter in mm
BPFI = BALLS / 2 * (1 + BALL / PITCH)  # ball pass frequency of the inner race, per turn of the shaft: 5.42
_HARMONICS = ((1, 0.40), (2, 0.26), (3, 0.16), (4, 0.08))  # order and amplitude in g
_SPEED_VARIATION, _AMPLITUDE_VARIATION = 0.05, 0.25  # standard deviations, relative
_SLIP = 0.01  # standard deviation of the time between impulses, relative
_IMPULSE, _RESONANCE, _DECAY = 0.35, 2800.0, 0.0008  # g, Hz, s
_NOISE = 0.03  # g


def vibration(samples: int, seed: int) -> NDArray[np.float32]:
    """Return acceleration in g, `(samples,)`, from about -1 to 1, at 12,000 samples per second.

    The sum of
    - the shaft's harmonics `A_k (1 + m(t)) cos(k theta(t) + phi_k)` of orders 1 to 4, from unbalance, misalignment and
      looseness. The angle `theta` is the integral of `2 pi f (1 + w(t))` with f = 29.95 turns per second. Speed varies
      slowly by about 5 % and amplitudes by about 25 %, one to three times a second, as under a varying load;
    - a fault of the bearing's inner race, which a ball passes `BPFI = n / 2 (1 + d / D cos(alpha))` times a turn: n = 9
      balls of d = 7.94 mm on a pitch circle of D = 39.04 mm, contact angle 0, so 5.42 times or 162 Hz. Each pass
      excites a resonance of the housing, `exp(-t / 0.8 ms) sin(2 pi 2800 t)`, more strongly the nearer the fault is to
      the loaded side. Balls slip, so the time between two passes varies by 1 % at random (Randall & Antoni,
      "Rolling element bearing diagnostics - a tutorial", Mech. Syst. Signal Process. 25, 2011);
    - white noise of 0.03 g.

    Args:
        samples: Number of samples.
        seed: The same seed gives the same signal.

    >>> vibration(5, seed=0).shape
    (5,)
    """
    rng = np.random.default_rng([seed, 41])
    t = np.arange(samples) / RATE
    speed = SHAFT * (1 + _SPEED_VARIATION * _slow_variation(t, rng))
    angle = 2 * np.pi * np.cumsum(speed) / RATE
    signal = _NOISE * rng.standard_normal(samples)
    for order, amplitude in _HARMONICS:
        modulation = 1 + _AMPLITUDE_VARIATION * _slow_variation(t, rng)
        signal += amplitude * modulation * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
    return (signal + _impulses(angle, rng)).astype(np.float32)


def _slow_variation(t: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a random function of time with standard deviation 1: the sum of five sines of 1 to 3 Hz."""
    rates, phases = rng.uniform(1.0, 3.0, 5), rng.uniform(0, 2 * np.pi, 5)
    waves = np.sin(2 * np.pi * rates[:, None] * t + phases[:, None])
    return np.asarray(waves.sum(axis=0) * np.sqrt(2 / 5))


def _impulses(angle: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the resonance of the housing after each pass of a ball over the fault."""
    passes = int(angle[-1] / (2 * np.pi) * BPFI) + 2
    turns = 2 * np.pi / BPFI * np.cumsum(1 + _SLIP * rng.standard_normal(passes))
    at = np.searchsorted(angle, turns[turns < angle[-1]])
    load = (1 + np.cos(angle[at])) / 2  # the fault turns with the shaft through the loaded side
    kicks = np.zeros(len(angle))
    np.add.at(kicks, at, _IMPULSE * (0.4 + 0.6 * load) * rng.uniform(0.8, 1.2, len(at)))
    after = np.arange(round(6 * _DECAY * RATE)) / RATE
    ringing = np.exp(-after / _DECAY) * np.sin(2 * np.pi * _RESONANCE * after)
    return np.convolve(kicks, ringing)[: len(angle)]
