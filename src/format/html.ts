/** The report as one page that needs nothing else: no script, no request, nothing but itself. */
import { createHash } from 'node:crypto';
import type { Report } from '../report/report.ts';
import { constant, html as markup, textOf } from './html/markup.ts';
import { reportBody } from './html/report-body.ts';
import { style } from './html/style.ts';
import { verdict } from './html/verdict.ts';
import { outcomeWord } from './summary.ts';

export function html(report: Report): string {
  const { outcome, target, agent } = report;
  return textOf(markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy()}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="color-scheme" content="light dark">
<title>${outcomeWord[outcome]}: ${target.host} port ${target.port} – Sidelight report</title>
<style>${constant(style)}</style>
</head>
<body>
<div class="page">
${verdict(report)}<main>
${reportBody(report)}</main>
<footer>${agent.name} ${agent.version}, report ${report.id}</footer>
</div>
</body>
</html>
`);
}

/** Nothing is loaded, run or sent; only the one style above applies, which the browser knows by its hash. */
function contentSecurityPolicy(): string {
  const hash = createHash('sha256').update(style).digest('base64');
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
}
