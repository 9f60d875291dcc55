"""Counts what was tried under each fault, what failed, and what was acknowledged and yet lost."""

from dataclasses import dataclass


@dataclass
class Count:
    tried: int = 0
    failed: int = 0
    lost: int = 0


class Tally(dict[str, Count]):
    def add(self, fault: str, tried: int, failed: int, lost: int) -> None:
        count = self.setdefault(fault, Count())
        count.tried, count.failed, count.lost = count.tried + tried, count.failed + failed, count.lost + lost

    def rows(self) -> list[tuple[str, int, int, int]]:
        return [(fault, count.tried, count.failed, count.lost) for fault, count in self.items()]

    def lines(self) -> list[str]:
        width = max(map(len, self))
        head = f"{'fault':{width}}   tried  failed    lost"
        return [head, *(f"{name:{width}} {c.tried:7} {c.failed:7} {c.lost:7}" for name, c in self.items())]


TALLY = Tally()
