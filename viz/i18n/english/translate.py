"""English texts of the Translate tab."""

from viz.i18n.schema.translate import Translate

TRANSLATE = Translate(
    picture="Picture",
    draw="Draw",
    several="Several",
    picture_alt="The picture to translate",
    pad="Drawing pad",
    pictures="Pictures",
    start="Translate",
    target="Translate",
    direction="to {to}",
    weights="Weights",
    steps="{count} steps",
    add_weights="Add weights",
    weights_file="A weights folder as .zip, or a published checkpoint",
    hub_id="… or a Hub id",
    add="Add",
    add_note="They are yours alone and go when this page is closed.",
    added="{title} is there, as the page's choice.",
    examples="Examples for {title}",
    translation="Translation",
    no_translation="No translation yet",
    translation_alt="{name}, translated from {origin} to {to}",
    slider="Before and after: drag the line",
    where="Where the networks looked",
    map_alt="{title}: {shown}",
    no_map="No map yet: {title}",
    opacity="Opacity",
    colors="Colours",
    scale="Scale",
    scale_alt="Colours of the maps, from {low} to {high}",
    truth="Outline what must change",
    download="Download picture, maps and numbers",
    numbers="All numbers",
    read="Read in the picture",
    correct="The critic read these attributes, and the translation keeps those that it does not change. Tick what is "
    "there, and the picture is translated again.",
    gallery="Translations",
    archive="Download everything (.zip)",
    done="{done} of {all} pictures done.",
    looked={
        "generator": "Where, on the input, the features are strongest that the generator draws from.",
        "local": "Where, on the translation, the features are strongest that the critic of small patches scores by.",
        "global": "Where, on the translation, the features are strongest that the critic of large patches scores by.",
    },
    measured="{direction} · {width}×{height} px · {milliseconds} ms on {device}, {precision}",
    far="This picture is far from all that the weights were trained on ({domains}): expect little. Its Mahalanobis "
    "distance to {domain}, the nearest domain, is {distance}; that of the domain's own pictures is rarely above "
    "{threshold}.",
    far_pictures="Far from all that the weights were trained on, so expect little there: {names}.",
)
