/**
 * The connections of home's server. They are bounded by closing what is worth least: the longest open
 * connection that has shown no credential yet, of the address that has the most of them; and only where
 * there is none, the longest idle one.
 */
import { isIPv6 } from 'node:net';

/** As much of a socket as is needed. */
export interface Connected {
  readonly remoteAddress?: string | undefined;
  readonly remotePort?: number | undefined;
  destroy(): unknown;
  once(event: 'close', listener: () => void): unknown;
}

export interface ConnectionLimits {
  readonly connections: number;
  /** Of them, those that have shown no credential. */
  readonly strangers: number;
  /** Of them, from one address (of IPv6, from one /64). */
  readonly strangersPerAddress: number;
  /** So many that were let in are kept open between two requests; the others end with their answer. */
  readonly kept: number;
}

export const usualLimits: ConnectionLimits = {
  connections: 16_000,
  strangers: 4_096,
  strangersPerAddress: 1_024,
  kept: 2_048,
};

/** Over TLS, where each costs some 80 KB of memory and not 20: together with all the rest, below 300 MB. */
export const usualTlsLimits: ConnectionLimits = { ...usualLimits, kept: 768 };

interface Connection {
  readonly socket: Connected;
  readonly address: string;
  /** Requests under way, or something that lasts as long as the connection. */
  busy: number;
  isKnown: boolean;
  isKept: boolean;
}

export class Connections {
  readonly #limits: ConnectionLimits;
  /** By address and port, which are the same for a TCP connection and for the TLS connection within it. */
  readonly #all = new Map<string, Connection>();
  readonly #strangers = new Crowd();
  readonly #known = new Crowd();
  #shed = 0;
  #kept = 0;

  constructor(limits: ConnectionLimits = usualLimits) {
    this.#limits = limits;
  }

  get open(): number {
    return this.#all.size;
  }

  /** Whether one more could not be kept. */
  get isCrowded(): boolean {
    return this.#kept >= this.#limits.kept;
  }

  /** How many were closed to make room. */
  get shed(): number {
    return this.#shed;
  }

  /** A TCP connection that has just been accepted. */
  add(socket: Connected): void {
    const key = keyOf(socket);
    const address = networkOf(socket.remoteAddress ?? '');
    const connection: Connection = { socket, address, busy: 0, isKnown: false, isKept: false };
    this.#all.set(key, connection);
    this.#strangers.add(connection);
    socket.once('close', () => {
      if (this.#all.get(key) === connection) this.#all.delete(key);
      this.#strangers.delete(connection);
      this.#known.delete(connection);
      if (connection.isKept) this.#kept -= 1;
    });
    const { connections, strangers, strangersPerAddress } = this.#limits;
    if (this.#strangers.sizeOf(connection.address) > strangersPerAddress) {
      this.#shedOne(this.#strangers.oldestOf(connection.address));
    } else if (this.#strangers.size > strangers) {
      this.#shedOne(this.#strangers.oldest());
    } else if (this.#all.size > connections) {
      this.#shedOne(this.#strangers.oldest() ?? this.#known.oldest());
    }
  }

  /** What came over it was let in: until the returned function is called it is not closed to make room. */
  welcome(socket: Connected): () => void {
    const connection = this.#all.get(keyOf(socket));
    if (!connection) return () => undefined;
    this.#strangers.delete(connection);
    this.#known.delete(connection);
    connection.busy += 1;
    connection.isKnown = true;
    return () => {
      connection.busy -= 1;
      if (connection.busy > 0 || this.#all.get(keyOf(socket)) !== connection) return;
      this.#known.add(connection);
    };
  }

  /**
   * Asked when it is answered: whether it may stay open for the next request. One that may goes on to: of a fleet whose
   * members come in turn, closing the longest idle would close each of them before its next turn.
   */
  keep(socket: Connected): boolean {
    const connection = this.#all.get(keyOf(socket));
    if (!connection?.isKnown) return !this.isCrowded;
    if (!(connection.isKept || this.isCrowded)) {
      connection.isKept = true;
      this.#kept += 1;
    }
    return connection.isKept;
  }

  #shedOne(connection: Connection | undefined): void {
    if (!connection) return;
    this.#shed += 1;
    // Now, for its close is told later.
    this.#strangers.delete(connection);
    this.#known.delete(connection);
    connection.socket.destroy();
  }
}

/** Connections in order of age, together and by address. */
class Crowd {
  readonly #byAddress = new Map<string, Set<Connection>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(address: string): number {
    return this.#byAddress.get(address)?.size ?? 0;
  }

  add(connection: Connection): void {
    const peers = this.#byAddress.get(connection.address) ?? new Set();
    this.#byAddress.set(connection.address, peers.add(connection));
    this.#size += 1;
  }

  delete(connection: Connection): void {
    const peers = this.#byAddress.get(connection.address);
    if (!peers?.delete(connection)) return;
    this.#size -= 1;
    if (peers.size === 0) this.#byAddress.delete(connection.address);
  }

  oldestOf(address: string): Connection | undefined {
    return this.#byAddress.get(address)?.values().next().value;
  }

  /** Of the address that has the most. */
  oldest(): Connection | undefined {
    let most: ReadonlySet<Connection> | undefined;
    for (const peers of this.#byAddress.values()) {
      if (peers.size > (most?.size ?? 0)) most = peers;
    }
    return most?.values().next().value;
  }
}

export function keyOf({ remoteAddress, remotePort }: Connected): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Whoever has one IPv6 address has 2^64 of them. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = ''] = address.split('::', 1);
  return head.split(':').slice(0, 4).join(':');
}
