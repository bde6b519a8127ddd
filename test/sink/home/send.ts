/** A spool and a sender that retries fast, both of which end with the test. */
import { onTestFinished } from 'vitest';
import { systemClock } from '../../../src/base/clock.ts';
import { systemRandom } from '../../../src/base/random.ts';
import type { HomeConfig } from '../../../src/config/config.ts';
import type { DeliveryOptions } from '../../../src/sink/delivery/delivery-loop.ts';
import { DeliveryLoop } from '../../../src/sink/delivery/delivery-loop.ts';
import type { Trouble } from '../../../src/sink/delivery/trouble.ts';
import { httpsCarrier } from '../../../src/sink/home/https-carrier.ts';
import { Spool } from '../../../src/sink/spool/spool.ts';
import { openState } from '../../../src/state/open-state.ts';
import { someReport } from '../../state/temporary.ts';

export const agentId = '0198f000-0000-7000-8000-000000000001';

export interface Sending {
  readonly spool: Spool;
  readonly sender: DeliveryLoop;
  readonly troubles: Trouble[];
  /** Adds reports and lets the sender know. */
  add(...ids: readonly string[]): void;
}

export function sending(
  home: HomeConfig,
  options: Partial<DeliveryOptions> & { readonly directory?: string } = {},
): Sending {
  const clock = systemClock;
  const { directory, carrier = httpsCarrier({ home, agentId, clock }), ...rest } = options;
  const state = openState({ ...(directory && { directory }), exclusive: false, clock });
  const spool = new Spool({ state, clock });
  const troubles: Trouble[] = [];
  const sender = new DeliveryLoop({
    carrier,
    spool: spool.cursor('home'),
    clock,
    random: systemRandom,
    onTrouble: (trouble) => troubles.push(trouble),
    backoff: { baseMs: 10, capMs: 20, floorMs: 5 },
    ...rest,
  });
  onTestFinished(async () => {
    await sender.stop();
    state.close();
  });
  return {
    spool,
    sender,
    troubles,
    add: (...ids) => {
      for (const id of ids) spool.add(someReport({ id }));
      sender.wake();
    },
  };
}
