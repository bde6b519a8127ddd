/** The demo's story on the terminal: one line an event, with its time, its actor and what happened. */

export interface Timeline {
  /** A heading between the acts. */
  act(title: string): void;
  /** Something that `actor` did, and, indented below it, what belongs to it. */
  say(actor: Actor, what: string, ...details: readonly string[]): void;
}

export type Actor = 'vendor' | 'gateway' | 'agent' | 'home';

const actorWidth = 9;

/** `elapsedMs` counts from the start of the demo. */
export function startTimeline(
  write: (text: string) => void,
  elapsedMs: () => number,
  colour: boolean,
): Timeline {
  const paint = (code: number, text: string): string =>
    colour ? `\u001b[${code}m${text}\u001b[0m` : text;
  return {
    act: (title) => write(`\n${paint(1, title)}\n\n`),
    say: (actor, what, ...details) => {
      const seconds = (elapsedMs() / 1000).toFixed(2).padStart(6);
      write(`${paint(2, `${seconds} s`)}  ${paint(36, actor.padEnd(actorWidth))} ${what}\n`);
      for (const detail of details) write(`${' '.repeat(20)} ${detail}\n`);
    },
  };
}
