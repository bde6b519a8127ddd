/** How the page looks: light and dark, narrow and wide, on paper. */

export const style = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f7; --card: #ffffff; --text: #1b2028; --soft: #566070; --line: #d9dde3; --mark: #eef1f5;
  --good: #12693b; --bad: #a3161f; --trouble: #8a4b00; --open: #2f5488; --us: #1d4f9c; --peer: #4a5361;
  --dns: #bcd7f5; --tcp: #c4e6d3; --proxy: #f3dfb2; --tls: #d9cdf3; --http: #bfe6e6; --websocket: #d8dce3;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #12161c; --card: #1b2129; --text: #e8ebf0; --soft: #a5aebc; --line: #343d49; --mark: #262e38;
    --good: #6fd39b; --bad: #ff8f8f; --trouble: #f2b45c; --open: #94bbf2; --us: #8fb8f5; --peer: #b6bfcc;
    --dns: #274b73; --tcp: #22573c; --proxy: #66501a; --tls: #4a3a78; --http: #1d5558; --websocket: #454f5d;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--ground); color: var(--text); font: 16px/1.5 system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif; overflow-wrap: anywhere; }
.page { max-width: 84rem; margin: 0 auto; padding: 1rem; }
h1, h2, h3, p, dl, dd, ul, figure { margin: 0; }
h2 { font-size: 1.125rem; margin-bottom: .75rem; }
h3 { font-size: 1rem; margin-bottom: .5rem; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; font-size: .875em; }
ul { padding-left: 1.25rem; }
li + li { margin-top: .375rem; }
section, .verdict { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; margin-bottom: 1rem; }
section > * + * { margin-top: .75rem; }
.verdict { border-left: .5rem solid var(--tone); }
.verdict.accepted { --tone: var(--good); } .verdict.rejected { --tone: var(--bad); }
.verdict.failed { --tone: var(--trouble); } .verdict.unconfirmed { --tone: var(--open); }
.product, .where, figcaption, dt { color: var(--soft); font-size: .875rem; }
h1 { display: flex; gap: .75rem; align-items: flex-start; font-size: 1.375rem; line-height: 1.3; margin: .25rem 0 1rem; }
.sign { flex: none; width: 1.75rem; height: 1.75rem; }
.sign circle { fill: var(--tone); } .sign path { fill: none; stroke: var(--card); stroke-width: 2.5; stroke-linecap: round; stroke-linejoin: round; }
.conclusion > div { display: grid; grid-template-columns: 4rem 1fr; gap: .5rem; margin-bottom: .75rem; align-items: baseline; }
.conclusion dd::first-letter, #alerts li::first-letter { text-transform: uppercase; }
.conclusion .next dd { font-weight: 600; }
.tags { display: flex; flex-wrap: wrap; gap: .375rem; margin-top: .375rem; }
.tag { border: 1px solid var(--line); background: var(--mark); border-radius: .25rem; padding: 0 .5rem; font-size: .875rem; }
.tag.side { border-color: var(--tone); color: var(--tone); font-weight: 600; }
.facts > div { display: grid; grid-template-columns: 11rem 1fr; gap: .25rem .75rem; padding: .25rem 0; border-top: 1px solid var(--line); }
.facts > div:first-child { border-top: 0; }
.certificate + .certificate { border-top: 2px solid var(--line); padding-top: .75rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; overflow-wrap: normal; }
th, td { text-align: left; vertical-align: top; padding: .375rem .75rem .375rem 0; border-top: 1px solid var(--line); font-weight: 400; }
td { overflow-wrap: anywhere; }
#changes td { min-width: 6.5rem; } #experiments tbody th { font-weight: 400; overflow-wrap: anywhere; }
.nowrap { white-space: nowrap; }
thead th { border-top: 0; color: var(--soft); font-size: .875rem; }
tbody th { font-weight: 600; }
.step { font-weight: 600; } .step.passed { color: var(--good); } .step.failed { color: var(--bad); } .step.skipped { color: var(--soft); font-weight: 400; }
.fatal { color: var(--bad); font-weight: 600; }
.timing svg { display: block; }
.timing > svg { border-radius: .25rem; overflow: hidden; }
.segment text { fill: var(--text); font-size: 13px; }
.segment.dns rect { fill: var(--dns); } .segment.tcp rect { fill: var(--tcp); } .segment.proxy rect { fill: var(--proxy); }
.segment.tls rect { fill: var(--tls); } .segment.http rect { fill: var(--http); } .segment.websocket rect { fill: var(--websocket); }
figcaption { margin-top: .5rem; }
.ladder { max-width: 44rem; }
.ladder svg { display: block; font-size: 13px; fill: var(--text); }
.ladder .peer { font-weight: 600; }
.ladder .life { stroke: var(--line); stroke-width: 2; }
.ladder .rung line { stroke-width: 1.5; } .ladder .time { fill: var(--soft); font-size: 12px; }
.ladder .clear line { stroke-dasharray: 5 4; }
.ladder .sent line { stroke: var(--us); } .ladder .sent path { fill: var(--us); }
.ladder .received line { stroke: var(--peer); } .ladder .received path { fill: var(--peer); }
.ladder .alert line { stroke-width: 3; }
.ladder .alert.fatal line { stroke: var(--bad); } .ladder .alert.fatal path, .ladder .alert.fatal .name { fill: var(--bad); }
.ladder .alert.warning line { stroke: var(--trouble); } .ladder .alert.warning path, .ladder .alert.warning .name { fill: var(--trouble); }
.ladder .alert .name { font-weight: 700; }
.ladder .end path { stroke: var(--soft); stroke-width: 2; fill: none; } .ladder .end text { fill: var(--soft); }
summary { cursor: pointer; color: var(--us); }
details > :not(summary) { margin-top: .75rem; }
pre { overflow: auto; max-height: 40rem; background: var(--mark); padding: .75rem; border-radius: .25rem; white-space: pre; overflow-wrap: normal; }
:focus-visible { outline: 3px solid var(--us); outline-offset: 2px; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
footer { color: var(--soft); font-size: .875rem; padding: 0 0 1rem; }
@media (min-width: 64rem) {
  .columns { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 0 1rem; align-items: start; }
  h1 { font-size: 1.75rem; } .sign { width: 2.25rem; height: 2.25rem; }
}
@media (max-width: 32rem) {
  .page { padding: .5rem; }
  section, .verdict { padding: .75rem; }
  .facts > div, .conclusion > div { grid-template-columns: 1fr; gap: 0; }
  .ladder svg { font-size: 12px; }
}
@media print {
  :root { color-scheme: light; --ground: #fff; --card: #fff; --text: #000; --soft: #444; --line: #bbb; --mark: #f4f4f4; --good: #12693b; --bad: #a3161f; --trouble: #8a4b00; --open: #2f5488; --us: #1d4f9c; --peer: #4a5361; --dns: #bcd7f5; --tcp: #c4e6d3; --proxy: #f3dfb2; --tls: #d9cdf3; --http: #bfe6e6; --websocket: #d8dce3; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page { max-width: none; padding: 0; } .columns { display: block; }
  details { display: none; }
  h2, h3 { break-after: avoid; } figure, .certificate, tr, .facts > div { break-inside: avoid; }
}
`;
