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


CSS = """
.gradio-container { max-width: 1560px !important; min-width: 0 !important; width: 100%; margin: 0 auto !important; }
.dark { --color-accent: var(--primary-400); }
.gradio-container > .main { min-width: 0; width: 100%; }
#lead h1 { font-size: 1.375rem; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 2px; }
#lead p { color: var(--body-text-color-subdued); margin: 0; }
.heading h2 { font-size: .9375rem; font-weight: 600; margin: 0; }
.heading h3 { font-size: .8125rem; font-weight: 600; margin: 0; }
.quiet p, #status p { color: var(--body-text-color-subdued); font-size: .8125rem; line-height: 1.45; margin: 0; }
#status:not(:has(p)) { display: none; }
#status p { color: var(--body-text-color); border-left: 3px solid var(--primary-600); padding-left: 10px; }

.picture { display: flex; flex-direction: column; }
.picture > label { position: static !important; border: 0 !important; background: none !important; flex: none; }
.picture > label svg { display: none; }
.picture > label span { margin: 0 !important; width: 0; height: 0; }
.picture .image-container { flex: 1 1 0; min-height: 0; height: auto !important; }
.picture .image-container > button, .picture .image-frame { width: 100%; height: 100%; }
.picture .image-frame img { width: 100%; height: 100%; object-fit: contain; }
.tiny img { image-rendering: pixelated; }
.picture .icon-button-wrapper { border: 0 !important; background: none !important; box-shadow: none !important; }
.picture > .image-container > .icon-button-wrapper { top: -28px !important; }
.picture .image-container { overflow: visible !important; }

#output-image, #before-after { height: clamp(270px, 38vh, 440px) !important; }
#before-after .slider-wrap, #before-after .slider-wrap > .wrap { height: 100%; }
#before-after .slider-wrap img { max-height: calc(clamp(270px, 38vh, 440px) - 48px) !important; }
.map { height: clamp(240px, 31vh, 360px) !important; }
.map-text p { font-size: .8125rem; line-height: 1.4; margin: 0 0 2px; }
.map-text strong { font-weight: 600; }
.map-text small { font-size: .75rem; color: var(--body-text-color-subdued); }

.scale { display: flex; align-items: center; gap: 10px; font-size: .75rem; color: var(--body-text-color-subdued); }
.scale i { flex: 1; height: 10px; border-radius: 5px; }

.examples .grid-wrap { min-height: 0 !important; overflow: visible !important; padding: 0 !important; }
.examples .grid-container { grid-template-columns: repeat(auto-fill, minmax(50px, 1fr)) !important;
  grid-template-rows: none !important; grid-auto-rows: auto !important; gap: 6px !important; padding: 0 !important; }
.examples .caption-label { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.examples .thumbnail-item { background: white; aspect-ratio: 1; height: auto !important; padding: 0; }
.examples .gallery-item { height: auto !important; }
#take-home { align-items: center; }

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
