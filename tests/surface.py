"""The public surface as text: names, signatures, fields with defaults, commands with their options.

`python tests/surface.py` writes tests/public_surface.txt anew. Annotations are taken as the source has them, so the text is
the same on every Python that the library runs on.
"""

from __future__ import annotations

import argparse
import dataclasses
import inspect
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kjproj
from kjproj.cli import _COMMANDS, _module

PINNED = Path(__file__).parent / "public_surface.txt"
_MISSING = object()


def surface() -> str:
    """Return the whole surface, a line a fact, in an order that does not depend on the source's."""
    seen: dict[str, Any] = {}
    lines = [line for name in sorted(kjproj.__all__) for line in _thing(f"kjproj.{name}", getattr(kjproj, name), seen)]
    lines += [line for name in sorted(_bases(seen)) for line in _class(name, _bases(seen)[name])]
    return "\n".join([*lines, *_commands()]) + "\n"


def _thing(path: str, thing: Any, seen: dict[str, Any]) -> Iterator[str]:
    if isinstance(thing, types.ModuleType):
        yield f"module {path}"
        for name in sorted(thing.__all__):
            yield from _thing(f"{path}.{name}", getattr(thing, name), seen)
    elif inspect.isclass(thing):
        first = next((known for known, other in seen.items() if other is thing), None)
        if first is not None:
            yield f"class {path} is {first}"
            return
        seen[path] = thing
        yield from _class(path, thing)
    elif inspect.isfunction(thing):
        yield f"def {path}{_signature(thing)}"
    else:
        yield f"name {path}"


def _bases(seen: dict[str, Any]) -> dict[str, type]:
    """Return the library's own bases that have no public name: what they define is public through their heirs."""
    heirs = list(seen.values())
    found = {base for cls in heirs for base in cls.__mro__ if base.__module__.startswith("kjproj.") and base not in heirs}
    return {f"{base.__module__}.{base.__qualname__}": base for base in found}


def _class(path: str, cls: type) -> Iterator[str]:
    bases = ", ".join(base.__name__ for base in cls.__bases__ if base is not object)
    yield f"class {path}({bases})"
    fields = _fields(cls)
    for name, annotation in inspect.get_annotations(cls).items():
        if not name.startswith("_"):
            default = fields.get(name, _MISSING)
            yield f"  {path}.{name}: {_words(annotation)}" + ("" if default is _MISSING else f" = {_default(default)}")
    for name, member in sorted(vars(cls).items()):
        yield from _member(f"{path}.{name}", name, member)


def _fields(cls: type) -> dict[str, Any]:
    """Return the defaults of a model's or a dataclass's fields, where they have one."""
    if dataclasses.is_dataclass(cls):
        both = {f.name: (f.default, f.default_factory) for f in dataclasses.fields(cls)}
        return {name: made if plain is dataclasses.MISSING else plain for name, (plain, made) in both.items() if plain is not made}
    return {name: field.default for name, field in getattr(cls, "model_fields", {}).items() if not field.is_required()}


def _member(path: str, name: str, member: Any) -> Iterator[str]:
    if name.startswith("_"):
        return
    if isinstance(member, classmethod | staticmethod):
        yield f"  {type(member).__name__} {path}{_signature(member.__func__)}"
    elif inspect.isfunction(member) and member.__module__.startswith("kjproj"):
        yield f"  def {path}{_signature(member)}"
    elif isinstance(member, property) or type(member).__name__ == "cached_property":
        function = member.fget if isinstance(member, property) else member.func
        yield f"  property {path}: {_words(function.__annotations__.get('return'))}"


def _signature(function: Any) -> str:
    """Return a signature with the annotations of the source."""
    parts, keyword_only = [], False
    for p in inspect.signature(function).parameters.values():
        if p.kind is p.KEYWORD_ONLY and not keyword_only:
            parts.append("*")
        keyword_only = keyword_only or p.kind in (p.KEYWORD_ONLY, p.VAR_POSITIONAL)
        star = {p.VAR_POSITIONAL: "*", p.VAR_KEYWORD: "**"}.get(p.kind, "")
        said = "" if p.annotation is p.empty else f": {_words(p.annotation)}"
        parts.append(f"{star}{p.name}{said}" + ("" if p.default is p.empty else f" = {_default(p.default)}"))
    returned = inspect.signature(function).return_annotation
    return f"({', '.join(parts)})" + ("" if returned is inspect.Signature.empty else f" -> {_words(returned)}")


def _words(annotation: Any) -> str:
    if isinstance(annotation, str):
        return annotation
    return getattr(annotation, "__name__", None) or str(annotation)


def _default(value: Any) -> str:
    """Return a default in words that no version of Python or numpy changes: no addresses, no modules."""
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, tuple | list):
        return f"({', '.join(map(_default, value))})"
    if inspect.isclass(value) or inspect.isfunction(value):
        return value.__name__
    return type(value).__name__


def _commands() -> Iterator[str]:
    for name in sorted(_COMMANDS):
        parser = argparse.ArgumentParser(add_help=False)
        _module(name).arguments(parser)
        yield f"command kjproj {name}"
        for action in sorted(parser._actions, key=lambda a: a.option_strings):
            called = ", ".join(action.option_strings) or action.metavar or action.dest
            takes = "" if action.nargs == 0 else f" nargs={action.nargs!r}" if action.nargs else ""
            chosen = "" if action.choices is None else f" choices={_default(list(action.choices))}"
            yield f"  {called}{takes}{chosen} default={_default(action.default)}" + (" required" if action.required and action.option_strings else "")


if __name__ == "__main__":
    PINNED.write_text(surface(), encoding="utf-8")
