/** Whether OpenSSL knows what stands in a list of groups, signature algorithms or cipher suites. */
import { createSecureContext, type SecureContextOptions } from 'node:tls';

export type OpensslList = 'groups' | 'signatureAlgorithms' | 'ciphers';

const optionNames = {
  groups: 'ecdhCurve',
  signatureAlgorithms: 'sigalgs',
  ciphers: 'ciphers',
} as const satisfies Record<OpensslList, keyof SecureContextOptions>;

/** The names that OpenSSL refuses; all of them when it refuses only the whole; empty when it takes the list. */
export function unknownToOpenssl(list: OpensslList, names: readonly string[]): readonly string[] {
  if (takes(list, names)) return [];
  // `!aNULL` and the like mean nothing alone.
  const alone = names.filter((name) => !/^[!+@-]/.test(name) && !takes(list, [name]));
  return alone.length > 0 ? alone : names;
}

function takes(list: OpensslList, names: readonly string[]): boolean {
  try {
    createSecureContext({ [optionNames[list]]: names.join(':') });
    return true;
  } catch {
    return false;
  }
}
