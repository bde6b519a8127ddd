/** argv cut into plain words and options with their values; which options have values, the option table says. */
import { parseArgs } from 'node:util';
import { optionNames, optionSpec } from '../config/options.ts';
import { suggest } from '../config/suggest.ts';

export interface Words {
  readonly plain: readonly string[];
  readonly options: readonly GivenOption[];
}

export interface GivenOption {
  /** With its dashes: `--cert`, `-x`. */
  readonly typed: string;
  readonly flag: string;
  readonly value?: string;
}

export function readWords(argv: readonly string[]): Words {
  const { tokens } = parseArgs({ args: [...argv], strict: false, tokens: true, options: {} });
  const commandAt = tokens.findIndex(({ kind }) => kind === 'positional');
  /** The word after an option without a value of its own, where it takes one. */
  const followerOf = (at: number): string | undefined => {
    const [token, next] = [tokens[at], tokens[at + 1]];
    if (token?.kind !== 'option' || token.value !== undefined) return undefined;
    if (next?.kind !== 'positional' || !takesValue(token.name, at > commandAt)) return undefined;
    return next.value;
  };
  const plain = tokens.flatMap((token, at) =>
    token.kind === 'positional' && followerOf(at - 1) === undefined ? [token.value] : [],
  );
  const options = tokens.flatMap((token, at) => {
    if (token.kind !== 'option') return [];
    const value = token.value ?? followerOf(at);
    return [{ typed: token.rawName, flag: token.name, ...(value !== undefined && { value }) }];
  });
  return { plain, options };
}

/** An unknown option after the command is taken for one with a value, so that the value is no argument. */
function takesValue(flag: string, afterCommand: boolean): boolean {
  if (['help', 'h', 'version'].includes(flag)) return false;
  const named = optionNames.map(optionSpec).filter((option) => option.flag === flag);
  if (named.length > 0) return named.some(({ kind }) => kind !== 'boolean');
  return afterCommand && suggest(flag, switches) === undefined;
}

const switches = [
  ...['help', 'version'],
  ...optionNames.map(optionSpec).flatMap(({ kind, flag }) => (kind === 'boolean' ? [flag] : [])),
];
