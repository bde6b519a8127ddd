/** A gateway's secret as it stands in its files, unmended, so that a listener takes it as the gateway's own would. */
import { Secret } from '../base/secret.ts';
import type { CredentialConfig } from '../config/config.ts';
import type { CredentialMaterial } from './credential.ts';
import { readFile } from './read-file.ts';

/** For files that `material` was loaded from. What is no PEM, such as PKCS#12, stays as it was loaded. */
export function asDeployed(
  { certPath, keyPath }: CredentialConfig,
  { cert, key, passphrase }: CredentialMaterial,
): CredentialMaterial {
  return {
    cert: pemIn(certPath ?? keyPath) ?? cert,
    key: new Secret(pemIn(keyPath ?? certPath) ?? key.reveal()),
    ...(passphrase && { passphrase }),
  };
}

function pemIn(path: string | undefined): string | undefined {
  const { octets } = path === undefined ? {} : readFile(path);
  return octets?.includes('-----BEGIN ') ? octets.toString('utf8') : undefined;
}
