"""Writes type stubs for the modules that uniffi generates, since those do not say what they are: that a case of an enum
is of that enum, what a case without names holds, which fields an error has.

    python tools/stubs.py FOLDER     reads FOLDER/skolebro_*.py, writes src/skolebro/_generated/*.pyi

It reads the generated text and imports nothing of it; whatever it does not understand ends the build.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "skolebro" / "_generated"
MODULES = ("skolebro_core", "skolebro_ffi")
CONVERTER = "_UniffiFfiConverter"
SCALARS = {"String": "str", "Boolean": "bool", "Bytes": "bytes", "Double": "float", "Float": "float"}
NONE_CAN = "*, it_is_not_made_so: typing.NoReturn"


def main() -> None:
    generated = Path(sys.argv[1])
    PACKAGE.mkdir(parents=True, exist_ok=True)
    (PACKAGE / "__init__.pyi").write_text("")
    for name in MODULES:
        text = (generated / f"{name}.py").read_text(encoding="utf-8")
        (PACKAGE / f"{name}.pyi").write_text(Module(ast.parse(text)).stub(), encoding="utf-8")


class Module:
    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        # A class of errors is there twice; the second one holds the cases.
        self.classes = {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}
        self.public: list[str] = []

    def stub(self) -> str:
        lines = [
            "import datetime",
            "import enum",
            "import typing",
            *self.siblings(),
            '_Own = typing.TypeVar("_Own")',
            "",
        ]
        for node in self.tree.body:
            lines += self.top(node)
        names = "".join(f"\n    {name!r}," for name in self.public if name not in HELPERS and not is_plumbing(name))
        return "\n".join([*lines, f"__all__ = [{names}\n]", ""])

    def siblings(self) -> Iterator[str]:
        for node in self.tree.body:
            if isinstance(node, ast.ImportFrom) and node.level == 1:
                yield "from . import " + ", ".join(name.name for name in node.names)

    def top(self, node: ast.stmt) -> Iterator[str]:
        match node:
            case ast.ClassDef(name=name) if not name.startswith("_") and node is self.classes[name]:
                self.public.append(name)
                yield from self.of_class(node)
            case ast.FunctionDef(name=name) if not name.startswith("_"):
                self.public.append(name)
                yield function(node, "")
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_alias(name, value):
                self.public.append(name)
                yield f"{name}: typing.TypeAlias = {ast.unparse(value)}"

    def of_class(self, node: ast.ClassDef) -> Iterator[str]:
        cases = [inner for inner in node.body if isinstance(inner, ast.ClassDef)]
        bases = [ast.unparse(base) for base in node.bases]
        if bases == ["enum.Enum"]:
            yield f"class {node.name}(enum.Enum):"
            yield from (f"    {ast.unparse(member)}" for member in node.body if isinstance(member, ast.Assign))
        elif cases:
            is_error = f"_UniffiTemp{node.name}" in {ast.unparse(base) for case in cases for base in case.bases}
            yield f"class {node.name}(Exception):" if is_error else f"class {node.name}:"
            if not is_error:
                yield f"    def __init__(self, {NONE_CAN}) -> None: ..."
            for case in cases:
                yield f"    class {case.name}({node.name}):"
                yield from (f"        {line}" for line in self.of_case(node.name, case))
            yield from (function(inner, "    ") for inner in public_methods(node) if inner.name.startswith("is_"))
        else:
            yield f"class {node.name}({', '.join(bases)}):" if bases else f"class {node.name}:"
            yield from ("    " + line.replace("\n", "\n    ") for line in of_record_or_object(node))

    def of_case(self, enum: str, case: ast.ClassDef) -> Iterator[str]:
        made = initializer(case)
        types = self.case_types(enum, case.name)
        if made.args.vararg:
            of = ", ".join(types)
            yield (
                f"def __init__(self, {', '.join(f'value{place}: {kind}' for place, kind in enumerate(types))}, /)" + END
            )
            for place, kind in enumerate(types):
                if len(types) > 1:
                    yield "@typing.overload"
                yield f"def __getitem__(self, index: typing.Literal[{place}]) -> {kind}: ..."
            yield f"_values: tuple[{of}]"
            return
        names = [argument.arg for argument in made.args.args[1:]]
        if len(names) != len(types):
            raise SystemExit(f"{enum}.{case.name} has {names}, and {types} are read")
        yield from (f"{name}: {kind}" for name, kind in zip(names, types, strict=True))
        yield f"def __init__(self{''.join(f', {name}: {kind}' for name, kind in zip(names, types, strict=True))})" + END

    def case_types(self, enum: str, case: str) -> list[str]:
        """As the converter reads them, one after the other: the only place that names them for every kind of case."""
        read = next(
            node
            for node in self.classes[f"{CONVERTER}Type{enum}"].body
            if isinstance(node, ast.FunctionDef) and node.name == "read"
        )
        for node in ast.walk(read):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == f"{enum}.{case}":
                return [self.converted(argument) for argument in node.args]
        raise SystemExit(f"{enum}.{case} is never read")

    def converted(self, reading: ast.expr) -> str:
        match reading:
            case ast.Call(func=ast.Attribute(value=ast.Attribute(value=ast.Name(id=module), attr=name), attr="read")):
                return f"{module}.{self.named(name)}"
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr="read")):
                return self.named(name)
        raise SystemExit(f"what does {ast.unparse(reading)} read?")

    def named(self, converter: str) -> str:
        """The type that a converter is for; `Optional` and `Sequence` say in their own `read` of what."""
        name = converter.removeprefix(CONVERTER)
        if name in SCALARS:
            return SCALARS[name]
        if name.startswith(("Int", "UInt")):
            return "int"
        if name.startswith("Type") or name in ("Duration", "Timestamp"):
            return name.removeprefix("Type")
        if name.startswith(("Optional", "Sequence")) and converter in self.classes:
            of = next(self.converted(call) for call in ast.walk(self.classes[converter]) if is_reading(call))
            return f"{of} | None" if name.startswith("Optional") else f"list[{of}]"
        raise SystemExit(f"what is {converter} for?")


END = " -> None: ..."
# InternalError is never raised: `mending` puts a `SkolebroError` in its place.
HELPERS = {"Duration", "InternalError", "Timestamp"}


def is_plumbing(name: str) -> bool:
    return name.endswith(("Impl", "Protocol"))


def is_alias(name: str, value: ast.expr) -> bool:
    return (
        name[0].isupper()
        and not ast.unparse(value).startswith("_")
        and isinstance(value, ast.Name | ast.Attribute | ast.Subscript)
    )


def is_reading(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "read"


def public_methods(node: ast.ClassDef) -> Iterator[ast.FunctionDef]:
    return (inner for inner in node.body if isinstance(inner, ast.FunctionDef) and not inner.name.startswith("_"))


def initializer(node: ast.ClassDef) -> ast.FunctionDef:
    return next(inner for inner in node.body if isinstance(inner, ast.FunctionDef) and inner.name == "__init__")


def function(node: ast.FunctionDef, indent: str) -> str:
    decorators = "".join(f"{indent}@{ast.unparse(decorator)}\n" for decorator in node.decorator_list)
    returns = ast.unparse(node.returns) if node.returns else "None"
    defaults = node.args.defaults
    for place, argument in enumerate(node.args.args[len(node.args.args) - len(defaults) :]):
        match defaults[place], argument.annotation:
            # The generated code tells "nothing was said" by an object of its own, and says of the type that it may be that.
            case ast.Name(id="_DEFAULT"), ast.Subscript(slice=ast.Tuple(elts=[ast.Name(id="object"), kind])):
                defaults[place], argument.annotation = ast.Constant(...), kind
    return f"{decorators}{indent}def {node.name}({ast.unparse(node.args)}) -> {returns}: ..."


def of_record_or_object(node: ast.ClassDef) -> Iterator[str]:
    methods = [inner for inner in node.body if isinstance(inner, ast.FunctionDef)]
    made = next((method for method in methods if method.name == "__init__"), None)
    if made and made.args.kwonlyargs:
        for argument in made.args.kwonlyargs:
            yield f"{argument.arg}: {ast.unparse(argument.annotation or ast.Constant(None))}"
    if made:
        yield f"def __init__(self, {NONE_CAN}){END}" if made.args.kwarg else function(made, "")
    for method in public_methods(node):
        # A constructor with a name makes one of whatever class it is called on.
        if any(ast.unparse(decorator) == "classmethod" for decorator in method.decorator_list):
            yield f"@classmethod\ndef {method.name}({own_kind(method.args)}) -> _Own: ..."
        else:
            yield function(method, "")
    if any(method.name == "_uniffi_make_instance" for method in methods):
        yield "@classmethod"
        yield "def _uniffi_make_instance(cls: type[_Own], handle: int) -> _Own: ..."
        yield "def _uniffi_clone_handle(self) -> int: ..."
    if node.body and not methods:
        yield "..."


def own_kind(arguments: ast.arguments) -> str:
    arguments.args[0].annotation = ast.parse("type[_Own]", mode="eval").body
    return ast.unparse(arguments)


if __name__ == "__main__":
    main()
