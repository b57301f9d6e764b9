"""The shapes that movement has over time, over arrays of times in seconds.

Nothing alive moves linearly: every curve here starts and ends at rest, and springs settle.
"""

from __future__ import annotations

import numpy as np

from muybridge.puppet.portrait import Floats
from muybridge.puppet.rig.lattice import smoothstep


def swell(t: Floats, start: float, end: float, rise: float, fall: float) -> Floats:
    """Up over `rise` from `start`, held at 1, down over `fall` to be 0 at `end`.

    A `fall` of 0 holds to the end of time. Where rise and fall do not fit they shrink alike.
    """
    room = max(end - start, 1e-3)
    if rise + fall > room:
        rise, fall = rise * room / (rise + fall), fall * room / (rise + fall)
    up = smoothstep(t, start, start + max(rise, 1e-3))
    if fall <= 0:
        return up
    return np.asarray(np.minimum(up, smoothstep(t, end, end - max(fall, 1e-3))), np.float32)


def settle(t: Floats, start: float, frequency: float, damping: float) -> Floats:
    """A damped swing of 1 set off at `start`: 0 before, then sin under an exponential."""
    s = np.maximum(t - start, 0.0)
    omega = 2 * np.pi * frequency
    return np.asarray(np.exp(-damping * omega * s) * np.sin(omega * s), np.float32)


def drift(t: Floats, rng: np.random.Generator, slowest: float, fastest: float) -> Floats:
    """Smooth aimless motion of about unit size between two frequencies in Hz."""
    total = np.zeros_like(t)
    frequencies = np.geomspace(slowest, fastest, 5)
    for frequency in frequencies:
        bend = 1 + 0.2 * rng.standard_normal()
        total += np.sin(2 * np.pi * (frequency * bend * t + rng.random())) / np.sqrt(len(frequencies) / 2)
    return np.asarray(total, np.float32)


def trail(lead: Floats, dt: float, frequency: float, damping: float) -> Floats:
    """How far a mass on a spring trails behind what leads it; 0 while that stands still.

    Shapes: `lead` (N,), sampled every `dt` seconds; returns (N,), in the lead's unit.
    Source: damped harmonic oscillator, semi-implicit Euler at eight steps a sample.
    """
    omega, steps = 2 * np.pi * frequency, 8
    position, speed = float(lead[0]), 0.0
    behind = np.empty_like(lead)
    h = dt / steps
    previous = float(lead[0])
    for i, target in enumerate(lead):
        for k in range(steps):
            goal = previous + (float(target) - previous) * (k + 1) / steps
            speed += h * (omega * omega * (goal - position) - 2 * damping * omega * speed)
            position += h * speed
        previous = float(target)
        behind[i] = position - float(target)
    return behind


def held(t: Floats, end: float, seconds: float) -> float:
    """How long the way back from an act takes: none for one that lasts to the video's end."""
    return 0.0 if end >= float(t[-1]) - 0.05 else seconds


def eased(curve: Floats, dt: float, seconds: float) -> Floats:
    """A curve that takes about `seconds` for what it did at once; sampled every `dt` seconds."""
    reach = int(np.ceil(2 * seconds / dt))
    weights = np.exp(-0.5 * (2 * dt * np.arange(-reach, reach + 1) / seconds) ** 2)
    padded = np.pad(curve, reach, mode="edge")
    return np.asarray(np.convolve(padded, weights / weights.sum(), "valid"), np.float32)
