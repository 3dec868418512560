"""The page in English."""

from viz.words.schema import Heading, Lesson, Question, Words

ENGLISH = Words(
    code="en",
    name="English",
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
    ),
    question=Question(
        heading=Heading(
            "The question",
            "Inside the translator sits a small classifier. All it learns is to tell {origin} from {to}. Where it "
            "finds its reasons, the translator will look. Is this picture {origin}? And where can one see that?",
        ),
        verdict="The classifier says: {percent} {origin}.",
        looked="The bright places are those it let the translator look at most.",
        formula="σ((ℓ_{{gap}} + ℓ_{{gmp}}) / 2) = σ(({gap} {gmp}) / 2) = {probability}",
    ),
)
