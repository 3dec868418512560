"""The page in English."""

from viz.words.schema import (
    Adalin,
    Brush,
    Critics,
    Cycle,
    Elsewhere,
    Encoder,
    Evidence,
    Faithful,
    Growth,
    Heading,
    Lesson,
    MapNames,
    OcclusionStep,
    Page,
    Pooling,
    Question,
    WhatIf,
    Words,
)

ENGLISH = Words(
    code="en",
    name="English",
    page=Page(
        lead="A picture goes in. Out come its translation, and where three networks looked to make it and to judge it.",
        translate="Translate",
        train="Train",
    ),
    lesson=Lesson(
        tab="Learn",
        lead="How does the network decide where to look? Follow one picture through it, then change what you like.",
        weights="Weights",
        target="Translate",
        picture="Picture",
        own_picture="… or your own picture",
        language="Language",
        link="Link to this step",
        png="PNG, 300 dpi",
        svg="SVG",
        own_picture_in_link="Your own picture stays with you: the link opens the first example instead.",
        waiting="Choose a picture above.",
        no_attention="These weights have no attention to learn from; choose others.",
        cells="{columns}×{rows} cells",
        lowest="little",
        highest="much",
        against="against",
        in_favour="in favour",
        input="Input",
        translation="Translation",
        attention_map="Attention map",
        input_alt="The picture {name}, as the networks see it",
        translation_alt="{name}, translated to {to}",
        attention_alt="Where the generator looked on {name}",
        direction="to {to}",
        upload="Upload a picture of your own",
        example_alt="{name}, {origin}",
        examples="Examples for {title}",
        steps="Steps of the lesson",
        overview="The whole way at a glance",
        overview_lead="This is your picture on its way through the machine. Every picture below is real, and each "
        "leads to the step that takes it apart.",
        features="Strongest channels",
        features_alt="The four channels of the encoder that speak loudest for {name}",
        adalin="AdaLIN, ρ by layer",
        adalin_alt="How far each layer of the decoder keeps texture (ρ near 1) or shape (ρ near 0)",
        critic="A critic looks",
        critic_alt="Where the local critic looked on the translation of {name}",
        back="And back",
        back_alt="The translation of {name}, translated back to {origin}",
        overview_alt="Go to step {number}: {title}",
        start="Start",
        stop="Stop",
        copy="Copy link",
        copied="Copied",
        figure_source="U-GAT-IT Attention Lab · weights {weights} · {origin} → {to} · picture {picture}",
        own_name="your own picture",
        opening="One moment: the picture goes through the network …",
        no_examples="There are no examples for these weights: upload a picture of your own.",
        unknown_weights="The link asks for weights {name!r}, which are not here. Others stand in for them.",
        unknown_target="The link asks for a translation to {name!r}, which these weights cannot make.",
        unknown_picture="The link asks for the picture {name!r}, which is no example here. Another stands in for it.",
        unknown_step="The link leads to a step {name!r}, which the lesson does not have.",
        bad_settings="The link's settings ({settings}) cannot be read, so the step opens as it begins.",
    ),
    what_if=WhatIf(
        attention_before="Attention map, untouched",
        attention_now="Attention map, now",
        translation_before="Translation, untouched",
        translation_now="Translation, now",
        attention_now_alt="Where the generator looks on {name} after the change",
        translation_now_alt="{name}, translated to {to} after the change",
        levels="Pixel by pixel, the translation differs from the untouched one by {levels} of 255 grey levels on "
        "average.",
        outlined="The white outline is the object that makes this scene a {origin}. No network was ever told where it "
        "is.",
    ),
    question=Question(
        heading=Heading(
            "The question",
            "Inside the translator sits a small classifier. All it learns is to tell {origin} from {to}. Where it "
            "finds its reasons, the translator will look. Is this picture {origin}? And where can one see that?",
        ),
        verdict="The classifier says: {percent} {origin}.",
        scale="It answers with two numbers, its logits: {gap} from the averages and {gmp} from the maxima of what it "
        "sees. Above 0 speaks for {origin}, below 0 for {to}. Their mean, squeezed between 0 and 1 by the sigmoid (σ), "
        "is the verdict.",
        looked="The bright places are those it let the translator look at most. The next steps show how they came "
        "about.",
        formula="σ((ℓ_{{gap}} + ℓ_{{gmp}}) / 2) = σ(({terms}) / 2) = {probability}",
    ),
    encoder=Encoder(
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
    ),
    pooling=Pooling(
        heading=Heading(
            "Two ways to pool",
            "To keep one number of a whole channel, one can take its average or its maximum. The average asks every "
            "cell a little; the maximum asks only the strongest one. The classifier does both, with weights of their "
            "own (w_{{gap}} and w_{{gmp}}), and the attention weighs the channels by both. What does each find? And "
            "what if the attention had only one of them?",
        ),
        attend="The attention weighs channels by",
        choices=("both", "only the average", "only the maximum", "nothing: all channels alike"),
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
        peaked_on_object="{hits} of the {channels} maxima lie on the outlined object, which covers {percent} of the "
        "picture.",
        untouched="The attention weighs by both, as it learned to.",
        changed="The attention now weighs by {choice}. Rank correlation of its map with the untouched one: "
        "{correlation}.",
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
        alone="Verdict, were there no other",
        share="{percent} {origin}",
    ),
    evidence=Evidence(
        heading=Heading(
            "From evidence to attention",
            "Two maps, both made of the same channels. The evidence map adds up channel times weight (w_{{k}} E_{{k}}) "
            "in every cell, with its sign: red speaks for {origin}, blue for {to}. The attention map is what the "
            "translator works with: the weighed channels are mixed by a 1×1 convolution, cut at 0 by ReLU, and added "
            "up. Do both look at the same place?",
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
        canceled="In the evidence map, {favour} cells for {origin} add up to {plus} and {against} cells for {to} to "
        "{minus}. All in all that leaves {mean} per cell.",
        not_canceled="In the attention map nothing cancels: ReLU has put {percent} of the mixed values to 0, the rest "
        "is positive. Its cells lie between {low} and {high}.",
        blind="Why can the average look elsewhere? Whatever the encoder’s residual blocks find, instance norm shifts "
        "until its average is 0. So the averages never see it (they all lie between {gap_low} and {gap_high}), and "
        "training them does not decide where in the evidence map the hills lie. The maxima do see it ({gmp_low} to "
        "{gmp_high}).",
        mixed="The attention is not bound to that: it takes the weights of both poolings, and its convolution learns "
        "from the translations which mixtures help. The last two pictures are those that add most to it.",
        agreement="Rank correlation of the two maps: {correlation}.",
        rank="A rank correlation of 1 means the same order of cells, 0 nothing in common, −1 the reverse order.",
        pointing="Do the maps look at the object?",
        pointing_head=("", "maximum on the object?", "overlap (IoU)"),
        of_maps=("Attention map", "Evidence, average (gap)", "Evidence, maximum (gmp)"),
        hit="yes",
        missed="no",
        both_hit="The maxima of both maps lie on the object.",
        attention_only="The attention’s maximum lies on the object, the evidence’s beside it.",
        evidence_only="The evidence’s maximum lies on the object, the attention’s beside it.",
        neither_hit="Neither map has its maximum on the object.",
    ),
    critics=Critics(
        heading=Heading(
            "The critics",
            "While it learned, the translator had two opponents: a local critic (D_{{L}}) that judges small patches, "
            "and a global one (D_{{G}}) that judges large ones. They learned to give real {to} pictures the score 1 "
            "and translated ones the score 0, and they look by the same kind of attention. The better the "
            "translator, the harder that is.",
        ),
        critic="Critic",
        local_critic="Local critic",
        global_critic="Global critic",
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
        apart="On average over all patches it gives the real picture {real} and the translation {translated}: it can "
        "still tell the two apart.",
        together="On average over all patches it gives the real picture {real} and the translation {translated}: it "
        "can hardly tell the two apart.",
        reversed="On average over all patches it gives the real picture {real} and the translation {translated}: here "
        "it was fooled.",
        no_reference="There is no real {to} picture at hand to compare with, so the critic judges the translation "
        "alone: {translated} on average over all patches.",
        formula_patch="A cell of its attention map sees {cell} pixels; the last convolution joins {cells} cells, "
        "{stride} pixels apart: {cell} + {more}·{stride} = {field}",
        formula_loss="What it learned to make small, for these two: mean (s_{{real}} − 1)² = {real} and "
        "mean s_{{translated}}² = {translated}",
        nearer_translated="translated ← {value}",
        nearer_real="{value} → real",
        scores="Its scores: around 1 for real, around 0 for translated",
        score="Score",
        cam_gap="CAM, average pooling (ℓ_{{gap}})",
        cam_gmp="CAM, max pooling (ℓ_{{gmp}})",
        patch_mean="patches, on average (s)",
        patch_in_frame="patch in the frame",
    ),
    cycle=Cycle(
        heading=Heading(
            "There and back",
            "There are two translators, one for each way. A picture that goes from {origin} to {to} and back again "
            "should come home as it left: that is how they learned without ever seeing a pair (cycle consistency). "
            "What was lost on the way?",
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
        back_verdict="The other translator's classifier, asked about the translation, says: {percent} {to}.",
        formula="mean |x − G_{{back}}(G_{{there}}(x))| = {lost} grey levels = {lost} / 127.5 = {scaled} on the "
        "networks' scale from −1 to 1",
    ),
    growth=Growth(
        heading=Heading(
            "How attention grew",
            "At first the network knows nothing, and its attention looks nowhere in particular. Then it learns. These "
            "pictures were never trained on; every now and then they were translated and what came out was kept. Pull "
            "the slider through time.",
        ),
        moment="Moment of training",
        sample="Picture",
        none="These weights were kept without pictures of their training, so there is nothing to show here. Other "
        "weights may have some: choose them above.",
        at_step="Moment {number} of {count}: after {step} steps of training.",
        verdict="The classifier said: {percent} {origin}. The picture is {origin}.",
        likeness="The attention map ranked the places of the picture like the newest map with a rank correlation of "
        "{correlation} (1 would be the same order, 0 no likeness).",
        newest="This is the newest map, the one that the others are compared with.",
        fixed="These are fixed pictures: the networks of those days are gone, so your own cannot be asked of them.",
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
    ),
    maps=MapNames(
        attention="Attention map",
        gap_evidence="Evidence, average (gap)",
        gmp_evidence="Evidence, maximum (gmp)",
        chance="Chance",
    ),
    elsewhere=Elsewhere(
        heading=Heading(
            "What if it looked elsewhere?",
            "The translator draws from the attended features (A), which the attention map adds up cell by cell. "
            "Multiply a cell by 0, and the translator looks away from it; multiply it by 3, and it looks harder. "
            "Paint over the picture: the translation answers after every stroke.",
        ),
        painted="What you painted",
        painted_alt="{name} with what was painted: a plus where to look harder, a dark stroke where not to look",
        start="Nothing is painted yet, so both rows are what the network learned to do. Paint a stroke, or press one "
        "of the buttons beside the brush.",
        changed="Your painting moved the translation by {whole} of 255 grey levels on average: by {inside} where you "
        "painted, by {outside} elsewhere.",
        changed_all="Your painting covers the whole picture and moved the translation by {whole} of 255 grey levels "
        "on average.",
        spreads="Places that you did not touch answer too: γ and β are found from all cells together, and every "
        "convolution looks beyond its own cell.",
        formula="A_{{ij}} becomes m_{{ij}} · A_{{ij}}, with m = {factor} in {harder} cells, 0 in {away}, 1 in {rest}",
    ),
    brush=Brush(
        label="Brush",
        board="The picture to paint on, {columns} by {rows} cells",
        hint="With the mouse, a pen or a finger: paint. With the keyboard: arrow keys move, Space paints, Shift with "
        "an arrow key paints along the way, 1, 2 and 3 choose the brush.",
        mode="What the brush does",
        harder="Look harder",
        away="Do not look",
        erase="Erase",
        untouched="untouched",
        size="Size",
        sizes=("small", "medium", "large"),
        only_there="Look only at the brightest places",
        not_there="Look everywhere but there",
        clear="Clear",
        cell="Row {row}, column {column}: {state}.",
        count="Look harder: {harder} cells. Do not look: {away} cells.",
    ),
    occlusion=OcclusionStep(
        heading=Heading(
            "Cover it up",
            "There is a way to ask where the classifier looks without a look inside: cover a piece of the picture "
            "with a grey square and see how far the verdict falls (ℓ, the mean of both logits). Slide the square over "
            "the whole picture, and every place gets its own number. Does this agree with the attention map?",
        ),
        size="Size of the square",
        share="{percent} of the picture’s side",
        covered="The grey square",
        covered_alt="{name} with a grey square in its middle",
        start="Press Start: the square slides over the picture, and what is found appears as it goes.",
        fall="How far the verdict falls",
        fall_alt="How far the verdict falls when the grey square covers each place of {name}: red where it falls, "
        "blue where it rises",
        square="square of {pixels} px",
        progress="Measured: {done} of {total} squares.",
        fell="Uncovered, the verdict is {verdict}. The square that costs it most leaves {least}.",
        never_fell="Uncovered, the verdict is {verdict}. No square so far lets it fall.",
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
        "what the decoder is given to draw from.",
        agreement="Rank correlation of the fall with each map",
        reverse="the reverse, −1",
        same="the same order, 1",
    ),
    adalin=Adalin(
        heading=Heading(
            "AdaLIN: shape or texture",
            "On its way to the picture, the decoder brings its numbers to one scale after every convolution. There "
            "are two ways: all channels of a layer together (layer norm, â_{{L}}), which keeps shape, or each channel "
            "by itself (instance norm, â_{{I}}), which keeps texture. How much of each (ρ) was learned, channel by "
            "channel. Then contrast (γ) and brightness (β), found from the attended features, are put in.",
        ),
        pull="Pull ρ",
        pull_info="−1: all the way to layer norm. 0: as learned. 1: all the way to instance norm.",
        layer="In which layer",
        all_layers="all layers",
        other="γ and β from",
        own="this picture itself",
        block="Block {block}, norm {half}",
        upsampling="Upsampling {number}",
        start="ρ is as it was learned, {usual} on average over the layers. Pull it: what happens to shapes and "
        "textures?",
        pulled="Pulled, ρ went from {usual} to {now} on average over the layers.",
        borrowed="γ and β come from {other}, everything else from this picture.",
        formulas=(
            "γ · (ρ · â_{{I}} + (1 − ρ) · â_{{L}}) + β",
            "on average: γ · ({rho} · â_{{I}} + {rest} · â_{{L}}) + β",
        ),
        bars="ρ by layer, averaged over its channels; the mark is what was learned",
        shape="keeps shape (layer norm, 0)",
        texture="keeps texture (instance norm, 1)",
        note="learned: {mean} on average, its channels lie between {low} and {high}",
        other_shot="γ and β come from here",
        other_alt="The picture {other}, as the networks see it",
    ),
    faithful=Faithful(
        heading=Heading(
            "Can one trust a map?",
            "A map can look convincing and still be wrong, so test it. Turn the pixels that it rates highest grey, a "
            "few more each time, and ask the classifier again (deletion): the more faithful the map, the sooner the "
            "verdict (ℓ) falls and the smaller the area under its curve. Then put those pixels first into a grey "
            "picture (insertion): now a large area is good. Pixels in random order are what a map has to beat.",
        ),
        start="Press Start: four orders of pixels are tested, which takes some seconds.",
        progress="Tested: {done} of {total}, the last one was “{name}”.",
        least_deletion="Deleting, the smallest area ({area}) belongs to “{name}”.",
        most_insertion="Inserting, the largest area ({area}) belongs to “{name}”.",
        beats_chance="On this picture the attention map beats chance in both tests.",
        beats_in_part="On this picture the attention map beats chance in one of the two tests.",
        no_better="On this picture the attention map beats chance in neither test.",
        caveat="Read this with care: a picture with grey holes is nothing the classifier has ever seen, so the curves "
        "need not move steadily.",
        deletion="Deletion: the smaller the area, the more faithful",
        insertion="Insertion: the larger the area, the more faithful",
        deleted="share of pixels turned grey",
        inserted="share of pixels put into a grey picture",
        logit="verdict ℓ",
        area="area {area}",
        pointing="On many unseen scenes, {origin} to {to}: does a map look at the object?",
        map="Map",
        hits="maximum on the object",
        iou="overlap (IoU)",
        measured="On many held-out pictures, {origin} to {to}",
        figure="Figure",
        value="Value",
        on_object="Attention on the object, against the picture’s average",
        times="{value}×",
        mirror="Rank correlation after mirroring the picture (1: the map is mirrored with it)",
        of="{network}: {map}",
        generator="Generator",
    ),
)
