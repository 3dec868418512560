"""Compose pictures in a grid with column titles, for model cards."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from viz.contact_sheet import BACKGROUND, GUTTER, HAIRLINE, INK, MARGIN, fit_in_square, load_font, truncate


def grid_picture(
    rows: Sequence[Sequence[Image.Image]], titles: Sequence[str], side: int = 128, groups: int = 1
) -> Image.Image:
    """Return pictures in rows under column titles, each in a square of `side` pixels; RGB.

    groups: the number of rows placed side by side, each with its own titles; for long grids.
    Raises ValueError if there are no rows or titles, or a row does not have one picture for each title.
    """
    for row in rows:
        if len(row) != len(titles):
            raise ValueError(f"A row has {len(row)} pictures for {len(titles)} titles.")
    if not rows or not titles:
        raise ValueError("A grid needs at least one row and one column.")
    font, gap, title_height = load_font(max(11, side // 9)), max(4, side // 16), max(24, side // 4)
    group_width = len(titles) * (side + gap) - gap
    width = 2 * MARGIN + groups * (group_width + GUTTER) - GUTTER
    height = 2 * MARGIN + title_height + -(-len(rows) // groups) * (side + gap) - gap
    sheet = Image.new("RGB", (width, height), BACKGROUND)
    draw = ImageDraw.Draw(sheet)
    for group in range(min(groups, len(rows))):
        for column, title in enumerate(titles):
            x = MARGIN + group * (group_width + GUTTER) + column * (side + gap)
            draw.text((x, MARGIN), truncate(title, font, side), fill=INK, font=font)
    for index, row in enumerate(rows):
        y = MARGIN + title_height + index // groups * (side + gap)
        for column, picture in enumerate(row):
            x = MARGIN + index % groups * (group_width + GUTTER) + column * (side + gap)
            sheet.paste(fit_in_square(picture, side), (x, y))
            draw.rectangle((x - 1, y - 1, x + side, y + side), outline=HAIRLINE)
    return sheet
