"""The computed parts of a model card."""

from weights.cards import fill_card
from weights.recipes import RECIPES

CARD = "# T\n<!-- recipe -->\nold\n<!-- end of recipe -->\nwords\n<!-- figures -->\nold\n<!-- end of figures -->\nend\n"
MEASURES = {
    "directions": {
        "flat to clay": {"paired": {"psnr_db": 19.46}, "faithful": {"cycle_error_grey_levels": 9.96}},
        "clay to flat": {"paired": {"psnr_db": 20.04}, "faithful": {"cycle_error_grey_levels": 3.0}},
    }
}


def test_recipe_and_figures_are_filled_in_and_other_text_is_kept() -> None:
    card = fill_card(CARD, "flat2clay", MEASURES)
    assert "old" not in card
    assert "| PSNR to the true picture | 19.5 dB | 20.0 dB |" in card
    assert "| cycle error, mean absolute, of 255 grey levels | 10.0 | 3.0 |" in card
    assert "\nwords\n" in card
    assert card.endswith("\nend\n")
    assert fill_card(card, "flat2clay", MEASURES) == card


def test_card_without_comments_is_unchanged() -> None:
    assert fill_card("# By hand\n", "flat2clay", MEASURES) == "# By hand\n"


def test_missing_measures_have_no_row() -> None:
    card = fill_card(CARD, "flat2clay", MEASURES)
    assert "judge" not in card
    assert "SSIM" not in card


def test_comparison_without_attention_is_shown_beside_the_model() -> None:
    def psnr(to_clay: float, to_flat: float) -> dict[str, dict[str, dict[str, float]]]:
        return {"flat to clay": {"paired": {"psnr_db": to_clay}}, "clay to flat": {"paired": {"psnr_db": to_flat}}}

    with_cam = psnr(10.1, 12.1)
    with_cam["flat to clay"]["attention"] = {"on_object": 1.25}
    directions = {"with CAM": with_cam, "without CAM": psnr(11.1, 13.1)}
    comparison = {"image_size": 64, "steps": 2600, "directions": directions}
    card = fill_card(CARD, "flat2clay", {**MEASURES, "cam": comparison})
    assert "at 64 px after 2,600 steps" in card
    assert "| | flat → clay, with CAM | flat → clay, without CAM | clay → flat, with CAM |" in card
    assert "| PSNR to the true picture | 10.1 dB | 11.1 dB | 12.1 dB | 13.1 dB |" in card
    assert "share of the area | 1.25 | - | - | - |" in card


def test_card_contains_the_commands_of_the_recipe() -> None:
    for name, recipe in RECIPES.items():
        unfolded = fill_card(CARD, name, MEASURES).replace(" \\\n    ", " ")
        assert f"python weights/repeat.py {name}" in unfolded
        for stage in recipe.trainings:
            assert f"\n{stage.command}\n" in unfolded
