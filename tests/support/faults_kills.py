"""Kills: a command is killed, run again, and what it leaves is compared with that of an undisturbed run."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from support.faults import KILL, Ending, Nursery

MOST_ROUNDS = 50


@dataclass(frozen=True)
class Trial:
    """What one kill did."""

    way: str
    """"up" or "down"."""
    killed_at: str
    """The boundary, or the time; empty where the command got through before it was killed."""
    again: Ending
    """The command, once more."""
    problem: str
    """What differs from an undisturbed run; empty where nothing does."""


@dataclass(frozen=True)
class Way:
    """A command that is killed."""

    name: str
    """"up" or "down"."""
    arguments: Sequence[str]
    problem: Callable[[], str]
    """Says what the database has that an undisturbed run does not leave, or lacks; empty for nothing."""


@dataclass
class Kills:
    """Kills the processes of one tool, in turn on the way up and down.

    Args:
        nursery: of the tool.
        ways: up and down.
        empty: empties the database.
    """

    nursery: Nursery
    ways: tuple[Way, Way]
    empty: Callable[[], None]
    trials: list[Trial] = field(default_factory=list)

    def measure(self) -> tuple[list[int], list[float]]:
        """Of undisturbed runs up and down, how many boundaries they come to, and how many seconds they take."""
        self.empty()
        endings = [self.nursery.run(*way.arguments).require() for way in self.ways]
        return [ending.boundaries for ending in endings], [ending.seconds for ending in endings]

    def at_boundaries(self, count: int) -> list[Trial]:
        """About so many kills, spread evenly over the boundaries; each of them once where there are fewer."""
        (up, down), _ = self.measure()
        share = max(1, round(count * up / (up + down)))
        return self._in_turn(
            ({"at": number} for number in spread(up, share)),
            ({"at": number} for number in spread(down, count - share)),
        )

    def at_random(self, count: int, seed: int = 0) -> list[Trial]:
        """So many kills, from outside, at random times; a command that gets through before it is killed is no kill."""
        _, seconds = self.measure()
        chance = random.Random(seed)
        trials: list[Trial] = []
        for _ in range(MOST_ROUNDS):
            missing = count - sum(bool(trial.killed_at) for trial in trials)
            if missing <= 0:
                return trials
            moments = [[chance.uniform(0, longest) for _ in range((missing + 1) // 2)] for longest in seconds]
            up, down = (({"signal": KILL, "signal_after_s": moment} for moment in each) for each in moments)
            trials += self._in_turn(up, down)
        raise AssertionError(f"of {len(trials)} commands hardly one was killed")

    def _in_turn(self, up: Iterator[dict[str, float]], down: Iterator[dict[str, float]]) -> list[Trial]:
        """Kill on the way up, then on the way down, as long as there is something to kill."""
        trials: list[Trial] = []
        self.empty()
        while True:
            options = [next(up, None), next(down, None)]
            if options == [None, None]:
                return trials
            for way, option in zip(self.ways, options, strict=True):
                if option is None:
                    self.nursery.run(*way.arguments).require()
                    continue
                trials.append(self.once(way, option))
                if trials[-1].problem:
                    self._begin_again(way)
            # Every other time the tool finds its own tables there.
            if len(trials) % 4 == 0:
                self.empty()

    def once(self, way: Way, option: dict[str, float]) -> Trial:
        """Kill one command, run it again, and look."""
        ending = self.nursery.run(*way.arguments, **option)
        at = ending.reached or f"{option.get('signal_after_s', 0.0):.3f} s"
        again = self.nursery.run(*way.arguments)
        problem = f"exit code {again.code}: {_last_line(again.err)}" if again.code else way.problem()
        return Trial(way.name, at if ending.was_killed else "", again, problem)

    def _begin_again(self, way: Way) -> None:
        """Bring the database to where the next command begins."""
        self.empty()
        if way is self.ways[0]:
            self.nursery.run(*way.arguments).require()


def spread(last: int, count: int) -> list[int]:
    """So many numbers from 1 to `last`, as evenly as may be, each once."""
    if count >= last:
        return list(range(1, last + 1))
    return [1 + round(place * (last - 1) / max(1, count - 1)) for place in range(count)]


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line and not line.startswith("Hint:")]
    return lines[-1] if lines else "it said nothing"
