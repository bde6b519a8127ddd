/** How many octets of messages that are not complete yet are held, of each sender and of all: what they may cost in memory. */

export interface PartialLimits {
  readonly ofSender: number;
  readonly ofAll: number;
  /** So much of a connection is never held against it: a network delivers in pieces. */
  readonly ofConnection: number;
}

const usualLimits: PartialLimits = {
  ofSender: 16 * 1024 * 1024,
  ofAll: 64 * 1024 * 1024,
  ofConnection: 16 * 1024,
};

export interface PartialMessage {
  /** Whether there is room for it. */
  grow(octets: number): boolean;
  /** It was complete, or its connection has ended. */
  clear(): void;
}

export class PartialMessages {
  readonly #limits: PartialLimits;
  readonly #bySender = new Map<string, number>();
  #all = 0;

  constructor(limits: PartialLimits = usualLimits) {
    this.#limits = limits;
  }

  get octets(): number {
    return this.#all;
  }

  /** The message that comes in on one connection. */
  open(identity: string): PartialMessage {
    let octets = 0;
    return {
      grow: (more) => {
        octets += more;
        this.#add(identity, more);
        return octets <= this.#limits.ofConnection || this.#hasRoom(identity);
      },
      clear: () => {
        this.#add(identity, -octets);
        octets = 0;
      },
    };
  }

  #hasRoom(identity: string): boolean {
    const { ofSender, ofAll } = this.#limits;
    return (this.#bySender.get(identity) ?? 0) <= ofSender && this.#all <= ofAll;
  }

  #add(identity: string, octets: number): void {
    this.#all += octets;
    const sum = (this.#bySender.get(identity) ?? 0) + octets;
    if (sum > 0) this.#bySender.set(identity, sum);
    else this.#bySender.delete(identity);
  }
}
