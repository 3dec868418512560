"""What a person says of a picture's attributes goes for this picture alone."""

from dataclasses import replace

from PIL import Image

from ugatit.inference.translation import Translation
from viz.display import DisplayedTranslation
from viz.tabs.translate.attributes_box import corrected, shown

RED, BLUE = (Image.new("RGB", (8, 8), color) for color in ("red", "blue"))


def test_ticked_attributes_are_those_of_the_picture(translation: Translation) -> None:
    read = replace(translation, attributes={"glasses": True, "red hair": False})
    correction = corrected(DisplayedTranslation(read, "face"), "faces", RED, ["red hair"])
    assert correction is not None
    assert correction.attributes == {"glasses": False, "red hair": True}
    for target in ("glasses", "no glasses", "red hair"):
        assert correction.source_for("faces", RED, target) == ("red hair",)
    assert correction.source_for("faces", BLUE, "glasses") is None
    assert correction.source_for("others", RED, "glasses") is None
    assert correction.source_for("faces", RED, "happy") is None, "an attribute of the other set"


def test_boxes_show_what_was_read_and_are_hidden_without(translation: Translation) -> None:
    box = shown(replace(translation, attributes={"glasses": True, "red hair": False}))
    assert [value for _, value in box.choices] == ["glasses", "red hair"]
    assert (box.value, box.visible) == (["glasses"], True)
    assert not shown(translation).visible
    assert corrected(DisplayedTranslation(translation, "face"), "faces", RED, []) is None
    assert corrected(None, "faces", RED, []) is None
