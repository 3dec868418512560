"""What the command `evaluate` prints: JSON on stdout, a table for people on stderr."""

import json
import math
import sys
from collections.abc import Mapping, Sequence
from typing import Any

from ugatit.evaluation.distributions import FID_RESAMPLES
from ugatit.evaluation.evaluate import Evaluation
from ugatit.evaluation.scores import RESAMPLES
from ugatit.evaluation.table import Row, text_table

ABOUT_PLUS_MINUS = f"±: standard error, from the pictures drawn again {RESAMPLES:,} times (bootstrap)"


def print_json(measures: Mapping[str, Any]) -> None:
    """Print one JSON object on stdout. Numbers that JSON lacks (the PSNR of equal pictures) are null."""
    print(json.dumps(_finite(measures), indent=2, allow_nan=False))


def _finite(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _finite(each) for name, each in value.items()}
    return None if isinstance(value, float) and not math.isfinite(value) else value


def to_json(found: Evaluation, refused: Mapping[str, str], seed: int) -> dict[str, Any]:
    """Return plain measures by group, all scores with their uncertainty, and why a measure is missing."""
    return {
        **found.measures,
        "scores": {name: score.to_dict() for name, score in found.scores.items()},
        "bootstrap": {"resamples": RESAMPLES, "seed": seed},
        **({"not_measured": dict(refused)} if refused else {}),
    }


def print_table(head: str, rows: Sequence[Row], remarks: Sequence[str], refused: Mapping[str, str]) -> None:
    """Print a table with its remarks on stderr, and what could not be measured."""
    table = [*text_table(rows), *remarks] if rows else []
    print(head, *table, *refusals(refused), sep="\n", file=sys.stderr)


def refusals(refused: Mapping[str, str]) -> list[str]:
    """Return a sentence for each reason why measures are missing."""
    reasons = dict.fromkeys(refused.values())
    return [
        f"Not measured: {', '.join(name for name, own in refused.items() if own == reason)}. {reason}"
        for reason in reasons
    ]


def remarks_on(found: Evaluation) -> list[str]:
    """Return what must be known to read the table."""
    remarks = [ABOUT_PLUS_MINUS + (f", for FID {FID_RESAMPLES}" if "fid" in found.scores else "")]
    if distributions := found.measures.get("distributions"):
        names = ", ".join(name for name in ("KID", "FID", "IS") if name.lower() in found.scores)
        verdict = "" if distributions["comparable_with_published"] else "; not comparable with published scores"
        remarks.append(f"{names}: by {distributions['network']}{verdict}")
    if score := found.scores.get("kid"):
        subsets = score.details["subsets"]
        remarks.append(
            f"KID: of {score.details['subset_size']:,} pictures a set"
            + (f", the mean over {subsets} choices of them" if subsets > 1 else "")
        )
    return remarks
