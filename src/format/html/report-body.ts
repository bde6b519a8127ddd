/** All that a report says as one part of a page, without the page around it. */
import type { Report } from '../../report/report.ts';
import {
  alternativesSection,
  changesSection,
  delegateSection,
  evidenceSection,
  experimentsSection,
  preflightSection,
  replayedSection,
  warningsSection,
} from './concluded.ts';
import { ladderSection } from './ladder-diagram.ts';
import { html, type Markup } from './markup.ts';
import {
  alertsSection,
  answersSection,
  connectionSection,
  dropsSection,
  ourSection,
  reportSection,
  serverSection,
} from './seen.ts';
import { stepsSection } from './steps.ts';

/** What follows the verdict. */
export function reportBody(report: Report): Markup {
  return html`<div class="columns">
<div>
${replayedSection(report)}${preflightSection(report)}${evidenceSection(report)}${warningsSection(report)}${changesSection(report)}${alternativesSection(report)}${delegateSection(report)}${stepsSection(report)}${experimentsSection(report)}${ladderSection(report)}</div>
<div>
${alertsSection(report)}${connectionSection(report)}${answersSection(report)}${dropsSection(report)}${ourSection(report)}${serverSection(report)}</div>
</div>
${reportSection(report)}`;
}
