/** A spool whose reports go by WebSocket, with a link that loses no time. */
import { systemClock } from '../../../../src/base/clock.ts';
import { systemRandom } from '../../../../src/base/random.ts';
import type { HomeConfig } from '../../../../src/config/config.ts';
import type { DeliveryOptions } from '../../../../src/sink/delivery/delivery-loop.ts';
import { type LinkTiming, linkTiming } from '../../../../src/sink/home/socket/home-link.ts';
import {
  type WebsocketCarrierOptions,
  websocketCarrier,
} from '../../../../src/sink/home/socket/websocket-carrier.ts';
import { agentId, type Sending, sending } from '../send.ts';

export const quick: LinkTiming = {
  ...linkTiming,
  idle: { baseMs: 20, capMs: 40, floorMs: 10 },
  httpsMs: 300,
};

export interface SocketSending extends Sending {
  readonly ways: string[];
  readonly probes: () => number;
  readonly ignored: () => number;
}

export function sendingBySocket(
  home: HomeConfig,
  options: Partial<WebsocketCarrierOptions> = {},
  delivery: Partial<DeliveryOptions> & { readonly directory?: string } = {},
): SocketSending {
  const ways: string[] = [];
  let probes = 0;
  const carrier = websocketCarrier({
    ...{ home, agentId, clock: systemClock, random: systemRandom, timing: quick },
    onProbeNow: () => {
      probes += 1;
    },
    onWay: (way) => ways.push(way),
    ...options,
  });
  const sent = sending(home, { ...delivery, carrier });
  return { ...sent, ways, probes: () => probes, ignored: () => carrier.ignored() };
}
