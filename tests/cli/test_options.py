"""Commands as dataclasses: options from fields, and one line on stderr for wrong usage."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ugatit.cli import options
from ugatit.cli.options import option
from ugatit.config import Settings
from ugatit.errors import ConfigError


@dataclass(frozen=True)
class Oven(Settings):
    """How hot.

    heat, time: degrees and minutes. fan: blow around. tray: of what it is made.
    """

    heat: int = 180
    time: float = 30.5
    fan: bool = False
    tray: str = ""


@dataclass(frozen=True)
class Bake:
    """Bake something.

    More words that do not belong into a summary.
    """

    EXAMPLES: ClassVar[str] = "for example:\n  kitchen bake cake --heat 200"

    what: str = option("what to bake", flag="WHAT")
    catalog: tuple[Path, ...] = option("where")
    size: tuple[int, int] = option("width and height", default=(1, 2))
    shape: str = option("of the cake", default="round", choices=("round", "square"))
    note: str | None = option("to the cook", default=None)
    settings: dict[str, Any] = options.overrides(Oven, defaults={"tray": "enamel at home"})

    def run(self) -> int:
        if self.what == "stone":
            raise ConfigError("Stones cannot be baked.")
        if self.what == "folder":
            Path(__file__).parent.read_bytes()
        if self.what == "long":
            raise KeyboardInterrupt
        return len(self.catalog)


def parse(*arguments: str) -> Bake:
    command = options.parse("kitchen", "A kitchen.", {"bake": Bake}, ["bake", *arguments])
    assert isinstance(command, Bake)
    return command


def run(*arguments: str) -> int:
    return options.run("kitchen", "A kitchen.", {"bake": Bake}, arguments)


def test_fields_are_filled_with_their_types() -> None:
    command = parse("cake", "--catalog", "a", "b", "--size", "3", "4", "--shape", "square", "--note", "hot")
    assert command == Bake("cake", (Path("a"), Path("b")), (3, 4), "square", "hot", {})


def test_only_overrides_that_were_passed_are_collected() -> None:
    assert parse("cake", "--catalog", "a").settings == {}
    command = parse("cake", "--catalog", "a", "--heat", "200", "--fan", "--time", "4")
    assert command.settings == {"heat": 200, "fan": True, "time": 4.0}
    assert parse("cake", "--catalog", "a", "--no-fan").settings == {"fan": False}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cake"], "--catalog"),
        (["cake", "--catalog", "a", "--shape", "oval"], "'oval'"),
        (["cake", "--catalog", "a", "--heat", "hot"], "'hot'"),
        (["cake", "--catalog", "a", "--size", "1"], "--size"),
        (["cake", "--catalog", "a", "--salt"], "--salt"),
    ],
)
def test_wrong_usage_is_one_line_and_status_two(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as exit_:
        run("bake", *arguments)
    assert exit_.value.code == 2
    stderr = capsys.readouterr().err
    assert message in stderr
    assert stderr.count("\n") == 1
    assert "--help" in stderr


@pytest.mark.parametrize(
    ("what", "status", "message"),
    [("stone", 2, "kitchen: Stones cannot be baked.\n"), ("folder", 2, "Is a directory\n"), ("long", 130, "")],
)
def test_errors_that_stop_a_command_are_one_line(
    what: str, status: int, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("bake", what, "--catalog", "a") == status
    stderr = capsys.readouterr().err
    assert stderr.endswith(message)
    assert stderr.count("\n") == (1 if message else 0)


def test_status_is_what_the_command_returns() -> None:
    assert run("bake", "cake", "--catalog", "a", "b", "c") == 3


def test_help_shows_the_docstring_texts_of_settings(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run("bake", "--help")
    text = " ".join(capsys.readouterr().out.split())
    assert "--heat N degrees and minutes [180]" in text
    assert "blow around [no]" in text
    assert "--tray TRAY of what it is made [enamel at home]" in text
    assert "Bake something." in text
    assert "kitchen bake cake --heat 200" in text
    assert "do not belong" not in text


def test_descriptions_are_split_only_at_field_names() -> None:
    assert options.descriptions(Oven) == {
        "heat": "degrees and minutes",
        "time": "degrees and minutes",
        "fan": "blow around",
        "tray": "of what it is made",
    }
