/** Everything that reports are taken to, by name; what speaks a protocol is loaded when there is something to carry. */
import type { Config, NamedHome, OtlpConfig } from '../config/config.ts';
import type { Carrier } from '../sink/delivery/carrier.ts';
import type { LogFacts } from '../sink/log/program-log.ts';
import type { Ports } from './ports.ts';

export interface Receiver {
  /** Under which reports wait for it and metrics tell of it: stable, without a secret. */
  readonly name: string;
  /** Loads what speaks its protocol. */
  carrier(): Promise<Carrier>;
  /** Of one attempt, where it is not the usual one. */
  readonly timeoutMs?: number;
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
  { homes, otlp }: Pick<Config, 'homes' | 'otlp'>,
  ports: ReceiverPorts,
): readonly Receiver[] {
  const named = homes.map((home) => ({
    name: home.name,
    carrier: () => homeCarrier(home, ports),
  }));
  return [...named, ...(otlp ? [otlpReceiver(otlp, ports)] : [])];
}

/** Two requests an attempt, each with its own deadline. */
function otlpReceiver(otlp: OtlpConfig, { clock, log }: ReceiverPorts): Receiver {
  const warn = (message: string, facts?: LogFacts): void => log.warn(message, facts);
  const inform = (message: string, facts?: LogFacts): void => log.info(message, facts);
  return {
    name: 'otlp',
    timeoutMs: otlp.logs.timeoutMs + otlp.metrics.timeoutMs,
    carrier: async () => {
      const { otlpCarrier } = await import('../sink/otlp/otlp-carrier.ts');
      return otlpCarrier({ otlp, clock, warn, inform });
    },
  };
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
