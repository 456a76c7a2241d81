"""What is public is documented and exported, and what the core can do has its method here and its function in C."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from types import ModuleType

import cardwright
import cardwright.pytest as fixtures
import pytest
from cardwright import CertiFlow, MimCm, Operation, System, _cardwright, _pcsc, _reader, errors, readers

ROOT = Path(__file__).parents[2]
OWN = {"Canceler", "Client", "OwnServer", "Server", "SkziEntries", "command", "operation", "verdict"}
"""What the package wraps: these names of the extension are its own affair, or those of a class written in Python."""


def public(module: ModuleType) -> set[str]:
    return {name for name in vars(module) if name.isidentifier() and not name.startswith("_")}


def test_the_package_exports_what_the_extension_has() -> None:
    names = public(_cardwright) - OWN
    assert names and not names - set(cardwright.__all__)
    assert sorted(cardwright.__all__) == cardwright.__all__
    assert len(set(cardwright.__all__)) == len(cardwright.__all__)
    for name in cardwright.__all__:
        assert hasattr(cardwright, name), name


def test_the_package_has_nothing_public_that_it_does_not_export() -> None:
    submodules = {"pytest", "annotations"}
    assert public(cardwright) - set(cardwright.__all__) - submodules == set()


def test_readers_export_what_the_second_extension_has() -> None:
    assert readers.__all__ == _pcsc.__all__
    assert public(_reader) <= set(readers.__all__)
    for name in readers.__all__:
        assert getattr(readers, name) is getattr(_pcsc, name)
    with pytest.raises(AttributeError):
        _ = readers.nothing


def members(value: object) -> list[tuple[str, object]]:
    return [(name, member) for name, member in vars(value).items() if not name.startswith("_")]


def test_every_public_name_is_documented() -> None:
    looked_at = 0
    modules: list[object] = [cardwright, errors, readers, fixtures]
    names = [(f"cardwright.{name}", getattr(cardwright, name)) for name in cardwright.__all__]
    names += [(f"readers.{name}", getattr(readers, name)) for name in readers.__all__]
    names += [(f"errors.{name}", value) for name, value in members(errors) if getattr(value, "__module__", "") == errors.__name__]
    for name, value in [*((repr(module), module) for module in modules), *names]:
        if isinstance(value, str) or name.endswith("Word"):
            continue
        assert inspect.getdoc(value), name
        looked_at += 1
        for inner, member in members(value) if isinstance(value, type) else []:
            if callable(member) or isinstance(member, (property, classmethod)) or inspect.isgetsetdescriptor(member):
                assert inspect.getdoc(member), f"{name}.{inner}"
                looked_at += 1
    assert looked_at > 300
    print(looked_at, "names")


def test_every_operation_of_the_core_has_a_method_and_a_function_in_c() -> None:
    header = (ROOT / "include/cardwright.h").read_text(encoding="utf-8")
    for operation in Operation:
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", operation.name).upper()
        assert re.search(rf"^  CARDWRIGHT_OPERATION_{name} = {operation.number},", header, re.M), name
    assert "cardwright_client_operate(" in header
    looked_at = 0
    for system, client in ((System.CertiFlow, CertiFlow), (System.Mim, MimCm)):
        for operation in Operation:
            try:
                word = _cardwright.operation(system, operation.word)
            except errors.NotSupported:
                continue
            assert word == operation
            methods = [name for name in vars(client) if not name.startswith("_")]
            native = [name for name in methods if matches(system, name, operation)]
            assert len(native) == 1, f"{system} {operation}: {native}"
            looked_at += 1
    assert looked_at == 8


def matches(system: System, method: str, operation: Operation) -> bool:
    """Whether a method is called as the system calls the operation."""
    try:
        return _cardwright.operation(system, method.replace("_", "")) == operation
    except errors.NotSupported:
        return False


def test_an_outcome_has_the_card_of_its_system() -> None:
    assert repr(cardwright.Outcome[cardwright.CardInfo]) == "cardwright.Outcome[cardwright.CardInfo]"
    for client, card in ((CertiFlow, cardwright.CardInfo), (MimCm, cardwright.Smartcard)):
        returns = {name: getattr(method, "__annotations__", {}).get("return", "") for name, method in members(client)}
        names = [name for name, kind in returns.items() if "Outcome" in kind]
        assert len(names) >= 3, client
        for name in names:
            assert returns[name] == f"Outcome[{card.__name__}]", name


@pytest.mark.parametrize("client", [CertiFlow, MimCm])
def test_help_shows_every_option_with_its_default(client: type) -> None:
    text = inspect.getdoc(client) or ""
    options = cardwright.ClientOptions.__annotations__
    assert len(options) > 15
    for name in options:
        found = re.search(rf"^    {name}: (.*(?:\n     +.*)*)", text, re.M)
        assert found and "Default:" in found[1], name
