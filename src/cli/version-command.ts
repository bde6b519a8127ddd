/** `sidelight version`: which Sidelight, on which runtime. */
import { version } from '../base/version.ts';
import type { CommandLine } from './command-line.ts';
import type { Io } from './io.ts';

export function printVersion(_line: CommandLine, io: Io): number {
  io.stdout.write(
    `sidelight ${version} (Node ${process.versions.node}, ${process.platform} ${process.arch})\n`,
  );
  return 0;
}
