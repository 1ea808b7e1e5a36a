/** The style of a report, in the colours of the page that `serve` shows. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf7; --sheet: #ffffff; --ink: #1f1d1a; --quiet: #69645b; --line: #e3dfd6;
  --accent: #0d6e5d; --wash: #dcebe6; --before: #bdb6a8; --worse: #b4552d;
  --serif: 'Iowan Old Style', Charter, 'Noto Serif', Georgia, serif;
  --sans: system-ui, -apple-system, 'Segoe UI', 'Noto Sans', sans-serif;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #171613; --sheet: #1f1e1a; --ink: #ebe7de; --quiet: #a49e92; --line: #36332d;
    --accent: #66c9b3; --wash: #24352f; --before: #6b655a; --worse: #e39a72;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.55 var(--sans); -webkit-text-size-adjust: 100%; }
header, main, footer { max-width: 60rem; margin-inline: auto; padding-inline: clamp(1.25rem, 5vw, 3rem); }
header { padding-block: clamp(2rem, 6vw, 4rem) 1rem; }
footer { padding-block: 2rem 4rem; color: var(--quiet); font-size: 0.875rem; }
h1 { margin: 0; font: 600 clamp(1.5rem, 4vw, 2.125rem)/1.25 var(--serif); text-wrap: balance; }
h2 { margin: 0 0 1rem; font: 600 1.25rem/1.3 var(--serif); overflow-wrap: anywhere; }
h3 { margin: 2.5rem 0 0.75rem; font: 600 1rem/1.4 var(--sans); }
p { margin: 0.75rem 0 0; max-width: 52rem; }
.quiet { color: var(--quiet); }
section.system { margin-top: 2rem; padding-top: 2rem; border-top: 1px solid var(--line); }
a { color: inherit; text-decoration-color: var(--line); text-underline-offset: 0.2em; }
a:hover { text-decoration-color: currentColor; }
a:focus-visible, summary:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th { padding: 0 1rem 0.5rem 0; text-align: left; font-weight: 400; font-size: 0.8125rem; color: var(--quiet); white-space: nowrap; }
td { padding: 0.5rem 1rem 0.5rem 0; border-top: 1px solid var(--line); white-space: nowrap; }
td svg { max-width: none; }
td:last-child, th:last-child { padding-right: 0; }
td.number, th.number { text-align: right; }
.better { color: var(--accent); } .worse { color: var(--worse); }
svg { display: block; max-width: 100%; height: auto; font: 12px var(--sans); }
svg text { fill: var(--quiet); font-variant-numeric: tabular-nums; }
svg .axis { stroke: var(--line); } svg .zero { stroke: var(--quiet); stroke-opacity: 0.55; }
svg .before { fill: var(--before); } svg .after { fill: var(--accent); } svg .fall { fill: var(--worse); }
svg .range { stroke: var(--quiet); stroke-width: 1.5; } svg .mean { fill: var(--ink); }
svg .precision { fill: none; stroke: var(--accent); stroke-width: 2; stroke-linejoin: round; }
svg .recall { fill: none; stroke: var(--before); stroke-width: 2; stroke-linejoin: round; }
svg .mark { stroke: var(--quiet); stroke-dasharray: 2 4; }
svg a:hover rect { opacity: 0.65; }
.key { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; margin: 0 0 0.75rem; font-size: 0.875rem; color: var(--quiet); }
.key span::before { content: ''; display: inline-block; width: 0.75em; height: 0.75em; margin-right: 0.4em; border-radius: 2px; background: var(--colour); }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 22rem), 1fr)); gap: 0 2.5rem; }
ol.gains { list-style: none; margin: 0; padding: 0; }
ol.gains li { display: flex; gap: 1rem; padding: 0.3rem 0; border-top: 1px solid var(--line); }
ol.gains b { font-weight: 400; font-variant-numeric: tabular-nums; }
details { border-top: 1px solid var(--line); }
details:last-of-type { border-bottom: 1px solid var(--line); }
summary { display: flex; gap: 1rem; padding: 0.6rem 0; cursor: pointer; }
summary b { font-weight: 400; font-variant-numeric: tabular-nums; }
summary::marker { content: none; } summary::-webkit-details-marker { display: none; }
summary::after { content: '+'; margin-left: auto; color: var(--quiet); } details[open] summary::after { content: '−'; }
.ranking { padding: 0 0 1.5rem; scroll-margin-top: 4rem; }
.ranking ol { list-style: none; margin: 0; padding: 0; font-size: 0.9375rem; }
.ranking li { display: grid; grid-template-columns: 1.5rem 3rem 1fr; gap: 0.5rem; padding: 0.35rem 0.5rem; border-radius: 4px; }
.ranking li.relevant { background: var(--wash); }
.ranking li + li { margin-top: 1px; }
.ranking .place { text-align: right; color: var(--quiet); font-variant-numeric: tabular-nums; }
.ranking .grade { color: var(--accent); letter-spacing: 0.05em; white-space: nowrap; }
.ranking .moved { color: var(--quiet); font-size: 0.8125rem; white-space: nowrap; }
.ranking p { margin: 0 0 0.5rem; font-size: 0.8125rem; color: var(--quiet); }
@media print { details { break-inside: avoid; } }
`
