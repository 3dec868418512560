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

.domain { background: var(--block-background-fill); border: 1px solid var(--block-border-color) !important; }
.domain > .styler, #through-time > .styler { background: var(--block-background-fill) !important; }
.domain .block { border-width: 0; }
.domain .upload-container .icon-wrap { display: none; }
.domain .upload-container .wrap { flex-direction: row; gap: .4em; font-size: .8125rem; min-height: 0; }
.domain .file-preview td { padding: 2px 8px; font-size: .75rem; }
.domain .file-preview tr { height: auto; padding: 2px 6px; margin-top: 2px; }
.domain .html-container, #watch .html-container { padding: 0; }
.strip { padding: 10px 12px; font-size: .8125rem; line-height: 1.45; }
.strip p { margin: 6px 0 0; }
.strip ul { margin: 4px 0 0; padding-left: 1.1em; color: var(--body-text-color-subdued); list-style: disc; }
.strip li { overflow-wrap: anywhere; }
.strip .refused { margin: 0; padding-left: 10px; border-left: 3px solid var(--error-border-color, #dc2626); }
.thumbnails { display: flex; flex-wrap: wrap; gap: 4px; max-height: 44px; overflow: hidden; }
.thumbnails img { height: 44px; width: auto; border-radius: 3px; }
#remarks:not(:has(li)), .said:not(:has(p)), #take-note:not(:has(p)) { display: none; }
#remarks ul { margin: 0; padding-left: 1.1em; }
#remarks li, .said p, #training-off p { font-size: .8125rem; line-height: 1.45; margin: 0; overflow-wrap: anywhere; }
.said p { border-left: 3px solid var(--primary-600); padding-left: 10px; }
#training-off { border: 1px solid var(--border-color-primary); border-radius: var(--radius-md); padding: 12px 14px; }

#run-bar { align-items: end; }
.run-progress p { margin: 0; font-size: .875rem; line-height: 1.45; font-variant-numeric: tabular-nums;
  min-height: 1.45em; overflow-wrap: anywhere; }
.run-progress .hint { color: var(--body-text-color-subdued); }
.run-progress .bar { height: 6px; border-radius: 3px; margin-bottom: 8px; overflow: hidden;
  background: var(--border-color-primary); }
.run-progress .bar i { display: block; height: 100%; background: var(--primary-600); transition: width .6s ease; }
.run-progress.failed .bar i, .run-progress.killed .bar i { background: #dc2626; }
.run-progress.stopped .bar i { background: var(--body-text-color-subdued); }
.run-progress.failed p, .run-progress.killed p { border-left: 3px solid #dc2626; padding-left: 10px; }

#moment input[type=range]::-webkit-slider-thumb { background: white; border: 3px solid var(--primary-600); }
#moment input[type=range]::-moz-range-thumb { background: white; border: 3px solid var(--primary-600); }
#watch .wrap.hide { visibility: hidden; }
#moment .tab-like-container, #moment .min_value, #moment .max_value { display: none; }
.placeholder { display: grid; place-items: center; min-height: 96px; padding: 16px; text-align: center;
  border: 1px dashed var(--border-color-primary); border-radius: var(--radius-md); }
.placeholder p { margin: 0; font-size: .8125rem; color: var(--body-text-color-subdued); max-width: 46ch; }
#preview .placeholder { min-height: 180px; }
.samples .when { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 0 0 8px; font-size: .8125rem;
  font-variant-numeric: tabular-nums; }
.samples .when strong { font-weight: 600; }
.samples .when span { color: var(--body-text-color-subdued); }
.samples .scale { margin-left: auto; gap: 6px; }
.samples .scale i { flex: none; width: 96px; height: 8px; }
.sample { display: grid; grid-template-columns: repeat(5, minmax(0, 1fr)); gap: 6px; margin-bottom: 6px;
  max-width: 860px; }
.sample figure { margin: 0; display: flex; flex-direction: column-reverse; justify-content: flex-end; }
.sample img, .sample i { display: block; width: 100%; aspect-ratio: 1; border-radius: 3px; object-fit: contain; }
.sample i { background: var(--border-color-primary); }
.sample figcaption { font-size: .75rem; line-height: 1.6; color: var(--body-text-color-subdued); overflow: hidden;
  white-space: nowrap; text-overflow: ellipsis; }
.sample ~ .sample figcaption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
.curves { max-width: 560px; }
.curves svg { display: block; width: 100%; height: auto; }
.dark .curves svg { filter: brightness(1.3); }
@media (max-width: 640px) {
  .samples .scale { margin-left: 0; }
  .sample { grid-template-columns: repeat(6, minmax(0, 1fr)); margin-bottom: 14px; }
  .sample figure { grid-column: span 2; }
  .sample figure:nth-child(-n + 2) { grid-column: span 3; }
}

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

SHOW_RUN = """(said) => {
  const run = document.getElementById("watch");
  if (run && STARTED.includes(said) && window.innerWidth < 768) run.scrollIntoView({behavior: "smooth"});
}"""
"""The same for a run that was started; why none was, is said where one looks already. STARTED stands for the ways to
say so."""

REMEMBER_TAB = """() => {
  const tab = document.querySelector("#tabs > .tab-wrapper [role=tab][aria-selected=true]");
  const name = tab && tab.getAttribute("aria-controls");
  if (!window.tabsAreOpen || !name) return;
  // A step of the lesson is a place within its tab.
  if (name === "tab-learn" && location.hash.startsWith("#step-")) return;
  // Spelt out, since the page has a base address that "#…" alone would lead to.
  history.replaceState(null, "", location.pathname + location.search + "#" + name.replace("tab-", ""));
}"""
"""The address tells the tab, so that a reload, or an app that was restarted, leaves one where one was."""

OPEN_REMEMBERED_TAB = """() => {
  window.tabsAreOpen = true;
  // A link into the lesson has opened its tab already.
  if (new URLSearchParams(location.search).has("step")) return;
  const name = location.hash.startsWith("#step-") ? "learn" : location.hash.slice(1);
  const tab = name && document.querySelector(`[role=tab][aria-controls="tab-${CSS.escape(name)}"]`);
  if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
}"""

SHOW_STEP = """() => {
  const asked = new URLSearchParams(location.search).get("step");
  const id = asked ? "step-" + asked : location.hash.startsWith("#step-") ? location.hash.slice(1) : "";
  const step = id && document.getElementById(id);
  if (!step || !step.offsetParent || window.stepIsShown) return;
  window.stepIsShown = true;
  step.scrollIntoView();
}"""
"""Brings the step that the address names into view, once."""
