/** `watch-rotation`: every gateway looked at before a rotation and, with fresh handshakes, for as long as asked after it. */
import type { TargetConfig } from '../../config/config.ts';
import type { WatchedAddresses } from '../../config/load-watch.ts';
import type { CheckResult } from '../../preflight/check.ts';
import {
  beginRotation,
  continueRotation,
  type Looked,
  type Rotation,
  rotationChecks,
} from '../../preflight/rotation.ts';
import { look } from '../../probe/look.ts';
import { printableProxy } from '../../target/proxy-url.ts';
import { aim, printableUrl } from '../../target/target.ts';
import { CredentialStore } from '../credential-store.ts';
import { DelegateStore } from '../delegate-store.ts';
import type { Ports } from '../ports.ts';
import { spreadTargets } from './spread-targets.ts';

export interface WatchPorts extends Pick<Ports, 'clock' | 'signal'> {
  /** Told of every look as it ends; `before` is absent for the first. */
  readonly onLook?: (gateway: string, looked: Looked, before: Looked | undefined) => void;
}

export interface Watch extends Rhythm {
  readonly targets: readonly TargetConfig[];
  readonly addresses?: WatchedAddresses;
}

/** The abort of `signal` ends it with what is known by then: empty when no gateway was looked at. */
export async function watchRotation(
  { targets, addresses, ...rhythm }: Watch,
  ports: WatchPorts,
): Promise<readonly CheckResult[]> {
  const spread = await spreadTargets(targets, addresses, rhythm.timeoutMs, ports);
  const rotations = await Promise.all(spread.map((target) => watchOne(target, rhythm, ports)));
  return rotations.flatMap((rotation) => (rotation ? rotationChecks(rotation) : []));
}

/** The URL and the way there, for one gateway may be watched by several. */
function nameOf({ url, address, proxy }: TargetConfig): string {
  const at = address === undefined ? '' : ` at ${address}`;
  const through = proxy ? ` through ${printableProxy(proxy)}` : '';
  return `${printableUrl(url)}${at}${through}`;
}

interface Rhythm {
  readonly timeoutMs: number;
  readonly intervalMs: number;
  readonly forMs: number;
}

/** The last look is made when the time is over. One that the abort cut short is none. */
async function watchOne(
  target: TargetConfig,
  { timeoutMs, intervalMs, forMs }: Rhythm,
  { clock, signal, onLook }: WatchPorts,
): Promise<Rotation | undefined> {
  const gateway = nameOf(target);
  const store = new CredentialStore(target, clock);
  const beside = new DelegateStore(target.delegate, clock);
  const untilMs = clock.monotonicMs() + forMs;
  let rotation: Rotation | undefined;
  let isLast = false;
  while (!signal.aborted) {
    const beganMs = clock.monotonicMs();
    const { credential, context } = store.current();
    const delegate = await beside.current();
    const options = { clock, timeoutMs, signal, ...(delegate && { delegate }) };
    const evidence = await look(aim(target), credential, context, options);
    if (signal.aborted) break;
    const before = rotation?.last;
    rotation = rotation ? continueRotation(rotation, evidence) : beginRotation(gateway, evidence);
    onLook?.(gateway, rotation.last, before);
    if (isLast) break;
    isLast = beganMs + intervalMs >= untilMs;
    const nextMs = isLast ? untilMs : beganMs + intervalMs;
    await clock.sleep(Math.max(nextMs - clock.monotonicMs(), 0), signal);
  }
  return rotation;
}
