"""What the kernel itself declines: rules asked for outside their time, policies and facts that cannot be read."""

from datetime import date
from typing import ClassVar

from policies.kernel.errors import Invalid, Language, Refused
from policies.kernel.words import Words


class RuleNotYetInForce(Refused):
    zh = "规则“{rule}”自 {first} 起施行，{on} 时尚未施行。请改用 {first} 或以后的日期。"
    en = "The rule “{rule}” is in force from {first}; on {on} it was not. Ask for {first} or a later day."

    def __init__(self, rule: str, on: date, first: date, cite: str | None) -> None:
        super().__init__(cite=cite, rule=rule, on=on, first=first)


class RuleNotYetKnown(Refused):
    zh = "规则“{rule}”于 {enacted} 制定，{known_on} 时尚不为人知。请把“已知日期”改为 {enacted} 或以后。"
    en = (
        "The rule “{rule}” was enacted on {enacted}; on {known_on} nobody knew it. "
        "Ask with what was known on {enacted} or later."
    )

    def __init__(self, rule: str, known_on: date, enacted: date, cite: str | None) -> None:
        super().__init__(cite=cite, rule=rule, known_on=known_on, enacted=enacted)


class RuleEnded(Refused):
    zh = "规则“{rule}”已于 {last} 终止，{on} 时不再施行。"
    en = "The rule “{rule}” ended on {last}; on {on} it is no longer in force."

    def __init__(self, rule: str, on: date, last: date, cite: str | None) -> None:
        super().__init__(cite=cite, rule=rule, on=on, last=last)


class Several(Invalid):
    """Everything that is wrong, said at once."""

    between: ClassVar[Words] = Words("；", "; ")

    def __init__(self, problems: tuple[Words, ...], **facts: object) -> None:
        self.problems = problems
        super().__init__(**facts)

    def say(self, language: Language = "en") -> str:
        template = self.zh if language == "zh" else self.en
        problems = self.between.say(language).join(problem.say(language) for problem in self.problems)
        return template.format(problems=problems, **self.facts)


class InvalidPolicy(Several):
    """A policy or source file is refused when it is loaded; each problem has a line that begins with file and line."""

    zh = "政策文件不能使用：\n{problems}"
    en = "The policy file cannot be used:\n{problems}"
    between = Words("\n", "\n")


class InvalidFacts(Several):
    zh = "“{policy}”的事实不能使用：{problems}。"
    en = "The facts given to {policy} cannot be used: {problems}."

    def __init__(self, policy: str, problems: tuple[Words, ...]) -> None:
        super().__init__(problems, policy=policy)


class UnknownPolicy(Invalid):
    zh = "没有名为 {policy} 的政策。现有：{known}。"
    en = "There is no policy {policy}. Known are: {known}."

    def __init__(self, policy: str, known: list[str]) -> None:
        super().__init__(policy=policy, known=", ".join(known))
