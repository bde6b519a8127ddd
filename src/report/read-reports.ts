/** Reports out of text that somebody sent: one JSON document, a list of them, or one a line. */
import { clean } from './clean.ts';
import { findShapeFault } from './conforms.ts';
import { withoutUrlSecrets } from './redact.ts';
import { type Report, reportSchemaName } from './report.ts';
import { reportSchema } from './schema.ts';

export interface ReadReports {
  /** In the order of the text. */
  readonly reports: readonly Report[];
  /** Lines and entries that hold no report. */
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  /** Of the line, or the entry of the list, from 1. */
  readonly number: number;
  /** In words for a person; nothing of the text stands in it. */
  readonly why: string;
}

/** More than any report takes; what is longer is not even parsed. */
const maxReportLength = 1024 * 1024;

export function readReports(text: string): ReadReports {
  const whole = text.length <= maxReportLength ? parse(text) : undefined;
  if (whole !== undefined) return judge(Array.isArray(whole) ? whole : [whole]);
  const lines = text.split('\n').map((line, index) => ({ line: line.trim(), number: index + 1 }));
  const judged = lines
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => judgeOne(parseLine(line), number));
  return gather(judged);
}

function parseLine(line: string): unknown {
  return line.length > maxReportLength ? undefined : parse(line);
}

/** Undefined for what is no JSON, which JSON itself cannot say. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch {
    return undefined;
  }
}

function judge(values: readonly unknown[]): ReadReports {
  return gather(values.map((value, index) => judgeOne(value, index + 1)));
}

function judgeOne(value: unknown, number: number): Report | Refusal {
  if (value === undefined) return { number, why: 'it is no JSON, or too long' };
  if (!isShallow(value, maxDepth)) return { number, why: 'it is nested too deeply' };
  if ((value as Partial<Report> | null)?.schema !== reportSchemaName) {
    return { number, why: `its schema is not ${reportSchemaName}` };
  }
  const fault = findShapeFault(value, reportSchema);
  if (fault) return { number, why: `${fault.path || 'the document'} ${fault.what}` };
  const report = clean(value) as Report;
  return { ...report, ...withoutUrlSecrets(report) };
}

/** Deeper than any report, and shallow enough for every reader of one. */
const maxDepth = 24;

function isShallow(value: unknown, left: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return left > 0 && Object.values(value).every((each) => isShallow(each, left - 1));
}

function gather(judged: readonly (Report | Refusal)[]): ReadReports {
  return {
    reports: judged.filter((each): each is Report => 'schema' in each),
    refused: judged.filter((each): each is Refusal => 'why' in each),
  };
}
