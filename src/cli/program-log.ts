/** The program's own word on stderr: one line a message, never mixed with reports. */
import type { ProgramLog } from '../agent/ports.ts';
import { sanitise } from '../base/sanitise.ts';
import type { Output } from './io.ts';

/** Warnings always; the rest with `verbose`. */
export function programLog(output: Output, verbose: boolean): ProgramLog {
  const say = (message: string, facts: Readonly<Record<string, unknown>> = {}): void => {
    const words = Object.entries(facts)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => `${name}=${printable(value)}`);
    output.write(`sidelight: ${[sanitise(message, 1024), ...words].join(' ')}\n`);
  };
  return { info: verbose ? say : () => undefined, warn: say };
}

function printable(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? 'undefined');
  const safe = sanitise(text);
  return /[\s"=]/.test(safe) ? JSON.stringify(safe) : safe;
}
