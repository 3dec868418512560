"""How the page looks: one accent on calm greys, fonts of the system, nothing fetched from outside."""

import gradio as gr

SYSTEM_FONTS = ("ui-sans-serif", "system-ui", "sans-serif")
SYSTEM_MONO = ("ui-monospace", "monospace")


def theme() -> gr.themes.Base:
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
        button_primary_background_fill_dark="*primary_600",
        button_primary_background_fill_hover_dark="*primary_500",
        button_primary_text_color="white",
        slider_color="*primary_700",
        slider_color_dark="*primary_500",
    )


CSS = """
.gradio-container { max-width: 1560px !important; margin: 0 auto !important; }
#lead { margin-bottom: -6px; }
#lead h1 { font-size: 1.5rem; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 2px; }
#lead p { color: var(--body-text-color-subdued); margin: 0; }
.group-title h2 { font-size: 1rem; font-weight: 600; margin: 4px 0 0; }
.group-title h3 { font-size: .875rem; font-weight: 600; margin: 4px 0 0; }
.quiet, .quiet p { color: var(--body-text-color-subdued); font-size: .8125rem; margin: 0; }
#status { min-height: 1.25rem; }
#status p { font-size: .8125rem; color: var(--body-text-color-subdued); margin: 0; }
.map-text p { font-size: .8125rem; line-height: 1.45; margin: 0 0 3px; }
.map-text strong { font-weight: 600; }
.map-text small { font-size: .75rem; color: var(--body-text-color-subdued); }
.tiny img, .examples img { image-rendering: pixelated; }
.smooth img { image-rendering: auto; }
.examples .caption-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.examples .grid-wrap { min-height: 0 !important; }
:focus-visible { outline: 2px solid var(--primary-600) !important; outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) { * { animation: none !important; transition: none !important; } }
"""

SAVE_FILE = """(file) => {
  if (!file) return;
  const link = document.createElement("a");
  link.href = file.url;
  link.download = file.orig_name || "translation.zip";
  document.body.append(link);
  link.click();
  link.remove();
}"""
"""Hands a file that a handler made to the browser's downloads."""

SHOW_RESULT = """() => {
  const result = document.getElementById("result");
  if (result && window.innerWidth < 768) result.scrollIntoView({behavior: "smooth", block: "start"});
}"""
"""On a phone the result lies below the fold: bring it into view."""
