/** What the page has beyond the style of a report: its frame, its marks, its pictures. */

export const pageStyle = `
:root { --rejected: var(--bad); --failed: var(--trouble); --unconfirmed: var(--open); --accepted: var(--good); --silent: var(--soft); --cell: #5fae83; --band: #f6dcdd; }
@media (prefers-color-scheme: dark) { :root { --cell: #3f8a62; --band: #4a2529; } }
[hidden] { display: none !important; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: .5rem; top: .5rem; padding: .5rem 1rem; background: var(--card); z-index: 1; }
a { color: var(--us); text-underline-offset: .15em; }
h1 { display: block; margin: 0 0 .75rem; } .verdict h1 { display: flex; }
#top, main, footer { max-width: 84rem; margin: 0 auto; padding: .5rem 1rem; }
#top { display: flex; flex-wrap: wrap; gap: .5rem 1.5rem; align-items: center; padding-top: .75rem; }
main:focus { outline: none; }
.brand { font-weight: 700; } .brand span { color: var(--soft); font-weight: 400; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem; list-style: none; padding: 0; } nav li + li, .plain li + li { margin-top: 0; }
nav a { display: inline-block; padding: .25rem .75rem; border-radius: .375rem; text-decoration: none; border: 1px solid transparent; }
nav a:hover { text-decoration: underline; }
nav a[aria-current] { background: var(--card); border-color: var(--line); color: var(--text); font-weight: 600; }
.count { display: inline-block; min-width: 1.5em; padding: 0 .4em; border-radius: 1em; background: var(--bad); color: var(--card); text-align: center; font-weight: 700; font-size: .8125rem; }
.leave { margin-left: auto; }
button, input, select { font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: .375rem; padding: .3rem .6rem; max-width: 100%; min-height: 2.25rem; }
button { cursor: pointer; } button.main { background: var(--us); border-color: var(--us); color: var(--card); font-weight: 600; }
.soft { color: var(--soft); font-weight: 400; }
.lead { font-size: 1.0625rem; }
.state { white-space: nowrap; font-weight: 600; } .state.rejected { color: var(--rejected); } .state.failed { color: var(--failed); }
.state.unconfirmed { color: var(--unconfirmed); } .state.accepted { color: var(--accepted); } .state.silent { color: var(--silent); }
.mark { width: 1.1em; height: 1.1em; vertical-align: -.18em; }
.mark circle { fill: currentColor; } .mark path { fill: none; stroke: var(--card); stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
.mark.rejected { color: var(--rejected); } .mark.failed { color: var(--failed); } .mark.unconfirmed { color: var(--unconfirmed); } .mark.accepted { color: var(--accepted); } .mark.silent { color: var(--silent); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .75rem; list-style: none; padding: 0; margin-bottom: 1rem; }
.tiles li { margin: 0; } .tiles a { display: block; height: 100%; padding: .625rem .875rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; color: var(--text); text-decoration: none; }
.tiles a:hover { border-color: var(--us); } .tiles b { display: block; font-size: 1.5rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.incident { --tone: var(--bad); border-left: .5rem solid var(--tone); } .incident.closed { --tone: var(--soft); }
.incident h2, .incident h3 { font-size: 1.25rem; line-height: 1.3; margin-bottom: .25rem; }
.answers { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 12.5rem), 1fr)); gap: .75rem 1.5rem; margin-top: .75rem; }
.answers dt { font-size: .8125rem; } .answers dd { font-weight: 600; } .answers dd .soft { font-weight: 400; } .answers .wide { grid-column: 1 / -1; }
.answers .wide dd { font-weight: 400; }
.bar { display: block; width: 100%; height: .625rem; border-radius: .3rem; background: var(--mark); margin-top: .375rem; }
.bar rect { fill: var(--bad); } .bar.mixed rect.accepted { fill: var(--cell); }
rect.rejected, path.rejected { fill: var(--rejected); } rect.failed { fill: var(--failed); } rect.unconfirmed { fill: var(--unconfirmed); } rect.silent { fill: var(--silent); } rect.accepted { fill: var(--cell); }
.cells { display: block; height: auto; max-width: 100%; }
.cells path { fill: none; stroke-dasharray: .84 .16; stroke-width: .84; }
.cells path.accepted { stroke: var(--cell); stroke-width: .3; } .cells path.rejected { stroke: var(--rejected); } .cells path.failed { stroke: var(--failed); stroke-width: .66; }
.cells path.silent { stroke: var(--silent); stroke-dasharray: .36 .64; stroke-dashoffset: -.24; } .cells path.unconfirmed { stroke: var(--unconfirmed); stroke-width: .5; }
.groups > figure + figure { margin-top: 1rem; } .groups figcaption { margin: 0 0 .375rem; color: var(--text); }
.legend { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; list-style: none; padding: 0; font-size: .875rem; } .legend li { margin: 0; }
.legend .swatch { display: inline-block; width: 1.8em; height: .9em; vertical-align: -.1em; }
.curve svg { display: block; width: 100%; background: var(--mark); border-radius: .25rem; }
.curve .area { fill: var(--band); stroke: none; } .curve .line { fill: none; stroke: var(--bad); stroke-width: 2; vector-effect: non-scaling-stroke; }
.curve .mark-line { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 3 3; vector-effect: non-scaling-stroke; }
.axis { display: flex; justify-content: space-between; gap: .5rem; font-size: .8125rem; color: var(--soft); margin-top: .25rem; }
.lanes svg { display: block; } .lanes text { fill: var(--text); font-size: 13px; } .lanes .lane { fill: var(--mark); }
.lanes rect.open { fill: var(--bad); } .lanes rect.closed { fill: var(--soft); } .lanes a:focus-visible rect { stroke: var(--us); stroke-width: 3; }
.strip svg { display: block; width: 100%; background: var(--mark); border-radius: .25rem; }
.filter { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; } .filter label { display: block; font-size: .875rem; color: var(--soft); }
.filter > div { min-width: 0; } .filter input, .filter select { display: block; margin-top: .125rem; width: 14rem; max-width: 100%; text-overflow: ellipsis; }
#probe-now { margin-bottom: 1rem; }
.pages { display: flex; flex-wrap: wrap; gap: .5rem 1.25rem; align-items: center; margin-top: .75rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; } th.number { padding-right: .75rem; }
table .bar { min-width: 6rem; margin-top: .4rem; }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
.source { color: var(--soft); font-weight: 400; font-size: .875rem; } th .source { display: block; }
.crumbs { margin-bottom: .5rem; font-size: .9375rem; }
.note { border-left: .25rem solid var(--us); padding: .375rem .75rem; background: var(--mark); border-radius: .25rem; margin-bottom: 1rem; } .note.bad { border-color: var(--bad); }
.plain { list-style: none; padding: 0; display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; }
.login { max-width: 26rem; margin: 2rem auto; } .login form > button { margin-top: .75rem; } .login input { display: block; width: 100%; margin-top: .25rem; }
footer { display: flex; flex-wrap: wrap; gap: .25rem 2rem; justify-content: space-between; padding-bottom: 1rem; }
footer .live::before { content: "● "; color: var(--good); } footer .stale { color: var(--bad); font-weight: 600; } footer .stale::before { content: "▲ "; }
td .state, td time { white-space: nowrap; } tbody th { overflow-wrap: anywhere; min-width: 8rem; } .stack td { min-width: 7.5rem; } .stack td.number { min-width: 0; }
@media (max-width: 40rem) {
  #top, main, footer { padding-left: .5rem; padding-right: .5rem; } #top { padding-bottom: 0; }
  .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: .5rem; } .tiles b { font-size: 1.25rem; }
  .leave { margin-left: 0; } .filter > div, .filter input, .filter select { width: 100%; }
  .stack thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .stack tr { display: block; padding: .5rem 0; border-top: 1px solid var(--line); } .stack th, .stack td { display: block; border: 0; padding: .0625rem 0; text-align: left; }
  .stack td[data-label]::before { content: attr(data-label) ": "; color: var(--soft); } .stack td:empty { display: none; }
}
@media (prefers-reduced-motion: no-preference) { .tiles a { transition: border-color .15s; } }
@media print { #top, .filter, .pages, footer, .skip { display: none; } }
`;
