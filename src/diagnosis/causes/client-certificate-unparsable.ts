/** The certificate file can be read, and no usable certificate is in it. */
import type { Cause } from '../cause.ts';
import { contentInWords, localConfidence } from '../local-files.ts';

export const clientCertificateUnparsable: Cause = {
  code: 'client-certificate-unparsable',
  title: 'Our client certificate file holds no usable certificate',
  side: 'delegate',
  documentation:
    'The file can be read, but it holds no certificate in PEM that decodes. Common reasons are a secret that was encoded in base64 twice, DER or PKCS#12 in place of PEM, or a file cut short. Export the certificate again as PEM, with its intermediates after it.',
  explain(situation) {
    const { certificateFile: file, loadError } = situation.evidence.credential;
    const confidence = localConfidence(situation);
    if (!file || !confidence) return undefined;
    if (file.content !== undefined || file.error === 'TOO_LARGE') {
      return { confidence, evidence: [contentInWords('certificate', file)], remedy };
    }
    if (loadError === undefined) return undefined;
    const said = `OpenSSL does not load the certificate and key (${loadError}).`;
    return { confidence: 'possible', evidence: [said], remedy };
  },
};

const remedy = 'Export the certificate again as PEM, leaf first, and replace the file.';
