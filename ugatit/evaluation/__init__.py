"""Measures of translations and of attention: pointing, likeness to true pictures, a classifier's judgement."""

from ugatit.evaluation.domain_classifier import DomainClassifier, train_classifier
from ugatit.evaluation.evaluate import measure_translations
from ugatit.evaluation.pointing import Pointing, measure_pointing, measure_pointing_both_ways, pointing_score

__all__ = [
    "DomainClassifier", "Pointing", "measure_pointing", "measure_pointing_both_ways", "measure_translations",
    "pointing_score", "train_classifier",
]  # fmt: skip
