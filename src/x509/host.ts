/** Whether a certificate stands for a host, by the rules that TLS clients go by (RFC 9525). */
import { X509Certificate } from 'node:crypto';
import type { Certificate } from './certificate.ts';

/** False for what OpenSSL does not read. The subject's common name counts for nothing. */
export function isForHost({ der }: Certificate, host: string): boolean {
  try {
    return new X509Certificate(der).checkHost(host, { subject: 'never' }) !== undefined;
  } catch {
    return false;
  }
}
