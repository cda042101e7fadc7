"""A made-up acceleration signal of a rotating machine with a damaged bearing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

RATE = 12_000.0  # samples per second
SHAFT = 1797 / 60  # turns per second
BALLS, BALL, PITCH = 9, 7.94, 39.04  # a 6205 deep groove ball bearing: number, diameter and pitch diameter in mm
BPFI = BALLS / 2 * (1 + BALL / PITCH)  # balls that pass a point of the inner race per turn of the shaft: 5.42
_HARMONICS = ((1, 0.40), (2, 0.26), (3, 0.16), (4, 0.08))  # order and amplitude in g
_WANDER, _SWELL = 0.05, 0.25  # shares by which speed and amplitudes wander
_SLIP = 0.01  # standard deviation of the time between impulses, as a share of it
_IMPULSE, _RESONANCE, _DECAY = 0.35, 2800.0, 0.0008  # g, Hz, s
_NOISE = 0.03  # g


def vibration(samples: int, seed: int) -> NDArray[np.float32]:
    """Return acceleration in g, `(samples,)`, about -1 to 1, at 12,000 samples per second.

    The sum of
    - the shaft's harmonics `A_k (1 + m(t)) cos(k theta(t) + phi_k)` of orders 1 to 4, from unbalance, misalignment and
      looseness. The angle `theta` is the integral of `2 pi f (1 + w(t))`: f = 29.95 turns a second, a speed that
      wanders by about 5 % once to three times a second, as under a load that comes and goes; so do the amplitudes, by
      about 25 %;
    - a fault of the bearing's inner race, which a ball meets `BPFI = n / 2 (1 + d / D cos(alpha))` times a turn: n = 9
      balls of d = 7.94 mm on a pitch circle of D = 39.04 mm, contact angle 0, so 5.42 times or 162 Hz. Each meeting
      excites a resonance of the housing, `exp(-t / 0.8 ms) sin(2 pi 2800 t)`, the more the nearer the fault is to the
      loaded side; balls slip, so that the time between two meetings varies by 1 % at random (Randall & Antoni,
      "Rolling element bearing diagnostics - a tutorial", Mech. Syst. Signal Process. 25, 2011);
    - white noise of 0.03 g.

    Args:
        samples: How many.
        seed: The same seed gives the same signal.
    """
    rng = np.random.default_rng([seed, 41])
    t = np.arange(samples) / RATE
    speed = SHAFT * (1 + _WANDER * _slow(t, rng))
    angle = 2 * np.pi * np.cumsum(speed) / RATE
    found = _NOISE * rng.standard_normal(samples)
    for order, amplitude in _HARMONICS:
        found += amplitude * (1 + _SWELL * _slow(t, rng)) * np.cos(order * angle + rng.uniform(0, 2 * np.pi))
    return (found + _impulses(angle, rng)).astype(np.float32)


def _slow(t: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return a random function of time with standard deviation 1, made of five sines of 1 to 3 Hz."""
    rates, phases = rng.uniform(1.0, 3.0, 5), rng.uniform(0, 2 * np.pi, 5)
    waves = np.sin(2 * np.pi * rates[:, None] * t + phases[:, None])
    return np.asarray(waves.sum(axis=0) * np.sqrt(2 / 5))


def _impulses(angle: NDArray[np.float64], rng: np.random.Generator) -> NDArray[np.float64]:
    """Return the ringing of the housing after each meeting of a ball and the fault."""
    meetings = int(angle[-1] / (2 * np.pi) * BPFI) + 2
    turns = 2 * np.pi / BPFI * np.cumsum(1 + _SLIP * rng.standard_normal(meetings))
    at = np.searchsorted(angle, turns[turns < angle[-1]])
    load = (1 + np.cos(angle[at])) / 2  # the fault turns with the shaft through the loaded side
    kicks = np.zeros(len(angle))
    np.add.at(kicks, at, _IMPULSE * (0.4 + 0.6 * load) * rng.uniform(0.8, 1.2, len(at)))
    after = np.arange(round(6 * _DECAY * RATE)) / RATE
    ringing = np.exp(-after / _DECAY) * np.sin(2 * np.pi * _RESONANCE * after)
    return np.convolve(kicks, ringing)[: len(angle)]
