"""Texts around the tabs, and of attention maps wherever they are shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """Texts around the tabs. translate, train: the tabs' names."""

    lead: str
    translate: str
    train: str


@dataclass(frozen=True)
class AttentionMaps:
    """Texts of attention maps, wherever they are drawn.

    titles: by network. scores_title: of a map of patch scores. over: by what a map is laid over. scales, ends: by
    normalization; ends: what the two ends of a color bar stand for. no_origin: in place of a source domain that is not
    known. colormaps: by color map.
    """

    titles: dict[str, str]
    scores_title: str
    over: dict[str, str]
    attention_over: str
    scores_over: str
    no_attention: str
    without_attention: str
    patches_only: str
    no_origin: str
    scales: dict[str, str]
    ends: dict[str, tuple[str, str]]
    colormaps: dict[str, str]
    cells: str
    sees: str
    sees_more: str
    share: str
    under: str
    above: str
    no_opinion: str
    attention_score: str
    patch_score: str
    score_ends: dict[str, str]
