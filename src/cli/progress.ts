/** What a check is doing, as one line on a terminal that leaves no trace; nowhere else. */
import type { Ports } from '../agent/ports.ts';
import type { Io, Output } from './io.ts';

export interface Progress extends Pick<Ports, 'onStep' | 'onExperiment'> {
  /** Where everything else that goes there is to be written: it takes the line away first. */
  readonly output: Output;
  readonly erase: () => void;
  /** Puts another text in place of what is shown. */
  readonly show: (text: string) => void;
}

const eraseLine = '\r\u001b[K';

/** On a terminal that can erase a line, standard error; else nothing is shown. */
export function progressOn({ stderr, env }: Pick<Io, 'stderr' | 'env'>): Progress {
  if (!stderr.isTerminal || env['TERM'] === 'dumb') {
    return { output: stderr, erase: () => undefined, show: () => undefined };
  }
  let isShown = false;
  const show = (text: string): void => {
    stderr.write(`${isShown ? eraseLine : ''}${text}`);
    isShown = true;
  };
  const erase = (): void => {
    if (isShown) stderr.write(eraseLine);
    isShown = false;
  };
  const write = (text: string): void => {
    erase();
    stderr.write(text);
  };
  return {
    onStep: (name) => show(`looking: ${name} …`),
    onExperiment: (over, planned) => show(`experiments: ${over} of ${planned} …`),
    output: { write, isTerminal: true },
    erase,
    show,
  };
}
