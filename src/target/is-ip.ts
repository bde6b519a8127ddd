/** Whether a text is an IP address, and of which version. */
import { isIPv4, isIPv6 } from 'node:net';

/**
 * As Node's own, whose regular expression for version 6 takes 3 ms to compile when it is first used. Every such
 * address has a colon, and no name has.
 */
export function isIP(text: string): 0 | 4 | 6 {
  if (text.includes(':')) return isIPv6(text) ? 6 : 0;
  return isIPv4(text) ? 4 : 0;
}
