/** Secrets as the key log gives them (RFC 9850): kept by label and client random, zeroed at the end. */
import { wireLimits } from './wire-limits.ts';

const labels = [
  'CLIENT_RANDOM',
  'CLIENT_HANDSHAKE_TRAFFIC_SECRET',
  'SERVER_HANDSHAKE_TRAFFIC_SECRET',
  'CLIENT_TRAFFIC_SECRET_0',
  'SERVER_TRAFFIC_SECRET_0',
] as const;

export type SecretLabel = (typeof labels)[number];

const isLabel = (text: string): text is SecretLabel => labels.some((label) => label === text);

const randomHexLength = 64;
const space = 0x20;

export class KeyLog {
  readonly #secrets = new Map<string, Uint8Array>();

  /** Takes `LABEL clientRandomHex secretHex`; false for what is no such line, is known, or is beyond the limit. */
  add(line: Uint8Array): boolean {
    const labelEnd = line.indexOf(space);
    const randomEnd = labelEnd + 1 + randomHexLength;
    if (labelEnd < 0 || line[randomEnd] !== space) return false;
    const label = Buffer.from(line.subarray(0, labelEnd)).toString('latin1');
    const random = Buffer.from(line.subarray(labelEnd + 1, randomEnd)).toString('latin1');
    const secret = fromHex(line.subarray(randomEnd + 1));
    const name = `${label} ${random.toLowerCase()}`;
    const isWanted = isLabel(label) && secret.length >= 32 && secret.length <= 64;
    if (!isWanted || this.#secrets.has(name) || this.#secrets.size >= wireLimits.secrets) {
      secret.fill(0);
      return false;
    }
    this.#secrets.set(name, secret);
    return true;
  }

  /** Ours: copy it to change or zero it. */
  secret(label: SecretLabel, clientRandom: Uint8Array): Uint8Array | undefined {
    return this.#secrets.get(`${label} ${Buffer.from(clientRandom).toString('hex')}`);
  }

  forget(): void {
    for (const secret of this.#secrets.values()) secret.fill(0);
    this.#secrets.clear();
  }
}

/** The octets that hex digits stand for, up to the first that is none; no string is made of them. */
function fromHex(digits: Uint8Array): Uint8Array {
  const octets = new Uint8Array(Math.min(digits.length >> 1, 128));
  for (let index = 0; index < octets.length; index += 1) {
    const high = digitValue(digits[2 * index]);
    const low = digitValue(digits[2 * index + 1]);
    if (high < 0 || low < 0) return octets.slice(0, index);
    octets[index] = high * 16 + low;
  }
  return octets;
}

function digitValue(character = 0): number {
  if (character >= 0x30 && character <= 0x39) return character - 0x30;
  const lower = character | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1;
}
