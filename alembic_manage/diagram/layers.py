"""Which row each box is in: above those that its edges lead to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

Arrow = tuple[str, str]
"""From the upper box to the lower one."""


def parts_of(keys: Sequence[str], arrows: Iterable[Arrow]) -> list[frozenset[str]]:
    """The sets of boxes that hang together, the biggest first."""
    part = {key: frozenset([key]) for key in keys}
    for one, other in arrows:
        if part[one] is not part[other]:
            joined = part[one] | part[other]
            part |= dict.fromkeys(joined, joined)
    return sorted(dict.fromkeys(part[key] for key in keys), key=lambda each: -len(each))


def layers_of(keys: Sequence[str], arrows: Sequence[Arrow]) -> dict[str, int]:
    """The row of each box, from 0: below all that leads to it, and no higher than it must be.

    Where arrows go round in a circle, one of them goes up.
    """
    down = _without_circles(keys, arrows)
    layer: dict[str, int] = {}
    for key in _in_order(keys, down):
        layer[key] = max((layer[one] + 1 for one, other in down if other == key), default=0)
    # What is above everything comes down to what it leads to.
    for key in keys:
        below = [layer[other] for one, other in down if one == key]
        if below and not any(other == key for _, other in down):
            layer[key] = min(below) - 1
    lowest = min(layer.values(), default=0)
    return {key: number - lowest for key, number in layer.items()}


def _without_circles(keys: Sequence[str], arrows: Sequence[Arrow]) -> list[Arrow]:
    """The arrows, with those turned round that close a circle."""
    targets: dict[str, list[str]] = {key: [] for key in keys}
    for one, other in arrows:
        if one != other:
            targets[one].append(other)
    state: dict[str, str] = {}
    turned: set[Arrow] = set()
    for key in keys:
        if key not in state:
            _walk(key, targets, state, turned)
    return list(dict.fromkeys((b, a) if (a, b) in turned else (a, b) for a, b in arrows if a != b))


def _walk(key: str, targets: Mapping[str, Sequence[str]], state: dict[str, str], turned: set[Arrow]) -> None:
    """Depth first, without recursion: a chain of tables may be longer than Python's stack."""
    state[key] = "open"
    stack = [(key, iter(targets[key]))]
    while stack:
        here, left = stack[-1]
        other = next(left, None)
        if other is None:
            state[here] = "done"
            stack.pop()
        elif state.get(other) == "open":
            turned.add((here, other))
        elif other not in state:
            state[other] = "open"
            stack.append((other, iter(targets[other])))


def _in_order(keys: Sequence[str], arrows: Sequence[Arrow]) -> list[str]:
    """Each box after all that lead to it."""
    waiting = {key: sum(1 for _, other in arrows if other == key) for key in keys}
    ready = [key for key in keys if not waiting[key]]
    for key in ready:
        for one, other in arrows:
            if one == key:
                waiting[other] -= 1
                if not waiting[other]:
                    ready.append(other)
    return ready
