/** A self-signed client certificate that no gateway can know: whoever takes it takes everybody. */
import type { Clock } from '../base/clock.ts';
import { Secret } from '../base/secret.ts';
import { mintCertificate } from '../x509/mint.ts';
import type { CredentialMaterial } from './credential.ts';

const hourMs = 3_600_000;

/** Lives in memory only. Valid for an hour on either side of now, so that no clock makes a difference. */
export async function mintThrowaway(clock: Clock): Promise<CredentialMaterial> {
  const nowMs = clock.now();
  const { certPem, keyPem } = await mintCertificate({
    subject: 'CN=sidelight-throwaway',
    notBeforeMs: nowMs - hourMs,
    notAfterMs: nowMs + hourMs,
    extendedKeyUsage: ['clientAuth'],
  });
  return { cert: certPem, key: new Secret(keyPem) };
}
