"""English texts around the tabs, and of attention maps wherever they are shown."""

from viz.i18n.schema.page import AttentionMaps, Page

PAGE = Page(
    lead="Translate a picture and see what the networks looked at.",
    translate="Translate",
    train="Train",
)

ATTENTION_MAPS = AttentionMaps(
    titles={"generator": "Generator", "local": "Local critic", "global": "Global critic", "patch": "Critic"},
    scores_title="{title}: patch scores",
    over={"input": "input", "translation": "translation"},
    attention_over="attention over the {over}",
    scores_over="patch scores over the {over}",
    no_attention="This model has no attention, so there are no attention maps.",
    without_attention="This model has no attention.",
    patches_only="The map shows how real the critic found each patch of the translation.",
    no_origin="other domains",
    scales={
        "minmax": "min–max of this map",
        "shared": "one scale for all maps",
        "symmetric": "symmetric around 0",
    },
    ends={
        "minmax": ("lowest", "highest"),
        "shared": ("lowest of all", "highest of all"),
        "symmetric": ("below 0", "above 0"),
    },
    colormaps={
        "turbo": "Turbo",
        "jet": "Jet (as in the paper)",
        "viridis": "Viridis",
        "inferno": "Inferno",
        "magma": "Magma",
        "cividis": "Cividis (colour-blind safe)",
        "RdBu_r": "Blue–red (around 0)",
        "gray": "Gray",
    },
    cells="{columns}×{rows} cells",
    sees="a cell sees {size}",
    sees_more="a cell sees {size}, more than the whole picture ({width}×{height})",
    share="{percent} {domain}",
    under="under 1%",
    above="over 99%",
    no_opinion="no opinion on",
    attention_score="CAM score {score}",
    patch_score="patch score {score}",
    score_ends={
        "least-squares": "0 = translated, 1 = real",
        "cross-entropy": "below 0 = translated, above 0 = real",
        "wasserstein": "higher = more real, without a fixed scale",
    },
)
