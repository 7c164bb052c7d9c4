"""Everything this slice may say exists in Chinese and in English, with the same facts."""

import importlib
import pkgutil

import pytest

import ledger.registry
from ledger.errors import Spoken


def sentences() -> list[type[Spoken]]:
    """Every error class of this slice."""
    for module in pkgutil.iter_modules(ledger.registry.__path__, "ledger.registry."):
        importlib.import_module(module.name)
    found, waiting = [], [Spoken]
    while waiting:
        children = waiting.pop().__subclasses__()
        waiting += children
        found += [child for child in children if child.__module__.startswith("ledger.registry.")]
    return sorted(found, key=lambda refusal: refusal.__name__)


def facts(refusal: type[Spoken], language: str) -> set[str]:
    """Placeholders; a fact that is a word has one form in each language (`role_zh`, `role_en`)."""
    return {name.removesuffix("_zh").removesuffix("_en") for name in refusal.placeholders(language)}


def test_there_is_something_to_check() -> None:
    assert len(sentences()) > 30


@pytest.mark.parametrize("refusal", sentences(), ids=lambda refusal: refusal.__name__)
def test_both_languages_say_the_same_facts(refusal: type[Spoken]) -> None:
    assert facts(refusal, "zh") == facts(refusal, "en")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in refusal.zh)
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in refusal.en)
    assert refusal.zh.endswith("。")
    assert refusal.en.endswith(".")
    for language, other in (("zh", "_en"), ("en", "_zh")):
        assert not any(name.endswith(other) for name in refusal.placeholders(language))
