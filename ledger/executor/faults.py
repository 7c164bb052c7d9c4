"""Named points of a batch at which a test may pull the plug. Outside tests it does nothing."""

POINTS = (
    "taken",
    "after-locks",
    "after-load",
    "after-decide",
    "before-head",
    "after-head",
    "after-write",
    "before-commit",
    "after-commit",
)


class Faults:
    def at(self, point: str) -> None:
        """Called when a batch reaches the point."""
