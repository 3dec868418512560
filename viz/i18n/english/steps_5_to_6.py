"""English texts of the lesson's steps 5 and 6: changes to the attention and to AdaLIN."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.steps_5_to_6 import Adalin, Brush, Elsewhere, Occlusion

ELSEWHERE = Elsewhere(
    heading=Heading(
        "What if it looked elsewhere?",
        "The generator draws from the attended features (A), which the attention map adds up cell by cell. "
        "Multiply a cell by 0, and it no longer counts; multiply it by 3, and it counts more than its neighbours. "
        "The layers that follow normalise, so only the difference between cells matters. Paint over the picture: "
        "the translation answers after every stroke.",
    ),
    painted="What you painted",
    painted_alt="{name} with what was painted: a plus where there is more weight, a dark stroke where there is none",
    start="Nothing is painted yet, so both rows are what the network learned to do. Paint a stroke, or press one "
    "of the buttons beside the brush.",
    changed="Your painting moved the translation by {whole} of 255 grey levels on average: by {inside} where you "
    "painted, by {outside} elsewhere.",
    changed_all="Your painting covers the whole picture and moved the translation by {whole} of 255 grey levels "
    "on average.",
    spreads="Places that you did not touch answer too: γ and β are found from all cells together, and every "
    "convolution looks beyond its own cell.",
    formula="A_{{ij}} becomes m_{{ij}} · A_{{ij}}, with m = {factor} in {harder} cells, 0 in {away}, 1 in {rest}",
)

BRUSH = Brush(
    label="Brush",
    board="The picture to paint on, {columns} by {rows} cells",
    hint="With the mouse, a pen or a finger: paint. With the keyboard: arrow keys move, Space paints, Shift with "
    "an arrow key paints along the way, 1, 2 and 3 choose the brush.",
    mode="What the brush does",
    harder="More weight, ×3",
    away="No weight, ×0",
    erase="Erase",
    untouched="untouched",
    size="Size",
    sizes=("small", "medium", "large"),
    only_there="Look only at the brightest places",
    not_there="Look everywhere but there",
    clear="Clear",
    cell="Row {row}, column {column}: {state}.",
    count="More weight: {harder} cells. No weight: {away} cells.",
)

OCCLUSION = Occlusion(
    heading=Heading(
        "Cover it up",
        "There is a way to ask where the classifier looks without a look inside: cover a piece of the picture "
        "with a grey square and see how far the verdict falls (ℓ, the mean of both logits). Slide the square over "
        "the whole picture, and every place gets its own number. Does this agree with the attention map?",
    ),
    size="Size of the square",
    share="{percent} of the picture’s shorter side",
    covered="The grey square",
    covered_alt="{name} with a grey square in its middle",
    start="Press Start: the square slides over the picture, and what is found appears as it goes.",
    fall="How far the verdict falls",
    fall_alt="How far the verdict falls when the grey square covers each place of {name}: red where it falls, "
    "blue where it rises",
    square="square of {pixels} px",
    progress="Measured: {done} of {total} squares.",
    fell="Uncovered, the verdict is {verdict}. The square that costs it most leaves {least}.",
    never_fell="Uncovered, the verdict is {verdict}. No square has lowered it yet.",
    rises="rises by {by}",
    falls="falls by {by}",
    agrees="The fall and the attention map {how}.",
    correlation="Their rank correlation is {correlation} (1: the same order of places, 0: no relation, −1: the "
    "reverse).",
    flat="The fall and the attention map cannot be compared, since one of them is the same everywhere.",
    strongly="agree strongly",
    somewhat="agree somewhat",
    hardly="hardly agree",
    not_at_all="do not agree at all",
    contrary="contradict each other",
    why="They need not agree: the verdict is read off the pooled features alone, while the attention map shows "
    "what the decoder is given to draw from. And a grey square is itself something the classifier has never seen.",
    agreement="Rank correlation of the fall with each map",
    reverse="the reverse, −1",
    same="the same order, 1",
)

ADALIN = Adalin(
    heading=Heading(
        "AdaLIN: each channel or the whole layer",
        "After every convolution but the last, the decoder normalises its features in two ways. Instance norm "
        "(â_{{I}}) takes each channel by itself and tends to keep the content of the input. Layer norm (â_{{L}}) takes "
        "all channels of a layer together and lets content and style change more. A learned number (ρ) mixes the "
        "two, channel by channel. Then each channel is scaled (γ) and shifted (β): in the blocks both come from the "
        "attended features, in upsampling they are the same for every picture.",
    ),
    pull="Pull ρ",
    pull_info="−1: all the way to layer norm. 0: as learned. 1: all the way to instance norm.",
    layer="In which layer",
    all_layers="all layers",
    other="γ and β from",
    own="this picture itself",
    block="Block {block}, norm {half}",
    upsampling="Upsampling {number}",
    start="ρ is as it was learned: {blocks} on average in the blocks, {upsampling} in upsampling. As published, "
    "training began at 0.9 and 0. Pull it: what changes?",
    pulled="Pulled, ρ went from {usual} to {now} on average over the layers.",
    borrowed="γ and β come from {other}, everything else from this picture.",
    formulas=(
        "γ · (ρ · â_{{I}} + (1 − ρ) · â_{{L}}) + β",
        "on average: γ · ({rho} · â_{{I}} + {rest} · â_{{L}}) + β",
    ),
    bars="ρ by layer, averaged over its channels; the mark is what was learned",
    layer_norm="layer norm, 0",
    instance_norm="instance norm, 1",
    note="learned: {mean} on average, its channels lie between {low} and {high}",
    other_panel="γ and β come from here",
    other_alt="The picture {other}, as the networks see it",
)
