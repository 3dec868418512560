"""The command line as a process: exit status and one line on stderr for wrong usage."""

from pathlib import Path

from tests.tiny import ugatit, usage_error


def test_wrong_usage_is_reported_in_one_line(tmp_path: Path) -> None:
    message = usage_error(
        ugatit("translate", "--weights", tmp_path / "none", "--to", "x", "--input", "y", "--output", "z")
    )
    assert "There are no weights" in message
    assert "COMMAND" in usage_error(ugatit())
