/** Randomness, as something that is handed in. */
import { randomBytes } from 'node:crypto';

export interface Random {
  /** Uniform over [0, 1). */
  fraction(): number;
  bytes(count: number): Uint8Array;
}

export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => randomBytes(count),
};

/** UUID version 7: sorts by time (RFC 9562 section 5.7). */
export function uuidV7(epochMs: number, random: Random): string {
  const octets = Buffer.alloc(16);
  octets.writeUIntBE(epochMs, 0, 6);
  octets.set(random.bytes(10), 6);
  octets.writeUInt8((octets.readUInt8(6) & 0x0f) | 0x70, 6);
  octets.writeUInt8((octets.readUInt8(8) & 0x3f) | 0x80, 8);
  return octets.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
