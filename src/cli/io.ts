/** What the program touches of the process it runs in, handed in so that tests can look at it. */

export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent where users have no number. */
  readonly uid?: number;
  readonly hostname: string;
  /** Text of a configuration-sized file; throws with an errno, or `TOO_LARGE`, in `code`. */
  readonly readFile: (path: string) => string;
  readonly exists: (path: string) => boolean;
  /** Whether a directory is there, or could be made, and is ours to write. Touches nothing. */
  readonly canKeepIn: (directory: string) => boolean;
  /** Calls back on each of these signals until the returned function is called. */
  onSignal(name: 'SIGTERM' | 'SIGINT' | 'SIGHUP' | 'SIGUSR2', listener: () => void): () => void;
}

export interface Output {
  write(content: string | Uint8Array): void;
  readonly isTerminal: boolean;
  /** Calls back when its reader has gone away; what is written then is lost. */
  onClosed?(listener: () => void): void;
  /** Of the terminal; absent when it is none. */
  readonly columns?: number | undefined;
}

/** What a report may look like there. */
export function appearanceOn(
  output: Output,
  env: Io['env'],
): { readonly colour: boolean; readonly isTerminal: boolean } {
  return { colour: wantsColour(output, env), isTerminal: output.isTerminal };
}

/** In a file. */
export const plain = { colour: false, isTerminal: false } as const;

/** Colours only where a person looks and has not declined them (no-color.org). */
export function wantsColour(output: Output, env: Io['env']): boolean {
  return output.isTerminal && !env['NO_COLOR'] && env['TERM'] !== 'dumb';
}
