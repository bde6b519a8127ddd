/** A target's URL, which is an argument and no option, in the shape that values are parsed by. */
import type { OptionSpec } from './option.ts';

export const targetOption: OptionSpec = {
  flag: 'targets',
  kind: 'targetUrl',
  commands: ['check', 'run'],
  group: 'Target',
  description: 'What to look at',
  file: 'none',
};
