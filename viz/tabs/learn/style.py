"""How the Learn tab looks: sections of one screenful, letters to be read from a distance, one accent."""

LESSON_CSS = """
#head { align-items: start; flex-wrap: nowrap; }
#head > #lead { flex: 1 1 auto; min-width: 0 !important; }
#language { flex: 0 0 auto; min-width: 0 !important; width: auto; padding: 0; }
#language .wrap { gap: 2px; flex-wrap: nowrap; }
#language label { border: 0; background: none; box-shadow: none; padding: 3px 8px; font-size: .8125rem;
  border-radius: var(--radius-md); color: var(--body-text-color-subdued); }
#language label.selected { background: var(--border-color-primary); color: var(--body-text-color); }
#language label.selected span { color: inherit; }
#language label:has(:focus-visible) { outline: 2px solid var(--primary-600); outline-offset: 1px; }
#language input { position: absolute; opacity: 0; width: 1px; height: 1px; }
#language label span { margin: 0; }

#lesson { max-width: 1180px; margin: 0 auto; width: 100%; gap: 20px; font-size: 1rem; line-height: 1.6;
  --card: var(--background-fill-primary); --up: #b2182b; --down: #2166ac;
  --link: var(--primary-700); }
.dark #lesson { --card: var(--block-background-fill); --up: #ef8a62; --down: #67a9cf;
  --link: var(--primary-400); }
#lesson .prose, #lesson .html-container { font-size: inherit; line-height: inherit; }
#lesson .html-container { padding: 0; }
#lesson h2 { font-size: 1.5rem; font-weight: 650; letter-spacing: -0.01em; line-height: 1.25; margin: 0; }
#lesson h3 { font-size: 1rem; font-weight: 600; margin: 0 0 8px; }
#lesson p { margin: 0; }
#lesson-lead p { font-size: 1.1875rem; line-height: 1.5; max-width: 62ch; }
#lesson .lead { max-width: 72ch; margin-top: 8px; }
:lang(ko) { word-break: keep-all; overflow-wrap: anywhere; }
#lesson .quiet { color: var(--body-text-color-subdued); }
#lesson .waiting { padding: 40px 16px; text-align: center; color: var(--body-text-color-subdued);
  border: 1px dashed var(--border-color-primary); border-radius: var(--radius-lg); }
#lesson-status:not(:has(p:not(:empty))) { display: none; }
#lesson-status p { border-left: 3px solid var(--primary-600); padding-left: 12px; }
#lesson sub { font-size: .72em; line-height: 0; vertical-align: -.3em; }

#lesson-choice { gap: 20px; }
#lesson .example-row { display: grid; grid-template-columns: repeat(auto-fill, minmax(64px, 1fr)); gap: 8px; }
#lesson .example-row button { padding: 3px; border-radius: var(--radius-md); background: white; line-height: 0;
  border: 1px solid var(--border-color-primary); cursor: pointer; margin: 0; }
#lesson .example-row button[aria-pressed=true] { outline: 3px solid var(--primary-600); outline-offset: 0; }
#lesson .example-row img { width: 100%; aspect-ratio: 1; object-fit: contain; margin: 0; border-radius: 3px; }
#lesson img.pixels { image-rendering: pixelated; }

#lesson .overview > ol { list-style: none; margin: 16px 0 0; padding: 0; display: grid; gap: 30px;
  grid-template-columns: repeat(7, minmax(0, 1fr)); }
#lesson .overview li { position: relative; margin: 0; padding: 0; }
#lesson .overview li + li::before { content: "→"; position: absolute; left: -25px; width: 20px; text-align: center;
  top: calc((100cqw - 180px) / 14); transform: translateY(-50%); color: var(--body-text-color-subdued);
  font-size: 1.125rem; line-height: 1; }
#lesson .overview { container-type: inline-size; }
#lesson .overview li > a { display: block; color: inherit; text-decoration: none; margin: 0; padding: 0; border: 0; }
#lesson .overview img { width: 100%; aspect-ratio: 1; object-fit: contain; margin: 0 0 6px; display: block;
  border-radius: var(--radius-md); background: white; box-shadow: 0 0 0 1px var(--border-color-primary); }
#lesson .overview a:hover img { box-shadow: 0 0 0 2px var(--primary-600); }
#lesson .overview span { font-size: .875rem; line-height: 1.35; display: block; text-align: center; }

#lesson-steps { position: sticky; top: 0; z-index: 20; overflow: visible; }
.gradio-container { overflow: clip !important; }
#lesson .steps { background: var(--body-background-fill); border-bottom: 1px solid var(--border-color-primary);
  padding: 8px 0; }
#lesson .steps ol { list-style: none; margin: 0; padding: 3px; display: flex; gap: 2px; overflow-x: auto;
  scrollbar-width: none; position: relative; }
#lesson .steps li { margin: 0; padding: 0; flex: 0 0 auto; }
#lesson .steps a { display: block; padding: 4px 9px; border-radius: var(--radius-md); font-size: .875rem;
  color: var(--body-text-color-subdued); text-decoration: none; white-space: nowrap; }
#lesson .steps a * { color: inherit; }
#lesson .steps a b { font-weight: 600; font-variant-numeric: tabular-nums; }
#lesson .steps a { min-width: 40px; text-align: center; position: relative; }
#lesson .steps a:not([aria-current]) span { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
#lesson .steps a:hover { color: var(--body-text-color); background: var(--border-color-primary); }
#lesson .steps a[aria-current] { background: var(--primary-700); color: white; }

#lesson .step { background: var(--card); border: 1px solid var(--border-color-primary);
  border-radius: var(--radius-lg); padding: 28px 32px 18px; gap: 16px; scroll-margin-top: 62px; }
#lesson .step-head h2 b { display: inline-block; min-width: 1.3em; margin-right: .3em; color: var(--link);
  font-weight: 650; }
#lesson .step-controls { gap: 12px; }
#lesson .step-controls:not(:has(*)) { display: none; }
#lesson .step-controls .block { --block-padding: 10px 12px; }
#lesson .step-controls .form { flex-direction: row; flex-wrap: wrap; }
#lesson .step-controls .form > * { flex: 1 1 280px; }
#lesson .step-run { max-width: 340px; }
#lesson .min_value, #lesson .max_value { white-space: nowrap; }

#lesson .view { display: grid; gap: 18px; }
#lesson .seen, #lesson .pictures, #lesson .told { display: grid; gap: 16px; align-content: start; min-width: 0; }
#lesson .panels { display: grid; gap: 16px; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); }
#lesson .panels figure { margin: 0; max-width: 320px; min-width: 0; }
@media (min-width: 1000px) {
  #lesson .view:has(> .plot + .plot) { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  #lesson .view:has(> .plot + .plot) > :not(.plot) { grid-column: 1 / -1; }
  #lesson .seen:has(.panels) { grid-template-columns: minmax(0, auto) minmax(270px, 1fr); gap: 28px;
    --side: clamp(170px, 27vh, 320px); }
  #lesson .seen:has(.panels ~ .panels), #lesson .seen:has(.panels:first-child > :nth-child(4)) {
    --side: clamp(150px, 20vh, 260px); }
  #lesson .seen:has(.says > :nth-child(5)) { grid-template-columns: none; --side: clamp(170px, 27vh, 320px); }
  #lesson .seen:has(.says > :nth-child(5)) .told:has(.formulas) { grid-template-columns: minmax(0, 3fr) minmax(0, 2fr);
    gap: 28px; align-items: start; }
  #lesson .panels { grid-auto-columns: minmax(0, var(--side)); }
  #lesson .panels:has([data-panel=strip]) { grid-auto-columns: minmax(0, 1fr); }
}
#lesson .panels img { width: 100%; height: auto; margin: 0 0 8px; display: block; border-radius: var(--radius-md);
  background: white; box-shadow: 0 0 0 1px var(--border-color-primary); }
#lesson .panels figure[data-panel=strip] { max-width: none; }
#lesson .panels figure[data-panel=strip] img { background: none; box-shadow: none; border-radius: 0; }
#lesson figcaption { font-size: .9375rem; line-height: 1.4; font-weight: 500; }
#lesson figcaption small { display: block; font-size: .8125rem; font-weight: 400;
  color: var(--body-text-color-subdued); }
#lesson .says { max-width: 72ch; display: grid; gap: 8px; align-content: start; }
#lesson .says p:first-child { font-size: 1.125rem; line-height: 1.45; font-weight: 600; text-wrap: pretty; }
#lesson .formulas { display: grid; align-content: start; align-self: start; gap: 4px; padding: 10px 16px;
  border-left: 3px solid var(--primary-600);
  background: var(--body-background-fill); border-radius: 0 var(--radius-md) var(--radius-md) 0;
  font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
#lesson .scales { display: flex; flex-wrap: wrap; gap: 8px 32px; }
#lesson .scales .scale { flex: 0 1 340px; font-size: .8125rem; }

#lesson .chart { min-width: 0; }
#lesson .bar { display: grid; grid-template-columns: minmax(90px, 190px) minmax(60px, 1fr) 4.5em; gap: 12px;
  align-items: center; font-size: .9375rem; padding: 2px 0; }
#lesson .bar b { font-weight: 500; text-align: right; font-variant-numeric: tabular-nums; }
#lesson .track { position: relative; display: block; height: 14px; border-radius: 3px;
  background: var(--border-color-primary); }
#lesson .track i { position: absolute; top: 0; bottom: 0; min-width: 1px; border-radius: 2px; }
#lesson .positive { background: var(--up); }
#lesson .negative { background: var(--down); }
#lesson .bars .positive { background: var(--primary-600); }
#lesson .bars u.was { position: absolute; top: -3px; bottom: -3px; border-left: 2px solid var(--body-text-color); }
#lesson .ends { display: flex; justify-content: space-between; font-size: .875rem;
  color: var(--body-text-color-subdued); margin-bottom: 6px; }
#lesson .stack .track { height: 40px; background: none; border-radius: 0; }
#lesson .stack .track i { border-right: 1px solid var(--card); border-radius: 0; height: 18px; bottom: auto; }
#lesson .stack .track i.down { top: 22px; }
#lesson .stack u { position: absolute; top: -3px; bottom: -3px; width: 0; text-decoration: none;
  border-left: 1px solid var(--body-text-color-subdued); }
#lesson .stack u.total { border-left: 3px solid var(--body-text-color); }
#lesson p.total { font-weight: 500; margin-top: 6px; font-variant-numeric: tabular-nums; }
#lesson .tiles .grid { display: grid; gap: 8px; grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); }
#lesson .tiles button { text-align: left; padding: 4px 4px 5px; border: 1px solid var(--border-color-primary);
  border-radius: var(--radius-md); background: var(--card); color: inherit; cursor: pointer; font-size: .75rem;
  font-weight: 400; line-height: 1.35; position: relative; margin: 0; }
#lesson .tiles button:hover { border-color: var(--primary-600); }
#lesson .tiles button[aria-pressed=false] { border-style: dashed; }
#lesson .tiles button[aria-pressed=false] img { opacity: .25; filter: grayscale(1); }
#lesson .tiles img { width: 100%; margin: 0 0 4px; border-radius: 3px; }
#lesson .tiles span { font-weight: 600; display: block; }
#lesson .tiles em { font-style: normal; position: absolute; z-index: 5; left: calc(50% - 105px);
  bottom: calc(100% + 6px); width: 210px; padding: 8px 10px; border-radius: var(--radius-md);
  background: var(--body-text-color); color: var(--card); font-variant-numeric: tabular-nums;
  visibility: hidden; pointer-events: none; }
#lesson .tiles button:hover em, #lesson .tiles button:focus em { visibility: visible; }
#lesson .plot { max-width: 600px; }
#lesson .plot svg { display: block; width: 100%; height: auto; }
.dark #lesson .plot svg { filter: brightness(1.3); }
#lesson .table { overflow-x: auto; }
#lesson table, #lesson tr { border: 0; }
#lesson table { border-collapse: collapse; font-size: .9375rem; font-variant-numeric: tabular-nums; margin: 0; }
#lesson th, #lesson td { text-align: right; padding: 5px 0 5px 20px; border: 0;
  border-bottom: 1px solid var(--border-color-primary); font-weight: 400; }
#lesson thead th { color: var(--body-text-color-subdued); }
#lesson th:first-child { text-align: left; padding-left: 0; }
#lesson tbody th { font-weight: 500; }

#lesson .foot { display: flex; flex-wrap: wrap; align-items: center; gap: 6px 14px; padding-top: 12px;
  border-top: 1px solid var(--border-color-primary); font-size: .875rem; }
#lesson .foot a, #lesson .foot button { color: var(--link); text-decoration: none; background: none; border: 0;
  padding: 4px 2px; cursor: pointer; font-size: inherit; font-weight: 500; line-height: inherit; margin: 0; }
#lesson .foot a:hover, #lesson .foot button:hover { text-decoration: underline; }
#lesson .foot .figures { margin-left: auto; display: flex; gap: 14px; }
#lesson .foot .note { flex-basis: 100%; color: var(--body-text-color-subdued); }

@media (max-width: 760px) {
  #head { flex-wrap: wrap; }
  #lesson { gap: 16px; }
  #lesson-lead p { font-size: 1.0625rem; }
  #lesson .step { padding: 20px 16px 12px; }
  #lesson h2 { font-size: 1.3125rem; }
  #lesson .overview > ol { grid-template-columns: none; grid-auto-flow: column; grid-auto-columns: 112px;
    overflow-x: auto; padding: 3px 3px 8px; scroll-snap-type: x proximity; }
  #lesson .overview li + li::before { top: 56px; }
  #lesson .steps a { min-width: 36px; padding: 6px 10px; }
  #lesson .steps a span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  #lesson .panels { gap: 14px; grid-auto-flow: row; grid-template-columns: repeat(2, minmax(0, 1fr)); }
  #lesson .panels:has(> :nth-child(3):last-child) { grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 10px; }
  #lesson .panels:has(> :nth-child(3):last-child) figcaption { font-size: .8125rem; }
  #lesson .panels:has(> :only-child) { grid-template-columns: 1fr; }
  #lesson .tiles .grid { gap: 8px; grid-template-columns: repeat(3, minmax(0, 1fr)); }
  #lesson .tiles button:nth-child(3n + 1) em { left: -1px; }
  #lesson .tiles button:nth-child(3n) em { left: auto; right: -1px; }
  #lesson .bar { grid-template-columns: minmax(64px, 110px) minmax(40px, 1fr) 3.6em; gap: 8px; }
  #lesson .foot .figures { margin-left: 0; }
}
"""
