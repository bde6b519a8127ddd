/** What `ws` is told to bear of a peer, at either end: no compression, and no message that costs more than it says. */

export interface SocketBounds {
  readonly perMessageDeflate: false;
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
  readonly closeTimeout: number;
}

export function socketBounds(maxMessageBytes: number): SocketBounds {
  return {
    perMessageDeflate: false,
    maxPayload: maxMessageBytes,
    maxFragments: 64,
    // Small pieces of a network that cuts everything small; each costs more than its octets.
    maxBufferedChunks: Math.ceil(maxMessageBytes / 256),
    closeTimeout: 1_000,
  };
}
