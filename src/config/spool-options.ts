/** The options that bound what waits on its way home. */
import type { CommandName, OptionSpec } from './option.ts';

/** `check` too: it adds to the same spool, and would drop what an agent's larger limits keep. */
const commands = ['check', 'run'] as const satisfies readonly CommandName[];
const group = 'Home';
const kibibyte = 1024;
const mebibyte = 1024 * kibibyte;
const minute = 60_000;

export const spoolOptions = {
  spoolBytes: {
    flag: 'spool-bytes',
    kind: 'size',
    commands,
    group,
    placeholder: 'SIZE',
    description:
      'Reports that wait may take so much together; the oldest go first, and are counted',
    default: '64MiB',
    bounds: { min: mebibyte, max: 16 * 1024 * mebibyte },
    file: 'top',
  },
  spoolAge: {
    flag: 'spool-age',
    kind: 'duration',
    commands,
    group,
    placeholder: 'TIME',
    description: 'A report waits for so long at most',
    default: '72h',
    range: { minMs: minute, maxMs: 90 * 24 * 60 * minute },
    file: 'top',
  },
  spoolReports: {
    flag: 'spool-reports',
    kind: 'count',
    commands,
    group,
    placeholder: 'N',
    description: 'So many reports wait at most',
    default: '10000',
    bounds: { min: 10, max: 1_000_000 },
    file: 'top',
  },
  spoolReportBytes: {
    flag: 'spool-report-bytes',
    kind: 'size',
    commands,
    group,
    placeholder: 'SIZE',
    description: 'A single report that is larger is dropped, and counted',
    default: '256KiB',
    bounds: { min: 16 * kibibyte, max: mebibyte },
    file: 'top',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
