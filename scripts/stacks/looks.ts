/** Looks at gateways in a process of its own: the one that writes a key log, as the product never does. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Evidence, Outcome } from '../../src/evidence/evidence.ts';
import type { Aim } from '../../test/support/aim-at.ts';

/** To the process. */
export interface LookWanted {
  readonly id: number;
  readonly aim: Aim;
}

/** From it. */
export interface Looked {
  readonly id: number;
  readonly evidence: Evidence;
  readonly outcome: Outcome;
  /** Of our side of the connection. */
  readonly clientPort: number;
}

export interface Looks {
  look(aim: Aim): Promise<Looked>;
  end(): Promise<void>;
}

export function startLooks(keyLogPath: string): Looks {
  const script = fileURLToPath(new URL('./looker.ts', import.meta.url));
  const child = fork(script, [keyLogPath]);
  let id = 0;
  return {
    look: (aim) => {
      id += 1;
      return ask(child, { id, aim });
    },
    end: async () => {
      const ended = once(child, 'exit');
      child.disconnect();
      await ended;
    },
  };
}

function ask(child: ChildProcess, wanted: LookWanted): Promise<Looked> {
  return new Promise((resolve, reject) => {
    const take = (looked: Looked): void => {
      if (looked.id !== wanted.id) return;
      child.off('message', take).off('exit', lose);
      resolve(looked);
    };
    const lose = (): void => reject(new Error('the looking process has ended'));
    child.on('message', take).once('exit', lose);
    child.send(wanted);
  });
}
