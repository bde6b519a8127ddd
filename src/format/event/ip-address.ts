/** Tells IP addresses from other text, for fields that take nothing else. */

const ipv4 = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;

/** Undefined for what is no address; an IPv6 zone (`%eth0`) must be cut off before. */
export function ipVersion(text: string): 4 | 6 | undefined {
  if (ipv4.test(text)) return 4;
  return /^[0-9a-f:.]{2,45}$/i.test(text) && URL.canParse(`http://[${text}]/`) ? 6 : undefined;
}

/** Those of the texts that are addresses, without zones, each once. */
export function addressesIn(texts: readonly (string | undefined)[]): readonly string[] {
  const addresses = texts.map((text = '') => text.replace(/%.*$/s, ''));
  return [...new Set(addresses.filter((text) => ipVersion(text) !== undefined))];
}
