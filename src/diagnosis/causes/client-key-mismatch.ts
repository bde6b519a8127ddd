/** The private key is not the certificate's. */
import type { Evidence } from '../../evidence/evidence.ts';
import type { Cause } from '../cause.ts';
import { localConfidence } from '../local-files.ts';
import { stoppedLocally } from '../reading.ts';

const mismatchErrors: readonly string[] = [
  'ERR_OSSL_X509_KEY_VALUES_MISMATCH',
  'ERR_OSSL_X509_KEY_TYPE_MISMATCH',
  'ERR_SSL_NO_CERTIFICATE_ASSIGNED',
];

export const clientKeyMismatch: Cause = {
  code: 'client-key-mismatch',
  title: 'Our private key does not belong to our certificate',
  side: 'delegate',
  documentation:
    'The certificate holds one public key and the key file another. With two keys of one type TLS libraries refuse to load the pair; with keys of different types (an RSA certificate and an EC key) many load it without an error and then send no certificate at all, so that the gateway says that one is missing. It happens when only one of two files was renewed. Put the certificate and the key of the same issue together.',
  outranks: [
    'client-certificate-not-sent',
    'client-certificate-unparsable',
    'gateway-refused-our-certificate',
    'client-certificate-refused-by-http',
  ],
  explain(situation) {
    const { evidence } = situation;
    if (!doNotBelong(evidence)) return undefined;
    const confidence = localConfidence(situation);
    if (!confidence) return undefined;
    const nothingSent = evidence.tls?.clientCertificateSent === false;
    return {
      confidence: stoppedLocally(evidence) || nothingSent ? 'certain' : confidence,
      evidence: [
        pairInWords(evidence),
        ...(nothingSent ? ['The gateway asked for a certificate and we sent none.'] : []),
      ],
      remedy:
        'Put the certificate and the private key of the same issue together, and replace both files.',
    };
  },
};

function doNotBelong({ credential }: Evidence): boolean {
  if (credential.keyMatchesCertificate !== undefined) return !credential.keyMatchesCertificate;
  return mismatchErrors.includes(credential.loadError ?? '');
}

function pairInWords({ clientCertificate, credential }: Evidence): string {
  const [theirs, ours] = [clientCertificate?.keyAlgorithm, credential.key?.algorithm];
  const differ = theirs !== undefined && ours !== undefined && theirs !== ours;
  const types = differ
    ? `: the certificate is for a key of type ${theirs}, the key is of type ${ours}`
    : '';
  const paths = [credential.keyFile?.path, credential.certificateFile?.path];
  const [key = 'The key', certificate = 'the certificate'] = paths;
  return `${key} is not the key of ${certificate}${types}.`;
}
