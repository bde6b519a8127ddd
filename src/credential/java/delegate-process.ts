/** The delegate's own process, where it can be seen: in the same container, or with a shared process namespace. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { isoTime } from '../../base/clock.ts';

/** A container holds a few; on a machine with more, the rest is not looked at. */
const maxProcesses = 4096;

/** The kernel tells times in these, on every architecture that we run on (USER_HZ). */
const ticksPerSecond = 100;

/** When it began (RFC 3339, the end of that second); the one that began last, where there are several. Undefined when none is seen. */
export function delegateStartedAt(): string | undefined {
  const starts = processIds().filter(isDelegate).map(startedMs);
  const known = starts.filter((ms) => ms !== undefined);
  return known.length === 0 ? undefined : isoTime(Math.max(...known));
}

function processIds(): readonly string[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .slice(0, maxProcesses);
  } catch {
    return [];
  }
}

/** A Java process whose archive or main class is called after the delegate. */
function isDelegate(pid: string): boolean {
  const [program = '', ...args] = (textOf(`/proc/${pid}/cmdline`) ?? '').split('\0');
  if (basename(program) !== 'java') return false;
  return args.some((each) => !each.startsWith('-') && /delegate/i.test(basename(each)));
}

/** Milliseconds since 1970. */
function startedMs(pid: string): number | undefined {
  const bootSeconds = /^btime (\d+)$/m.exec(textOf('/proc/stat') ?? '')?.[1];
  // proc_pid_stat(5): the name stands in parentheses and may hold anything; starttime is the 20th field after it.
  const stat = textOf(`/proc/${pid}/stat`);
  const ticks = stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  if (bootSeconds === undefined || ticks === undefined) return undefined;
  // Both are cut off. Rounded up, a file from just before the start is not taken for a newer one.
  return (Number(bootSeconds) + Math.ceil(Number(ticks) / ticksPerSecond) + 1) * 1000;
}

/** The kernel's own files, of a length that it bounds; undefined when the process is gone, or not ours to see. */
function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
