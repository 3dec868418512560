"""English texts of the lesson's steps 1 to 4: from the classifier's question to the attention map."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.steps_1_to_4 import Encoder, Evidence, Pooling, Question

QUESTION = Question(
    heading=Heading(
        "The question",
        "Inside the generator sits a small classifier. Its first task is to tell {origin} from {to}. Its weights also "
        "weigh the features that the generator draws from, so all other losses train them too. Is this picture "
        "{origin}? And where can one see that?",
    ),
    verdict="The classifier says: {percent} {origin}.",
    scale="It answers with two numbers, its logits: {gap} from the averages and {gmp} from the maxima of what it "
    "sees. Above 0 speaks for {origin}, below 0 for {to}. In training each has a loss of its own; here the verdict is "
    "their mean, squeezed between 0 and 1 by the sigmoid (σ).",
    looked="The attention map is bright where the sum of the attended features is large. The next steps show how "
    "it comes about.",
    formula="σ((ℓ_{{gap}} + ℓ_{{gmp}}) / 2) = σ(({terms}) / 2) = {probability}",
)

ENCODER = Encoder(
    heading=Heading(
        "What the encoder sees",
        "The encoder turns the picture into channels (E_{{k}}): small maps, each bright where it finds a pattern "
        "of its own. The classifier keeps one number of each channel, multiplies it by a learned weight (w_{{k}}) "
        "and adds up. The sum is a logit (ℓ): above 0 speaks for {origin}, below 0 for {to}. Press a channel to "
        "switch it off: what changes?",
    ),
    pooling="One number of each channel",
    pooled_by=("its average (gap)", "its maximum (gmp)"),
    shown="Channels shown",
    strongest="Switch off the strongest",
    off="Channels switched by hand",
    off_info="Off, or on again if the slider had switched them off. Empty this to undo.",
    option="channel {channel}",
    tiles=(
        "The strongest of {all} channels, each on its own colour scale",
        "The strongest of {all} channels, each on its own colour scale, a ring at its maximum",
    ),
    notes=(
        "average {pooled} × weight {weight} = {contribution}",
        "maximum {pooled} × weight {weight} = {contribution}",
    ),
    label="{channel} · {contribution}",
    stack="All contributions add up to the logit",
    rest="the other {count}",
    rest_of_formula="{terms} (the other {count})",
    total="ℓ_{{{pooling}}} = {logit}",
    formulas=(
        "ℓ_{{gap}} = Σ_{{k}} w_{{k}} · mean(E_{{k}}) = {terms} = {logit}",
        "ℓ_{{gmp}} = Σ_{{k}} w_{{k}} · max(E_{{k}}) = {terms} = {logit}",
    ),
    untouched="All {all} channels are on: ℓ_{{{pooling}}} = {logit}, and the verdict is {percent} {origin}.",
    moved="Channels off: {count} of {all}. The logit ℓ_{{{pooling}}} went from {before} to {after}.",
    other="The other logit, ℓ_{{{pooling}}}, went from {before} to {after}.",
    verdict="The verdict went from {before} to {after} {origin}.",
)

POOLING = Pooling(
    heading=Heading(
        "Two ways to pool",
        "To keep one number of a whole channel, one can take its average or its maximum. The average asks every "
        "cell a little; the maximum asks only the strongest one. The classifier does both, with weights of their "
        "own (w_{{gap}} and w_{{gmp}}), and the attention weighs the channels by both. What does each find? And "
        "what if one of them is taken away after training?",
    ),
    attend="The attention weighs channels by",
    choices=("both", "only the average", "only the maximum", "the signs alone: all |w| alike"),
    gap_map="Evidence by the average’s weights",
    gmp_map="Evidence by the maximum’s weights",
    peaks="Where the maxima lie",
    gap_alt="Evidence map of average pooling over {name}: red speaks for {origin}, blue for {to}",
    gmp_alt="Evidence map of max pooling over {name}: red speaks for {origin}, blue for {to}",
    peaks_alt="{name} with a dot at each cell where channels have their maximum: red dots speak for {origin}, "
    "blue ones for {to}",
    peaks_made="the larger the dot, the more its channels contribute",
    formulas=(
        "ℓ_{{gap}} = mean of Σ_{{k}} w_{{k}} E_{{k}} over all {cells} cells = {logit}",
        "ℓ_{{gmp}} = sum of the dots, {cells} of them = {logit}",
    ),
    peaked="The average takes all {all} cells of a channel alike. The maxima of the {channels} channels fall on "
    "{cells} of those cells.",
    peaked_on_object="{hits} of the {channels} maxima lie inside the outline, which covers {percent} of the picture.",
    untouched="The attention weighs by both, as it learned to.",
    changed="The attention now weighs by {choice}. Rank correlation of its map with the untouched one: {correlation}.",
    stay="Both logits stay: the classifier still sees the same channels.",
    reach="The map’s cells now lie between {low} and {high}; untouched, between {low_before} and {high_before}.",
    figures="Both logits in numbers",
    figures_head=("", "average (gap)", "maximum (gmp)"),
    pooled_between="Pooled values lie between",
    between="{low} and {high}",
    weights="Weights, mean size |w|",
    in_favour="Contributions for {origin}",
    against="Contributions for {to}",
    logit="Logit (ℓ), their sum",
    alone="Verdict by this logit alone",
    share="{percent} {origin}",
)

EVIDENCE = Evidence(
    heading=Heading(
        "From evidence to attention",
        "Two maps, both made of the same channels. The evidence map adds up channel times weight (w_{{k}} E_{{k}}) "
        "in every cell, with its sign: red speaks for {origin}, blue for {to}. For the attention map, a 1×1 "
        "convolution mixes the weighed channels and ReLU cuts them at 0: from these the generator draws. Their "
        "sum is the map. Do both look at the same place?",
    ),
    pooling="Evidence by the weights of",
    pooled_by=("average pooling (gap)", "max pooling (gmp)"),
    map="Evidence map",
    map_alt="Evidence map over {name}: red speaks for {origin}, blue for {to}",
    attended="Mixed channel {channel}",
    attended_alt="Mixed channel {channel} over {name}",
    attended_made="{percent} of the attention map",
    formulas=(
        "ℓ_{{gap}} = mean of the evidence map = ({terms}) / {cells} = {mean}; from the channels: {logit}",
        "mean of the evidence map = ({terms}) / {cells} = {mean}, but ℓ_{{gmp}} = {logit}: it takes each "
        "channel’s strongest cell alone",
        "attention map = Σ_{{k}} A_{{k}}, where A = ReLU(conv_{{1×1}}([w_{{gap}} E, w_{{gmp}} E]))",
    ),
    canceled="In the evidence map, {favour} cells for {origin} add up to {plus} and {against} for {to} to {minus}: "
    "{mean} per cell is left.",
    not_canceled="In the last sum of the attention map nothing cancels: ReLU has put {percent} of the mixed values to "
    "0, the rest is positive. What cancelled did so inside the 1×1 convolution. Its cells lie between {low} and "
    "{high}.",
    blind="Why can the average look elsewhere? Whatever the encoder’s residual blocks find, instance norm shifts "
    "until its average is 0: what is left is the average of the layer before the blocks ({gap_low} to {gap_high}). So "
    "the averages never see what the blocks found, and do not decide where the evidence has its hills. The maxima do "
    "see it ({gmp_low} to {gmp_high}).",
    mixed="The attention is not bound to that: its convolution learns from the translations which mixtures help. "
    "The last two pictures are the mixtures that add most to the map.",
    agreement="Rank correlation of the two maps: {correlation}.",
    rank="A rank correlation of 1 means the same order of cells, 0 no relation, −1 the reverse.",
    pointing="Do the maps look at what must change?",
    pointing_head=("", "maximum inside the outline?", "overlap (IoU)"),
    of_maps=("Attention map", "Evidence, average (gap)", "Evidence, maximum (gmp)"),
    hit="yes",
    missed="no",
    both_hit="The maxima of both maps lie inside the outline.",
    attention_only="The attention’s maximum lies inside the outline, the evidence’s outside.",
    evidence_only="The evidence’s maximum lies inside the outline, the attention’s outside.",
    neither_hit="Neither map has its maximum inside the outline.",
)
