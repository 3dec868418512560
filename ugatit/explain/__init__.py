"""Explain attention: the steps that lead to an attention map, interventions on them, and tests of faithfulness."""

from ugatit.explain.deletion_insertion import FaithfulnessCurve, faithfulness_curve, maps_to_compare
from ugatit.explain.explainer import Explainer
from ugatit.explain.interventions import (
    AttentionOff,
    DropChannels,
    Intervention,
    KeepChannels,
    ModulationOf,
    OnlyPooling,
    Paint,
    Rho,
)
from ugatit.explain.occlusion import Occlusion, measure_occlusion
from ugatit.explain.results import CriticExplanation, Encoded, Explanation, GeneratorExplanation, Pooling
from ugatit.explain.snapshots import Growth, Moment, read_snapshots, write_snapshots

__all__ = [
    "AttentionOff", "CriticExplanation", "DropChannels", "Encoded", "Explainer", "Explanation", "FaithfulnessCurve",
    "GeneratorExplanation", "Growth", "Intervention", "KeepChannels", "ModulationOf", "Moment", "Occlusion",
    "OnlyPooling", "Paint", "Pooling", "Rho", "faithfulness_curve", "maps_to_compare", "measure_occlusion",
    "read_snapshots", "write_snapshots",
]  # fmt: skip
