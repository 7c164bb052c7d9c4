"""People and organisations of a demo, and one way to send commands and keep what they answered."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ledger.errors import Refused
from ledger.executor.clock import SimulatedClock
from ledger.executor.commands import Answer, Command
from ledger.executor.executor import Executor

AT_ONCE = 256
"""Commands submitted together; they share blocks as far as they have nothing in common."""


class DemoRefused(Refused):
    zh = "演示中断：命令 {kind}（{key}）被拒绝：{reason_zh}"
    en = "The demo stopped: the command {kind} ({key}) was refused: {reason_en}"


@dataclass(slots=True)
class Stage:
    """Sends commands on simulated days; every key follows from the plan, so a demo cut short goes on where it was."""

    executor: Executor
    clock: SimulatedClock
    done: Callable[[int], None]
    """Told how many commands have been answered."""

    def on(self, day: date, commands: Iterable[Command], hour: int = 9) -> list[Answer]:
        """Send commands on a day; all must be accepted.

        Raises:
            DemoRefused: with the reason of the first refusal.
        """
        self.clock.move_to(day, hour)
        waiting = list(commands)
        answers: list[Answer] = []
        for start in range(0, len(waiting), AT_ONCE):
            together = waiting[start : start + AT_ONCE]
            futures = self.executor.submit_all(together)
            answers += [
                self._accepted(command, future.result()) for command, future in zip(together, futures, strict=True)
            ]
            self.done(len(together))
        return answers

    def counted(self, more: int) -> None:
        """A command was worth more than one step: say so to whoever shows the progress."""
        if more > 0:
            self.done(more)

    @staticmethod
    def _accepted(command: Command, answer: Answer) -> Answer:
        if not answer.accepted:
            raise DemoRefused(
                kind=command.kind, key=command.key, reason_zh=answer.body["zh"], reason_en=answer.body["en"]
            )
        return answer


def values(answers: Sequence[Answer], name: str) -> list[str]:
    return [str(answer.body[name]) for answer in answers]
