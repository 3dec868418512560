"""Kinds of data that a model can be trained on."""

from enum import StrEnum


class DataKind(StrEnum):
    """How the pictures of the domains are given.

    PAIR: one source for each of two domains (`--domain-a`, `--domain-b`).
    FOLDERS: one source that has a folder for each domain (`--data`).
    PAIRED: one source of pairs of pictures, each a source picture and its true answer (`--data`).
    LABELLED: one or two sources with labels: a folder for each domain, or pictures with an attribute table (`--data`).
    """

    PAIR = "pair"
    FOLDERS = "folders"
    PAIRED = "paired"
    LABELLED = "labelled"
