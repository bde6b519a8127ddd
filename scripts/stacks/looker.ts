/** The process that looks, `looker.ts keyLog`: for each aim sent to it, the evidence, the outcome and the port it came from. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import process from 'node:process';
import { TLSSocket } from 'node:tls';
import { diagnose } from '../../src/diagnosis/diagnose.ts';
import { lookAt } from '../../test/support/aim-at.ts';
import type { Looked, LookWanted } from './looks.ts';

const [keyLogPath = ''] = process.argv.slice(2);

/**
 * The product zeroes each line as soon as it has read it, and has no way to let one out. So the line is
 * copied on its way to the product; Node's own `--tls-keylog` comes too late, as it writes in the background.
 */
const { emit } = TLSSocket.prototype;
TLSSocket.prototype.emit = function emitLogged(
  this: TLSSocket,
  event: string | symbol,
  ...args: unknown[]
): boolean {
  if (event === 'keylog') appendFileSync(keyLogPath, args[0] as Buffer);
  return Reflect.apply(emit, this, [event, ...args]);
};

/** Where the look that opens a socket leaves its local port. */
const looking = new AsyncLocalStorage<{ clientPort: number }>();

subscribe('net.client.socket', (message) => {
  const { socket } = message as { readonly socket: Socket };
  const look = looking.getStore();
  socket.once('connect', () => {
    if (look && socket.localPort !== undefined) look.clientPort = socket.localPort;
  });
});

process.on('message', async ({ id, aim }: LookWanted) => {
  const look = { clientPort: 0 };
  const evidence = await looking.run(look, () => lookAt(aim));
  const looked: Looked = { id, evidence, outcome: diagnose(evidence).outcome, ...look };
  process.send?.(looked);
});
