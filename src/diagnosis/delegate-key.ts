/** What hinders the Java delegate's key loader in a key file that we can use. */
import type { CredentialSeen, Evidence } from '../evidence/evidence.ts';

/** Each a sentence; empty when the key suits it, or none could be read. */
export function keyFaults({ key }: CredentialSeen): readonly string[] {
  if (!key) return [];
  const { label, encrypted, algorithm, blocks = 1 } = key;
  return [
    ...(encrypted ? ['The key is encrypted.'] : []),
    ...(!encrypted && label !== 'PRIVATE KEY'
      ? [`The key stands in a block ${label}, not in PRIVATE KEY (PKCS#8).`]
      : []),
    ...(algorithm !== undefined && algorithm !== 'rsa'
      ? [`The key is of the type ${algorithm}, not rsa.`]
      : []),
    ...(blocks > 1 ? [`The file holds ${blocks} private keys.`] : []),
  ];
}

/** Where there is a delegate: what hinders it. */
export function delegateKeyFaults({ delegate, credential }: Evidence): readonly string[] {
  return delegate ? keyFaults(credential) : [];
}
