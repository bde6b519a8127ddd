/** `sidelight version`: which Sidelight, of which commit, on which runtime. */
import { version } from '../base/version.ts';
import { carriedText } from './carried-text.ts';
import type { CommandLine } from './command-line.ts';
import type { Io } from './io.ts';

export function printVersion(_line: CommandLine, io: Io): number {
  const commit = carriedText('commit');
  const parts = [
    ...(commit === undefined ? [] : [`commit ${commit}`]),
    `Node ${process.versions.node}`,
    `${process.platform} ${process.arch}`,
  ];
  io.stdout.write(`sidelight ${version} (${parts.join(', ')})\n`);
  return 0;
}
