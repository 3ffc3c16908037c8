"""Compiled loops over the paths of a chunk; loaded by `fast` alone, since numba takes a second to load."""

# mypy: ignore-errors
from __future__ import annotations

import math

import numpy as np
from numba import njit
from numba.np.random._constants import fi_double, ki_double, wi_double

_TAIL = 3.6541528853610088
_ONE, _LOW_8, _LOW_52 = np.uint64(1), np.uint64(0xFF), np.uint64(0x000FFFFFFFFFFFFF)
_SHIFTS = tuple(np.uint64(k) for k in (3, 8, 11, 24, 40))
_UNIT = 1.0 / 9007199254740992.0


@njit(inline="always")
def _bits(a, b, c, n):
    """The next 64 bits of SFC64, and its state after them."""
    value = a + b + n
    return value, b ^ (b >> _SHIFTS[2]), c + (c << _SHIFTS[0]), ((c << _SHIFTS[3]) | (c >> _SHIFTS[4])) + value, n + _ONE


@njit(nogil=True, cache=True)
def _normals(state, out, size):
    """Fill out[:size] with the ziggurat of Marsaglia and Tsang (2000), doi 10.18637/jss.v005.i08, in numpy's order of draws."""
    a, b, c, n = state[0], state[1], state[2], state[3]
    for i in range(size):
        while True:
            r, a, b, c, n = _bits(a, b, c, n)
            layer = r & _LOW_8
            r >>= _SHIFTS[1]
            place = (r >> _ONE) & _LOW_52
            x = place * wi_double[layer]
            x = -x if r & _ONE else x
            if place < ki_double[layer]:
                break
            if layer == 0:
                while True:
                    u, a, b, c, n = _bits(a, b, c, n)
                    v, a, b, c, n = _bits(a, b, c, n)
                    beyond = -(1.0 / _TAIL) * math.log1p(-((u >> _SHIFTS[2]) * _UNIT))
                    other = -math.log1p(-((v >> _SHIFTS[2]) * _UNIT))
                    if other + other > beyond * beyond:
                        break
                x = -(_TAIL + beyond) if (place >> _SHIFTS[1]) & _ONE else _TAIL + beyond
                break
            u, a, b, c, n = _bits(a, b, c, n)
            if (fi_double[layer - _ONE] - fi_double[layer]) * ((u >> _SHIFTS[2]) * _UNIT) + fi_double[layer] < math.exp(-0.5 * x * x):
                break
        out[i] = x
    state[0], state[1], state[2], state[3] = a, b, c, n


@njit(nogil=True, cache=True, fastmath={"contract"})
def _moved(program, size):
    """Draw normals and take rows from them; see `fast.Program`."""
    code, weights, states, registers = program
    for k in range(len(code)):
        target = registers[code[k, 1]]
        if code[k, 0] == 0:
            _normals(states[code[k, 2]], target, size)
            continue
        a, b, c, d = registers[code[k, 2]], registers[code[k, 3]], registers[code[k, 4]], registers[code[k, 5]]
        p, q, r, s = weights[k]
        if code[k, 0] == 1:
            for i in range(size):
                target[i] = p * a[i] + q * b[i] + r * c[i] + s * d[i]
        else:
            for i in range(size):
                target[i] += p * a[i] + q * b[i] + r * c[i] + s * d[i]


@njit(nogil=True, cache=True)
def _binned(bins, places, size):
    """Count places by bins; see `tally.Bins.places`."""
    rows, (factor, shift, first), total = bins
    most = total.shape[1] - 1.0
    for row in range(len(factor)):
        x, own = rows[row], total[row]
        low, high = first[row], first[row] + most
        for i in range(size):
            places[i] = np.int64(min(max(x[i] * factor[row] + shift[row], low), high) - low)
        for i in range(size):
            own[places[i]] += 1


@njit(nogil=True, cache=True)
def _tested(rows, numbers, lower, upper, found, size):
    for k in range(len(numbers)):
        x, low, high, out = rows[numbers[k]], lower[k], upper[k], found[k]
        if high == np.inf:
            for i in range(size):
                out[i] = x[i] >= low
        else:
            for i in range(size):
                out[i] = (x[i] >= low) & (x[i] <= high)


@njit(nogil=True, cache=True)
def _joined(flags, groups, found, size, every):
    """Put into each row of found whether all members of a group hold, or any."""
    members, ends = groups
    for group in range(len(ends) - 1):
        out = found[group]
        out[:size] = every
        for k in range(ends[group], ends[group + 1]):
            own = flags[members[k]]
            if every:
                for i in range(size):
                    out[i] &= own[i]
            else:
                for i in range(size):
                    out[i] |= own[i]


@njit(nogil=True, cache=True)
def _count(flags, size):
    total = np.int64(0)
    for i in range(size):
        total += flags[i]
    return total


@njit(nogil=True, cache=True)
def _met(events, groups, met, found, size):
    """Count by step of each sequence where one of its events so far holds."""
    members, ends = groups
    place = 0
    for k in range(len(ends) - 1):
        met[:size] = 0
        for j in range(ends[k], ends[k + 1]):
            own = events[members[j]]
            for i in range(size):
                met[i] |= own[i]
            found[place] += _count(met, size)
            place += 1


@njit(nogil=True, cache=True)
def chunk(paths, program, bins, asked, counted):
    """Draw, move, ask and count block by block; the sides of scenario k are rows 2k and, of mirror images, 2k + 1 of the bounds."""
    drawn, images, first, width = paths
    rows, (numbers, lower, upper, clauses, events, plain) = bins[0], asked
    joints, sequences, parts, hits = counted
    block = program[3].shape[1]
    places, met = np.empty(block, np.int64), np.empty(block, np.uint8)
    tested = np.empty((len(numbers), block), np.uint8)
    some, each, together = [np.empty((len(groups[1]) - 1, block), np.uint8) for groups in (clauses, events, joints)]
    for start in range(0, drawn, block):
        size = min(block, drawn - start)
        part = (first + start) // width % len(parts)
        _moved(program, size)
        _binned(bins, places, size)
        parts[part] += size + max(min(size, images - start), 0)
        for side in range(len(lower)):
            own = size if side % 2 == 0 else min(size, images - start)
            if own <= 0:
                continue
            found = hits[side // 2, :, part]
            _tested(rows, numbers, lower[side], upper[side], tested, own)
            if plain:  # every event is one test
                each = tested
            else:
                _joined(tested, clauses, some, own, np.uint8(0))
                _joined(some, events, each, own, np.uint8(1))
            _joined(each, joints, together, own, np.uint8(1))
            for k in range(len(together)):
                found[k] += _count(together[k], own)
            _met(each, sequences, met, found[len(together) :], own)
