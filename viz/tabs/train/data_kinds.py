"""The kind of data that the page asks for, by model, and its texts."""

from ugatit.data.kinds import DataKind
from ugatit.models.registry import model_class
from viz.i18n.schema import Words

SHOWN_KINDS = (DataKind.PAIR, DataKind.FOLDERS, DataKind.PAIRED, DataKind.LABELLED)
"""The kinds of data; of those that a model takes, the page asks for the first."""


def data_kind(model: str) -> DataKind:
    """Return the kind of data that the page trains a model on: two sources where it takes several kinds.

    Raises WeightsError if its package cannot be imported.
    """
    kinds = model_class(model).data_kinds
    return next(kind for kind in SHOWN_KINDS if kind in kinds)


def lead(kind: DataKind, words: Words) -> str:
    """Return what the model learns from."""
    texts = words.train
    return {
        DataKind.PAIR: texts.lead,
        DataKind.FOLDERS: texts.lead_of_folders,
        DataKind.PAIRED: texts.lead_of_pairs,
        DataKind.LABELLED: texts.lead_of_labels,
    }[kind]


def files_label(kind: DataKind, words: Words) -> str:
    """Return the label of the drop zone of a source of several domains."""
    texts = words.train
    return {
        DataKind.FOLDERS: texts.data,
        DataKind.PAIRED: texts.data_of_pairs,
        DataKind.LABELLED: texts.data_of_labels,
    }[kind]


def source_hint(kind: DataKind, words: Words) -> str:
    """Return what else a source can be, with `{hub}` for a Hub data set."""
    texts = words.train
    return {
        DataKind.PAIR: texts.source_hint,
        DataKind.FOLDERS: texts.data_hint,
        DataKind.PAIRED: texts.pairs_hint,
        DataKind.LABELLED: texts.labels_hint,
    }[kind]


def needed(kind: DataKind, words: Words) -> str:
    """Return the message that the data is missing."""
    texts = words.train
    return {
        DataKind.PAIR: texts.needs_both,
        DataKind.FOLDERS: texts.needs_data,
        DataKind.PAIRED: texts.needs_pairs,
        DataKind.LABELLED: texts.needs_labels,
    }[kind]
