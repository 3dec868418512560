"""English texts of the lesson's steps 7 to 10: critics, the way back, training, and tests of a map."""

from viz.i18n.schema.heading import Heading
from viz.i18n.schema.steps_7_to_10 import Critics, Cycle, Faithfulness, Growth

CRITICS = Critics(
    heading=Heading(
        "The critics",
        "While it learned, the generator had two opponents, the critics (discriminators in the paper): a local one "
        "(D_{{L}}) that judges small patches, and a global one (D_{{G}}) that judges large ones. They learned to give "
        "real {to} pictures the score 1 and translated ones the score 0; a score may lie outside that range. They "
        "have the same kind of attention. The better the generator, the harder that is.",
    ),
    critic="Critic",
    no_attention="The critics of this model have no attention, so this step cannot be shown.",
    across="The patch, from left to right",
    down="The patch, from top to bottom",
    real="A real {to} picture",
    real_alt="A real {to} picture; a frame shows the patch that one score judges",
    translation_alt="{name}, translated to {to}; a frame shows the patch that one score judges",
    on_real="the real picture",
    on_translation="the translation",
    attention="Its attention map",
    attention_alt="Where the critic looked on {on}",
    patches="Its patch scores",
    patches_alt="The critic's patch scores on {on}, from {lowest} to {highest}",
    patch="One score of this critic judges a patch of {field}×{field} pixels: the frame. There are "
    "{columns}×{rows} such patches on the picture of {width}×{height}, and they overlap.",
    large_patch="One score of this critic judges a patch of {field}×{field} pixels, more than the whole picture of "
    "{width}×{height}: the frame is what of it lies on the picture. There are {columns}×{rows} such patches.",
    in_frame="In the frame the real picture gets {real} ({real_word}), the translation {translated} "
    "({translated_word}).",
    in_frame_alone="In the frame the translation gets {translated} ({translated_word}).",
    looks_translated="looks translated",
    undecided="undecided",
    looks_real="looks real",
    apart="On average over all patches it gives the real picture {real} and the translation {translated}: these two "
    "it can tell apart.",
    together="On average over all patches it gives the real picture {real} and the translation {translated}: these "
    "two it can hardly tell apart.",
    reversed="On average over all patches it gives the real picture {real} and the translation {translated}: of "
    "these two it takes the translation for the more real one.",
    no_reference="There is no real {to} picture at hand to compare with, so the critic judges the translation "
    "alone: {translated} on average over all patches.",
    formula_patch="A cell of its attention map sees {cell} pixels; the last convolution joins {cells} cells, "
    "{stride} pixels apart: {cell} + {more}·{stride} = {field}",
    formula_loss="Part of what it learned to make small, for these two: mean (s_{{real}} − 1)² = {real} and "
    "mean s_{{translated}}² = {translated}",
    nearer_translated="translated ← {value}",
    nearer_real="{value} → real",
    scores="Its scores: the aim was 1 for real, 0 for translated",
    score="Score",
    cam_gap="CAM, average pooling (ℓ_{{gap}})",
    cam_gmp="CAM, max pooling (ℓ_{{gmp}})",
    patch_mean="patches, on average (s)",
    patch_in_frame="patch in the frame",
)

CYCLE = Cycle(
    heading=Heading(
        "There and back",
        "There are two generators, one for each way. Three rules let them learn without ever seeing a pair: look like "
        "{to} (the critics), leave alone what is {to} already (identity), and come home as it left, from {origin} to "
        "{to} and back (cycle consistency). What was lost on the way?",
    ),
    returned="Back again",
    returned_alt="{name}, translated to {to} and back to {origin}",
    difference="What was lost",
    difference_alt="How far each pixel of the returned {name} lies from the input; most {place}",
    difference_made="grey levels, the mean of red, green and blue",
    equal="no difference",
    different="{levels} grey levels",
    attention_there="Attention on the way there",
    attention_back="Attention on the way back",
    attention_back_alt="Where the other generator looked on the translation of {name}",
    lost="The returned picture differs from the input by {lost} of 255 grey levels on average; the translation "
    "differed by {changed}.",
    kept="So the way back undid a part of the change.",
    farther="So the way back did not undo the change here.",
    most_lost="Most was lost {place}: {levels} grey levels there.",
    places=(
        "at the top left",
        "at the top",
        "at the top right",
        "at the left",
        "in the middle",
        "at the right",
        "at the bottom left",
        "at the bottom",
        "at the bottom right",
    ),
    back_verdict="The other generator's classifier, asked about the translation, says: {percent} {to}.",
    formula="mean |x − G_{{back}}(G_{{there}}(x))| = {lost} grey levels = {lost} / 127.5 = {scaled} on the "
    "networks' scale from −1 to 1",
)

GROWTH = Growth(
    heading=Heading(
        "How attention grew",
        "A network that begins with random weights does not know where to look. It learns. These pictures were "
        "never trained on; every now and then they were translated and what came out was kept. Pull the slider "
        "through time.",
    ),
    moment="Moment of training",
    sample="Picture",
    none="These weights were kept without pictures of their training, so there is nothing to show here. Other "
    "weights may have some: choose them above.",
    at_step="Moment {number} of {count}: after {step} steps of training.",
    verdict="The classifier said: {percent} {origin}. The picture is {origin}.",
    likeness="Rank correlation of its attention map with the newest one: {correlation} (1: the same order of "
    "places, 0: no likeness).",
    newest="This is the newest map, the one that the others are compared with.",
    fixed="Earlier versions of the networks were not kept, so only these pictures can be shown.",
    attention_made="{columns}×{rows} cells, colours as for the newest map",
    strip="The attention map at every moment, from the first to the newest; the underlined one is shown above",
    strip_alt="{count} attention maps of {name} in order of time; number {number} is underlined",
    verdicts="What the classifier said",
    verdicts_y="% {origin}",
    likenesses="How like the newest map",
    likenesses_y="rank correlation",
    step="steps of training",
    this_picture="this picture",
    all_pictures="mean of all {count} pictures",
    chosen="chosen moment",
    chosen_says="step {step}",
    unknown="not kept",
)

FAITHFULNESS = Faithfulness(
    heading=Heading(
        "Can one trust a map?",
        "A map can look convincing and still be wrong, so test it. Turn grey the pixels that it rates highest, a "
        "few more each time, and ask the classifier again (deletion): the more faithful the map, the sooner the "
        "verdict (ℓ) falls and the smaller the area under its curve. Then put those pixels first into a grey "
        "picture (insertion): now a large area is good. A map of random numbers is what it has to beat. This tests "
        "whether a map explains the verdict; the attention map need not.",
    ),
    start="Press Start: four maps are tested, which takes some seconds.",
    progress="Tested: {done} of {total}, the last one was “{name}”.",
    least_deletion="Deleting, the smallest area ({area}) belongs to “{name}”.",
    most_insertion="Inserting, the largest area ({area}) belongs to “{name}”.",
    beats_chance="On this picture the attention map beats a random map in both tests.",
    beats_in_part="On this picture the attention map beats a random map in one of the two tests.",
    no_better="On this picture the attention map beats a random map in neither test.",
    caveat="Read this with care: a picture with grey holes is nothing the classifier has ever seen, so the curves "
    "need not move steadily.",
    deletion="Deletion: the smaller the area, the more faithful",
    insertion="Insertion: the larger the area, the more faithful",
    deleted="share of pixels turned grey",
    inserted="share of pixels put into a grey picture",
    logit="verdict ℓ",
    area="area {area}",
    pointing="On many unseen pictures, {origin} to {to}: does a map look at what must change?",
    map="Map",
    hits="maximum on it",
    iou="overlap (IoU)",
    measured="On many held-out pictures, {origin} to {to}",
    figure="Figure",
    value="Value",
    on_object="Attention on the object, against the picture’s average",
    times="{value}×",
    mirror="Rank correlation after mirroring the picture (1: the map is mirrored with it)",
    of="{network}: {map}",
)
