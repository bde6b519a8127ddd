/** What somebody sent, opened: a bundle, a report, or reports one a line. Nothing of it is trusted. */
import { CannotRun } from '../../base/cannot-run.ts';
import type { SettingOrigin } from '../../config/config.ts';
import { clean } from '../../report/clean.ts';
import { findShapeFault } from '../../report/conforms.ts';
import { type ReadReports, type Refusal, readReports } from '../../report/read-reports.ts';
import type { Report } from '../../report/report.ts';
import type { Status } from '../../report/status.ts';
import { statusSchema } from '../../report/status-schema.ts';
import { unpackArchive } from './archive.ts';
import { fileNames } from './contents.ts';

export interface Opened {
  /** What the file is about, in its order. */
  readonly reports: readonly Report[];
  readonly refused: readonly Refusal[];
  /** Only in a bundle. */
  readonly bundle?: OpenedBundle;
}

export interface OpenedBundle {
  /** Earlier reports, oldest first. */
  readonly history: readonly Report[];
  readonly settings: readonly SettingOrigin[];
  /** What was wrong with the configuration, in words. */
  readonly problems: readonly string[];
  /** Of the agent that ran there; absent when what stands there is none. */
  readonly status?: Status;
  /** Groups of facts about the machine. */
  readonly environment: Readonly<Record<string, unknown>>;
  /** Names of the files in it. */
  readonly names: readonly string[];
}

/** `where` names the file in problems. Throws CannotRun when there is nothing in it that can be shown. */
export function openSent(octets: Uint8Array, where: string): Opened {
  const { octets: unpacked, files } = unpackArchive(octets, where);
  if (!files) return atLeastOne(readReports(decode(unpacked)), where);
  const reports = [...files]
    .filter(([name]) => /^report(?:-\d{1,3})?\.json$/.test(name))
    .map(([, content]) => readReports(decode(content)));
  const history = readReports(textOf(files, fileNames.history));
  const configuration = jsonOf(files, fileNames.configuration);
  const status = jsonOf(files, fileNames.status);
  const opened = {
    reports: reports.flatMap((each) => each.reports),
    refused: reports.flatMap((each) => each.refused),
    bundle: {
      history: history.reports,
      settings: listIn(configuration, 'settings').flatMap(settingOf),
      problems: listIn(configuration, 'problems').flatMap(problemOf),
      ...(isStatus(status) && { status }),
      environment: asRecord(jsonOf(files, fileNames.environment)),
      names: [...files.keys()].map((name) => String(clean(name))),
    },
  };
  const isBundle = files.has(fileNames.manifest);
  return isBundle ? opened : atLeastOne(opened, where);
}

function atLeastOne<T extends ReadReports>(read: T, where: string): T {
  if (read.reports.length > 0) return read;
  const [first] = read.refused;
  const why = first ? `: line or entry ${first.number}, ${first.why}` : '';
  throw new CannotRun([
    {
      where,
      what: `holds no report${why}`,
      expected: 'a report as JSON, reports one a line, or what sidelight bundle wrote',
    },
  ]);
}

function decode(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString('utf8');
}

function textOf(files: ReadonlyMap<string, Uint8Array>, name: string): string {
  const content = files.get(name);
  return content ? decode(content) : '';
}

/** More than any configuration takes; what is longer is not even parsed. */
const maxJsonLength = 1024 * 1024;

/** Cleaned; undefined for what is no JSON. */
function jsonOf(files: ReadonlyMap<string, Uint8Array>, name: string): unknown {
  const text = textOf(files, name);
  if (text === '' || text.length > maxJsonLength) return undefined;
  try {
    return clean(JSON.parse(text));
  } catch {
    // No JSON, or nested deeper than a stack is high.
    return undefined;
  }
}

function isStatus(value: unknown): value is Status {
  return findShapeFault(value, statusSchema) === undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Readonly<Record<string, unknown>>) : {};
}

function listIn(value: unknown, name: string): readonly Readonly<Record<string, unknown>>[] {
  const list = asRecord(value)[name];
  return Array.isArray(list) ? list.map(asRecord) : [];
}

function settingOf({ setting, value, origin }: Readonly<Record<string, unknown>>) {
  return typeof setting === 'string' && typeof value === 'string' && typeof origin === 'string'
    ? [{ setting, value, origin }]
    : [];
}

function problemOf({ where, what }: Readonly<Record<string, unknown>>): readonly string[] {
  return typeof where === 'string' && typeof what === 'string' ? [`${where}: ${what}`] : [];
}
