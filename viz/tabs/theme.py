"""The Gradio theme: one accent on greys, system fonts, nothing fetched from other hosts."""

import gradio as gr

SYSTEM_FONTS = ("ui-sans-serif", "system-ui", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "monospace")


def theme() -> gr.themes.Base:
    """Return the page's theme."""
    return gr.themes.Base(
        primary_hue="teal",
        secondary_hue="teal",
        neutral_hue="slate",
        radius_size="md",
        font=SYSTEM_FONTS,
        font_mono=SYSTEM_MONO,
    ).set(
        body_background_fill="*neutral_50",
        body_background_fill_dark="*neutral_950",
        block_border_width="1px",
        block_shadow="none",
        block_label_background_fill="*background_fill_primary",
        block_label_background_fill_dark="*background_fill_secondary",
        block_label_text_color="*body_text_color_subdued",
        block_label_border_width="0px",
        block_title_text_weight="500",
        button_primary_background_fill="*primary_700",
        button_primary_background_fill_hover="*primary_800",
        button_primary_background_fill_dark="*primary_700",
        button_primary_background_fill_hover_dark="*primary_600",
        button_primary_text_color="white",
        body_text_color_subdued="*neutral_500",
        body_text_color_subdued_dark="*neutral_400",
        color_accent="*primary_700",
        checkbox_background_color_selected="*primary_700",
        checkbox_border_color_selected="*primary_700",
        checkbox_background_color_selected_dark="*primary_600",
        checkbox_border_color_selected_dark="*primary_600",
        button_secondary_background_fill="*background_fill_primary",
        button_secondary_border_color="*border_color_primary",
        button_border_width="1px",
        layout_gap="12px",
        slider_color="*primary_700",
        slider_color_dark="*primary_500",
    )
