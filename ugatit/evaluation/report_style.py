"""The style sheet of a report: light and dark, wide screens and phones."""

STYLE = """
:root { --ink: #1c2024; --muted: #5f6770; --line: #dfe3e8; --page: #ffffff; --card: #f5f7f9; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8eaed; --muted: #a0a8b1; --line: #343a41; --page: #15181b; --card: #1e2226; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 1.75rem; line-height: 1.2; font-weight: 650; letter-spacing: -.01em; margin: 0 0 16px;
  overflow-wrap: anywhere; }
h2 { font-size: 1.125rem; font-weight: 650; margin: 40px 0 12px; }
h3 { font-size: .8125rem; font-weight: 500; margin: 0 0 6px; color: var(--muted); overflow-wrap: anywhere; }
p { margin: 0 0 12px; max-width: 68ch; }
dl { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 0; }
dt { font-size: .8125rem; color: var(--muted); }
dd { margin: 0; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; max-width: 720px; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 0 7px 20px; border-bottom: 1px solid var(--line); text-align: right; vertical-align: baseline;
  white-space: nowrap; }
th:first-child { padding-left: 0; text-align: left; white-space: normal; }
thead th { font-size: .8125rem; font-weight: 500; color: var(--muted); }
tbody th { font-weight: 400; }
.remark { margin: 12px 0 0; font-size: .875rem; color: var(--muted); overflow-wrap: anywhere; }
.remark + .remark { margin-top: 4px; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(340px, 100%), 1fr)); gap: 24px;
  margin-top: 20px; }
article { padding: 12px; background: var(--card); border-radius: 10px; }
.row { display: grid; grid-auto-flow: column; grid-auto-columns: minmax(0, 1fr); gap: 8px; }
figure { margin: 0; }
img { display: block; width: 100%; height: auto; border-radius: 4px; background: #fff; }
img.pixels { image-rendering: pixelated; }
figcaption { margin-top: 4px; font-size: .75rem; color: var(--muted); text-align: center; }
pre { margin: 0; padding: 12px; background: var(--card); border-radius: 10px;
  font: .8125rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 560px) {
  main { padding: 24px 16px 48px; }
  h1 { font-size: 1.375rem; }
  h2 { margin-top: 32px; }
  table { font-size: .875rem; }
  th, td { padding-left: 10px; }
}
"""
