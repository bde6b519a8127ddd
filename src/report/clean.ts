/** What came from elsewhere made safe to print and to pass on: no control characters, and nothing that looks like a secret. */
import { sanitise } from '../base/sanitise.ts';

/** Longer than any sentence of a report. */
const maxLength = 16_384;

const privateKey = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----.*?(?:-----END [A-Z0-9 ]*-----|$)/gs;
/** Except the mark that stands for it. Begins where it cannot begin again within itself, so that a long text takes no longer than its length. */
const userinfo = /(:\/\/)(?!\*{3}@)[^\s/@]*@/g;
const url = /(?:https?|wss?):\/\/[^\s"']*/gi;

/** The same value with every text in it cleaned, names of properties included. It must not be nested deeply. */
export function clean(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [sanitise(name), clean(each)]),
  );
}

export function cleanText(text: string): string {
  const plain = text
    .replace(privateKey, '[redacted]')
    .replace(userinfo, '$1')
    .replace(url, (found) => found.replace(/[?#].*/, ''));
  return sanitise(plain, maxLength);
}
