/** What a running process has cost, by the system's own accounts: CPU of all its threads, resident memory. */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds of CPU since its start, to the nanosecond; threads that have ended are missing (`schedstat` of proc). */
export function cpuMs(pid: number): number {
  return (
    readdirSync(`/proc/${pid}/task`)
      .map((thread) => readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0])
      .reduce((sum, nanoseconds) => sum + Number(nanoseconds), 0) / 1e6
  );
}

/** VmRSS of proc_pid_status(5), in bytes. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
