/** The dictionary of events as a page, made from the dictionary in the program and from what the formats write. */

import { cef } from '../../../src/format/cef.ts';
import { ecs } from '../../../src/format/ecs.ts';
import { formatIncident } from '../../../src/format/incident/formats.ts';
import { leef } from '../../../src/format/leef.ts';
import { line } from '../../../src/format/line.ts';
import { ocsf } from '../../../src/format/ocsf.ts';
import { syslog } from '../../../src/format/syslog.ts';
import { type EventCode, eventCodes, events } from '../../../src/report/event.ts';
import {
  type IncidentEventCode,
  incidentEventCodes,
  incidentEvents,
} from '../../../src/report/incident-event.ts';
import type { IncidentRecord } from '../../../src/report/incident-record.ts';
import type { Report } from '../../../src/report/report.ts';
import { records } from '../../home/notify/records.ts';
import { fieldRows } from './events-fields.ts';
import { leavesOf } from './written-fields.ts';

/** A report for each event. */
export type Examples = Readonly<Record<EventCode, Report>>;

const introduction = `# Events

Every line that \`sidelight run\` writes is one event, and every event is a report: the formats differ in how much of it
they carry and in what they call it. The code of an event says what happened; the code of the
[cause](causes.md) says why. Both are stable: a code keeps its meaning, and a field keeps its name and type. New ones
may come.

An event is written when something changed, and as a heartbeat when nothing did; what repeats is counted in
\`attempt.repeats\`. An event of the kind \`alert\` is one that a rule of the agent itself found, by comparing with the
last accepted look, with a calendar or with its own books; \`state\` says how things stand, again.
\`sidelight check\` writes the same, with the code that a change of state would have.

This page is made from the program: \`npx vitest run test/format/events-page.test.ts -u\` writes it anew.`;

export function eventsPage(examples: Examples): string {
  const fields = new Map(eventCodes.map((code) => [code, fieldsOf(examples[code])]));
  // Our own files stop a look before there is anything to see.
  const { 'credential-unusable': _, ...others } = Object.fromEntries(fields);
  const common = [...(fields.get('heartbeat') ?? [])].filter((name) =>
    Object.values(others).every((each) => each.has(name)),
  );
  return `${[
    introduction,
    summary(examples),
    ...eventCodes.map((code) => section(code, examples[code], fields.get(code), common)),
    commonSection(common),
    fieldsSection(),
    formatsSection(examples),
    homeSection(),
  ].join('\n\n')}\n`;
}

function fieldsOf(report: Report): ReadonlySet<string> {
  return new Set(leavesOf('', JSON.parse(ecs(report))).map(([name]) => name));
}

function summary(examples: Examples): string {
  const rows = eventCodes.map((code) => {
    const { kind, severity } = events[code];
    const { class_uid: classUid } = JSON.parse(ocsf(examples[code]));
    return `| [${code}](#${code}) | ${severity} | ${kind} | ${classUid} |`;
  });
  return [
    '| event | severity | kind (ECS `event.kind`) | OCSF class |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

function section(
  code: EventCode,
  report: Report,
  fields: ReadonlySet<string> = new Set(),
  common: readonly string[],
): string {
  const { title, when } = events[code];
  const own = [...fields].filter((name) => !common.includes(name));
  const lacking = common.filter((name) => !fields.has(name));
  return [
    `### ${code}`,
    `**${title}.** ${when}`,
    fieldsInWords(own, lacking),
    fenced('', line(report)),
  ].join('\n\n');
}

function fieldsInWords(own: readonly string[], lacking: readonly string[]): string {
  const without = lacking.length === 0 ? '' : ` It lacks ${namesOf(lacking)}.`;
  return `Beside the fields of every look, the example has ${namesOf(own)}.${without}`;
}

/** Names below the same object are drawn together: `tls.server.*`. */
function namesOf(names: readonly string[]): string {
  const heads = names.map((name) => {
    const parts = name.split('.');
    const depth = parts[0] === 'sidelight' || parts[0] === 'tls' ? 2 : 1;
    return parts.length > depth ? `${parts.slice(0, depth).join('.')}.*` : name;
  });
  const listed = [...new Set(heads)].toSorted().map((name) => `\`${name}\``);
  return listed.length === 0 ? 'none' : listed.join(', ');
}

function commonSection(common: readonly string[]): string {
  const listed = common.map((name) => `\`${name}\``).toSorted();
  return `## Fields of every look\n\nIn ECS, but for \`credential-unusable\`, which made none: ${listed.join(', ')}.`;
}

function fieldsSection(): string {
  const cell = (names: readonly string[] = []): string =>
    names.map((name) => `\`${name}\``).join(', ');
  return [
    '## What the fields mean',
    'A `*` stands for any rest of the name. What a finding of OCSF knows of the look stands in `evidences`, by the same names. Syslog is its structured data; names are parameters of `sidelight@32473`, or of `origin` where they say so. The format `json` is the report itself, as `sidelight schema` describes it.',
    [
      '| meaning | ECS | OCSF | CEF | LEEF | syslog |',
      '|---|---|---|---|---|---|',
      ...fieldRows.map(
        ({ meaning, ...row }) =>
          `| ${meaning} | ${cell(row.ecs)} | ${cell(row.ocsf)} | ${cell(row.cef)} | ${cell(row.leef)} | ${cell(row.syslog)} |`,
      ),
    ].join('\n'),
  ].join('\n\n');
}

function formatsSection(examples: Examples): string {
  const report = examples['target-rejected'];
  const options = { colour: false, verbose: false, syslogContent: 'text' } as const;
  const indented = (json: string): string => JSON.stringify(JSON.parse(json), null, 2);
  return [
    '## One event in every format',
    'Each is one line as it is written; here the documents are indented.',
    '### Text',
    fenced('', line(report)),
    '### ECS',
    fenced('json', indented(ecs(report))),
    '### OCSF',
    fenced('json', indented(ocsf(report))),
    '### CEF',
    fenced('', cef(report)),
    '### LEEF, with tabs between the attributes',
    fenced('', leef(report)),
    '### Syslog, around text',
    fenced('', syslog(report, options)),
  ].join('\n\n');
}

/** What `sidelight home` writes: about many delegates, so there is no look and no report behind it. */
function homeSection(): string {
  const rows = incidentEventCodes.map((code) => {
    const { kind, severity } = incidentEvents[code];
    const { activity_name: activity } = JSON.parse(formatIncident(recordOfEvent(code), 'ocsf'));
    return `| [${code}](#${code}) | ${severity} | ${kind} | ${activity} |`;
  });
  const [record] = records as [IncidentRecord];
  const indented = (format: 'ecs' | 'ocsf'): string =>
    JSON.stringify(JSON.parse(formatIncident(record, format)), null, 2);
  return [
    '## Events of home',
    '`sidelight home` writes them with `--format`, `--log-file` and `--syslog`, in the same formats. Their dataset is `sidelight.home`. The format `json` is what `sidelight schema --of incident` describes, and what a webhook gets as `data`. In OCSF each is a Detection Finding (2004) whose `finding_info.uid` is the same from its creation to its close: the id of the incident, or the source of the delegate.',
    ['| event | severity | kind | OCSF activity |', '|---|---|---|---|', ...rows].join('\n'),
    ...incidentEventCodes.flatMap((code) => [
      `### ${code}`,
      `**${incidentEvents[code].title}.** ${incidentEvents[code].when}`,
      fenced('', formatIncident(recordOfEvent(code), 'text')),
    ]),
    '### ECS of an incident',
    fenced('json', indented('ecs')),
    '### OCSF of an incident',
    fenced('json', indented('ocsf')),
    '### CEF of an incident',
    fenced('', formatIncident(record, 'cef')),
    '### LEEF of an incident',
    fenced('', formatIncident(record, 'leef')),
    '### Syslog of an incident, around text',
    fenced('', formatIncident(record, 'syslog', 'text')),
  ].join('\n\n');
}

function recordOfEvent(code: IncidentEventCode): IncidentRecord {
  return records.find(({ event }) => event === code) as IncidentRecord;
}

function fenced(language: string, text: string): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}
