"""The computed parts of a card."""

from weights.cards import written
from weights.recipes import RECIPES

PLACES = (
    "# T\n<!-- recipe -->\nold\n<!-- end of recipe -->\nwords\n<!-- figures -->\nold\n<!-- end of figures -->\nend\n"
)
MEASURES = {
    "directions": {
        "flat to clay": {"paired": {"psnr_db": 19.46}, "faithful": {"cycle_error_grey_levels": 9.96}},
        "clay to flat": {"paired": {"psnr_db": 20.04}, "faithful": {"cycle_error_grey_levels": 3.0}},
    }
}


def test_places_are_filled_and_words_stay() -> None:
    card = written(PLACES, "flat2clay", MEASURES)
    assert "old" not in card
    assert "| PSNR to the true picture | 19.5 dB | 20.0 dB |" in card
    assert "| cycle error, mean absolute, of 255 grey levels | 10.0 | 3.0 |" in card
    assert "\nwords\n" in card
    assert card.endswith("\nend\n")


def test_filling_twice_changes_nothing() -> None:
    card = written(PLACES, "flat2clay", MEASURES)
    assert written(card, "flat2clay", MEASURES) == card


def test_card_without_places_stays_as_it_is() -> None:
    assert written("# By hand\n", "flat2clay", MEASURES) == "# By hand\n"


def test_measures_that_are_not_there_have_no_row() -> None:
    card = written(PLACES, "flat2clay", MEASURES)
    assert "judge" not in card
    assert "SSIM" not in card


def test_model_without_attention_stands_beside_one_trained_alike() -> None:
    def both_ways(there: float, back: float) -> dict[str, dict[str, dict[str, float]]]:
        return {"flat to clay": {"paired": {"psnr_db": there}}, "clay to flat": {"paired": {"psnr_db": back}}}

    seen = both_ways(10.1, 12.1)
    seen["flat to clay"]["attention"] = {"on_object": 1.25}
    alike = {"image_size": 64, "steps": 2600, "directions": {"with CAM": seen, "without CAM": both_ways(11.1, 13.1)}}
    card = written(PLACES, "flat2clay", {**MEASURES, "cam": alike})
    assert "at 64 px after 2,600 steps" in card
    assert "| | flat → clay, with CAM | flat → clay, without CAM | clay → flat, with CAM |" in card
    assert "| PSNR to the true picture | 10.1 dB | 11.1 dB | 12.1 dB | 13.1 dB |" in card
    assert "share of the area | 1.25 | - | - | - |" in card


def test_recipe_in_the_card_is_the_one_that_is_run() -> None:
    for name, recipe in RECIPES.items():
        unfolded = written(PLACES, name, MEASURES).replace(" \\\n    ", " ")
        assert f"python weights/repeat.py {name}" in unfolded
        for stage in recipe.trainings:
            assert f"\n{stage.line}\n" in unfolded
