/** dns, tcp and proxy: an open path to the target, on which TLS can begin. */
import type { Socket } from 'node:net';
import type { Clock } from '../base/clock.ts';
import type { ProxySeen } from '../evidence/evidence.ts';
import { isIP } from '../target/is-ip.ts';
import type { Target } from '../target/target.ts';
import { dial } from './dial.ts';
import { resolveHost } from './resolve-host.ts';
import type { StepLog } from './step-log.ts';

export interface Reached {
  /** Absent when a step failed. */
  readonly socket?: Socket;
  readonly proxy?: ProxySeen;
}

export async function reach(target: Target, log: StepLog, clock: Clock): Promise<Reached> {
  const { proxy } = target;
  const firstHop = proxy ?? target;
  const addresses = await resolve(target, log);
  if (!addresses) return {};
  const { host, port } = firstHop;
  const socket = await log.take('tcp', (signal) => dial({ host, port, addresses }, clock, signal));
  if (!socket) return {};
  if (proxy) return tunnelThrough(socket, target, log);
  log.skip('proxy', 'no-proxy');
  return { socket };
}

/** The target's addresses, or the proxy's, which resolves the target itself. */
async function resolve(target: Target, log: StepLog): Promise<readonly string[] | undefined> {
  const { host, port } = target.proxy ?? target;
  const given = target.proxy ? undefined : target.address;
  if (given === undefined && !isIP(host)) return log.take('dns', () => resolveHost(host, port));
  log.skip('dns', 'address-given');
  return [given ?? host];
}

async function tunnelThrough(socket: Socket, target: Target, log: StepLog): Promise<Reached> {
  const { proxy, address, host, port } = target;
  if (!proxy) return { socket };
  const { openTunnel } = await import('./open-tunnel.ts');
  const named = address ?? host;
  const authority = `${named.includes(':') ? `[${named}]` : named}:${port}`;
  let seen: ProxySeen | undefined;
  const tunnel = await log.take('proxy', async (signal) => {
    const opened = await openTunnel(socket, proxy, authority, signal);
    seen = opened.seen;
    return opened.result;
  });
  return { ...(tunnel && { socket: tunnel }), ...(seen && { proxy: seen }) };
}
