"""Evaluate translations and attention: pointing, likeness to true pictures, distances of sets, recognition."""

from ugatit.evaluation.domain_classifier import DomainClassifier, train_classifier
from ugatit.evaluation.evaluate import measure_translations
from ugatit.evaluation.pointing import Pointing, measure_pointing, measure_pointing_both_directions, pointing_score

__all__ = [
    "DomainClassifier", "Pointing", "measure_pointing", "measure_pointing_both_directions", "measure_translations",
    "pointing_score", "train_classifier",
]  # fmt: skip
