"""Build command-line parsers from dataclasses: each field is an option with its type, default and help text."""

import argparse
import io
import re
import shlex
import sys
import textwrap
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from dataclasses import MISSING, Field, field, fields
from pathlib import Path
from types import MappingProxyType
from typing import Any, NoReturn, Protocol, Union, get_args, get_origin

from ugatit import __version__
from ugatit.config import Settings
from ugatit.errors import TranslationError

HELP_WIDTH = 76
"""Width of descriptions that argparse does not wrap, without its indent."""


class Command(Protocol):
    """A command: a dataclass filled from the options, whose `run` returns the exit status."""

    def run(self) -> int: ...


CommandFactory = Callable[[Sequence[str]], type]
"""Returns a command's class for the arguments, where its options depend on them. The arguments exclude its name, and
are empty if another command was chosen."""


Commands = Mapping[str, type | CommandFactory]


class Parser(argparse.ArgumentParser):
    """A parser that reports wrong usage in one line."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message} (see {self.prog} --help)\n")


class Formatter(argparse.RawDescriptionHelpFormatter):
    """A help formatter with a narrow column of options that keeps examples as they are written."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=30)


def option(help: str, default: Any = MISSING, choices: Sequence[str] | None = None, flag: str | None = None) -> Any:
    """Declare an option as a dataclass field; it is required if it has no default.

    flag: `--name`, or `NAME` for a positional argument; by default made from the field's name.
    """
    metadata = {"help": help, "choices": choices, "flag": flag}
    return field(metadata=metadata) if default is MISSING else field(default=default, metadata=metadata)


def parse(prog: str, description: str, commands: Commands, arguments: Sequence[str] | None) -> Command:
    """Parse the arguments and return the filled command. Wrong usage exits with status 2 and one line on stderr."""
    parser = Parser(prog=prog, description=description)
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)
    arguments = sys.argv[1:] if arguments is None else list(arguments)
    command_types = {
        name: command if isinstance(command, type) else command(arguments[1:] if arguments[:1] == [name] else [])
        for name, command in commands.items()
    }
    for name, command in command_types.items():
        summary = (command.__doc__ or "").strip().splitlines()[0]
        sub = subparsers.add_parser(
            name,
            help=summary,
            description=textwrap.fill(summary, HELP_WIDTH),
            usage=f"{prog} {name} [options]" if _has_settings(command) else None,
            epilog=getattr(command, "EXAMPLES", None),
            formatter_class=Formatter,
        )
        hints = typing.get_type_hints(command)
        for item in fields(command):
            if isinstance(groups := item.metadata.get("settings"), tuple):
                for group in groups:
                    add_overrides(sub, group, item.metadata["defaults"])
            else:
                _add_option(sub, item, hints[item.name])
    parsed = vars(parser.parse_args(arguments))
    command = command_types[parsed.pop("command")]
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in parsed.items()}
    own = {item.name for item in fields(command)}
    overrides = {name: value for name, value in values.items() if name not in own and value is not None}
    keywords = {name: value for name, value in values.items() if name in own}
    for item in fields(command):
        if "settings" in item.metadata:
            keywords[item.name] = overrides
    instance: Command = command(**keywords)
    return instance


def run(prog: str, description: str, commands: Commands, arguments: Sequence[str] | None) -> int:
    """Parse the arguments and run the command; an expected error prints one line on stderr and returns status 2."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # Print characters that the terminal's encoding lacks as escapes, as stderr does.
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        return parse(prog, description, commands, arguments).run()
    except TranslationError as error:
        print(f"{prog}: {error}", file=sys.stderr)
        return 2
    except OSError as error:
        # For example a read-only folder or a full disk.
        where = f"{error.filename}: " if error.filename else ""
        print(f"{prog}: {where}{error.strerror or error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def command_line(name: str, command: Any) -> str:
    """Return the command line that fills a command as it is, as a shell reads it, without what is left at default."""
    words = ["python", "-m", "ugatit", name]
    for item in fields(command):
        value, flag = getattr(command, item.name), "--" + item.name.replace("_", "-")
        if value == item.default:
            continue
        if isinstance(value, bool):
            words.append(flag if value else flag.replace("--", "--no-", 1))
        else:
            words += [flag, *map(str, value if isinstance(value, tuple) else (value,))]
    return shlex.join(words)


def overrides(*settings: type[Settings], defaults: Mapping[str, str] = MappingProxyType({})) -> Any:
    """Declare a dict field that collects the options of whole settings classes, only those that were passed.

    defaults: help texts for settings whose default differs from that of their class.
    """
    return field(default_factory=dict, metadata={"settings": settings, "defaults": defaults})


def add_overrides(
    parser: argparse.ArgumentParser, settings: type[Settings], defaults: Mapping[str, str] = MappingProxyType({})
) -> None:
    """Add an option for every field of a settings class that the parser does not have yet; unset options stay None."""
    summary = (settings.__doc__ or "").strip().splitlines()[0]
    group = parser.add_argument_group(settings.heading, textwrap.fill(summary, HELP_WIDTH))
    taken = {action.dest for action in parser._actions}
    hints = typing.get_type_hints(settings)
    described = descriptions(settings)
    for item in fields(settings):
        hint = hints[item.name]
        has_option = item.metadata.get("option", True) and get_origin(hint) is not dict
        if item.name not in taken and has_option:
            help = described.get(item.name, "")
            if default := defaults.get(item.name) or _format_default(item.default):
                help = f"{help} [{default}]".strip()
            _add_option(group, item, hint, default=None, help=help)


def _format_default(default: Any) -> str:
    if default is MISSING or default == "":
        return ""
    if isinstance(default, bool):
        return "yes" if default else "no"
    if isinstance(default, tuple):
        return " ".join(map(str, default))
    return f"{default:.6g}" if isinstance(default, float) else str(default)


def _has_settings(command: type) -> bool:
    return any("settings" in item.metadata for item in fields(command))


def descriptions(settings: type[Settings]) -> dict[str, str]:
    """Return the descriptions of fields in a settings class's docstring, written there as `name, name: text.`."""
    names = "|".join(settings.names())
    text = " ".join((settings.__doc__ or "").split())
    parts = re.split(rf"\b((?:{names})(?:, (?:{names}))*): ", text)
    pairs = zip(parts[1::2], parts[2::2], strict=True)
    return {name: description.strip().rstrip(".") for group, description in pairs for name in group.split(", ")}


def _path(text: str) -> Path:
    # An empty path, as from an unset shell variable, would mean the current folder.
    if not text:
        raise argparse.ArgumentTypeError("the path is empty: name one, or . for the folder you are in")
    return Path(text)


def _converter(kind: Any) -> Any:
    return _path if kind is Path else kind


def _add_option(
    parser: Any, item: "Field[Any]", annotation: Any, default: Any = MISSING, help: str | None = None
) -> None:
    keywords: dict[str, Any] = {"help": help if help is not None else item.metadata.get("help")}
    flag = item.metadata.get("flag") or "--" + item.name.replace("_", "-")
    default = item.default if default is MISSING else default
    if get_origin(annotation) in (Union, types.UnionType):
        annotation = next(a for a in get_args(annotation) if a is not type(None))
    if annotation is bool:
        keywords["action"] = argparse.BooleanOptionalAction
    elif get_origin(annotation) is tuple:
        items = get_args(annotation)
        if get_origin(items[0]) is tuple:
            # A tuple of groups: the option once for each.
            keywords["action"], items = "append", get_args(items[0])
        keywords |= {"nargs": "+" if items[-1] is Ellipsis else len(items), "type": _converter(items[0])}
    else:
        keywords["type"] = _converter(annotation)
        keywords["metavar"] = {Path: "PATH", int: "N", float: "X"}.get(annotation)
    if choices := item.metadata.get("choices"):
        keywords |= {"choices": choices, "metavar": None}
    if not flag.startswith("-"):
        parser.add_argument(item.name, **{**keywords, "metavar": flag})
        return
    if default is MISSING:
        keywords["required"] = True
    else:
        keywords["default"] = default
    parser.add_argument(flag, dest=item.name, **keywords)
