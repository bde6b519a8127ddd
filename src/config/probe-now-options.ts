/** The options of `sidelight home probe-now` that are its alone. */
import type { OptionSpec } from './option.ts';

export const probeNowOptions = {
  askDelegate: {
    flag: 'delegate',
    kind: 'text',
    commands: ['home probe-now'],
    group: 'Home',
    placeholder: 'NAME',
    description: "Who is asked: a delegate's name, a sender's name in the token file, or a source",
    file: 'none',
    variable: false,
  },
  askAll: {
    flag: 'all',
    kind: 'boolean',
    commands: ['home probe-now'],
    group: 'Home',
    description: 'Everybody who is connected is asked, spread over ten seconds',
    file: 'none',
    variable: false,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
