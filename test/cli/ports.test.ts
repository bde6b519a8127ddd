/** Signals that come when nobody listens: before the agent has begun, and while it ends. */
import { expect, test } from 'vitest';
import type { Io } from '../../src/cli/io.ts';
import { keepSignal } from '../../src/cli/ports.ts';

function ioWithSignals() {
  const listeners = new Set<() => void>();
  const onSignal: Io['onSignal'] = (_name, listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const refuse = (): never => {
    throw new Error('not expected here');
  };
  const output = { write: refuse, isTerminal: false };
  const io: Io = {
    ...{ stdout: output, stderr: output, env: {}, hostname: 'test' },
    ...{ readFile: refuse, exists: refuse, canKeepIn: refuse, onSignal },
  };
  const send = (): void => {
    for (const listener of listeners) listener();
  };
  return { io, send, isHeard: () => listeners.size > 0 };
}

test('a signal that comes before anybody listens is told once somebody does', () => {
  const { io, send } = ioWithSignals();
  const { listen } = keepSignal(io, 'SIGHUP');
  let told = 0;
  send();
  send();
  listen(() => {
    told += 1;
  });
  expect(told).toBe(1);
  send();
  expect(told).toBe(2);
});

test('a signal that comes when nobody listens any more tells nobody, and is heard all the same', () => {
  const { io, send, isHeard } = ioWithSignals();
  const { listen, release } = keepSignal(io, 'SIGUSR2');
  let told = 0;
  const end = listen(() => {
    told += 1;
  });
  end();
  send();
  expect([told, isHeard()]).toEqual([0, true]);
  release();
  expect(isHeard()).toBe(false);
});
