/** Everything that reports are taken to, by name; what speaks a protocol is loaded when there is something to carry. */
import type { Config, NamedHome } from '../config/config.ts';
import type { Carrier } from '../sink/delivery/carrier.ts';
import type { Ports } from './ports.ts';

export interface Receiver {
  /** Under which reports wait for it and metrics tell of it: stable, without a secret. */
  readonly name: string;
  /** Loads what speaks its protocol. */
  carrier(): Promise<Carrier>;
}

export interface ReceiverPorts extends Pick<Ports, 'clock' | 'random' | 'log'> {
  readonly agentId: string;
  /** The delegate's name, by which people at home may ask for a look. */
  readonly delegate?: string;
  /** Home asks for a look at once. Absent: it is not heeded. */
  readonly onProbeNow?: () => void;
}

/** In the order of the configuration. */
export function receiversOf(
  { homes }: Pick<Config, 'homes'>,
  ports: ReceiverPorts,
): readonly Receiver[] {
  return homes.map((home) => ({ name: home.name, carrier: () => homeCarrier(home, ports) }));
}

async function homeCarrier(home: NamedHome, ports: ReceiverPorts): Promise<Carrier> {
  if (/^wss?:$/.test(home.url.protocol)) return socketCarrier(home, ports);
  const { agentId, clock } = ports;
  const { httpsCarrier } = await import('../sink/home/https-carrier.ts');
  return httpsCarrier({ home, agentId, clock });
}

async function socketCarrier(home: NamedHome, { log, ...ports }: ReceiverPorts): Promise<Carrier> {
  const { websocketCarrier } = await import('../sink/home/socket/websocket-carrier.ts');
  const facts = home.name === 'home' ? {} : { receiver: home.name };
  return websocketCarrier({
    ...ports,
    home,
    onWay: (way) => {
      if (way === 'websocket') log.info('the WebSocket with home is open again', facts);
      else log.warn('home cannot be reached by WebSocket: reports go by HTTPS meanwhile', facts);
    },
  });
}
