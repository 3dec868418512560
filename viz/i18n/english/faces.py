"""English texts of drawn faces."""

from viz.i18n.schema.faces import Faces

FACES = Faces(
    throw="A new face",
    choose="Choose its features",
    any="any",
    attributes={"hair": "Hair", "skin": "Skin", "glasses": "Glasses", "smile": "Smile"},
    values={
        "black": "black", "brown": "brown", "blond": "blond", "red": "red", "grey": "grey", "light": "light",
        "tan": "tan", "dark": "dark", "yes": "yes", "no": "no",
    },
    parts={
        "eyes": "eyes", "eyebrows": "eyebrows", "nose": "nose", "mouth": "mouth", "hair": "hair", "glasses": "glasses",
        "skin": "skin", "clothes": "clothes",
    },
    answer="True answer",
    other_artist="The same face by the other artist: one right answer of many",
    answer_alt="{name}, drawn as {to}",
    read="**Drawn → read off the translation:** {attributes}",
    density="**The generator’s attention per area**, 1× is the picture’s mean: {parts}",
    art="Art: {artists}, drawn by {library}",
    artist="{style} by {artist} ({licence})",
)  # fmt: skip
