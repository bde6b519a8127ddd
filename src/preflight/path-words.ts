/** What is wrong with a certification path, in words. */
import { seeCertificate } from '../evidence/certificate-seen.ts';
import type { Certificate } from '../x509/certificate.ts';
import { intermediatesBelow, type PathFault, type PathVerdict } from '../x509/judge-path.ts';
import { lifeInWords } from './life.ts';

/** One sentence for each fact. */
export function faultInWords(
  { flaw, certificate, depth, details }: PathFault,
  { path }: Pick<PathVerdict, 'path'>,
  now: string,
): readonly string[] {
  const { extensions, subject, issuer } = certificate;
  const name = subject.text;
  switch (flaw) {
    case 'not-anchored':
      return [`The path ends at ${name}, issued by ${issuer.text}.`];
    case 'unknown-critical-extension':
      return [
        `${name} has a critical extension that OpenSSL does not know: ${details.join(', ')}.`,
      ];
    case 'explicit-curve':
      return [`The key of ${name} spells its curve out, where its name is expected.`];
    case 'no-ca':
      return [`${name} is no CA by its basicConstraints.`];
    case 'no-cert-sign':
      return [`The keyUsage of ${name} does not allow it to sign certificates.`];
    case 'extended-key-usage':
      return [allowance('extendedKeyUsage', name, details)];
    case 'key-usage':
      return [allowance('keyUsage', name, extensions.keyUsage)];
    case 'netscape-type':
      return [allowance('Netscape certificate type', name, extensions.netscapeTypes)];
    case 'path-too-long':
      return [`${lengthInWords(certificate)} The path has ${intermediatesBelow(path, depth)}.`];
    case 'weak-key':
    case 'weak-signature':
      return [`${name}: ${strengthInWords(certificate)}`];
    case 'bad-signature':
      return [`${name} is not signed by the key of the ${issuer.text} that is there.`];
    case 'not-yet-valid':
    case 'expired':
      return [`${name} is ${lifeInWords(seeCertificate(certificate.der), now)}.`];
    case 'name-not-permitted':
      return details;
  }
}

function allowance(what: string, name: string, allowed: readonly string[] = []): string {
  return `The ${what} of ${name} allows ${allowed.join(', ') || 'nothing'}.`;
}

export function lengthInWords({ subject, extensions: { pathLength } }: Certificate): string {
  return pathLength === undefined
    ? `${subject.text} sets no limit.`
    : `${subject.text} allows ${pathLength} CAs below it.`;
}

export function strengthInWords({ publicKey, signatureAlgorithm }: Certificate): string {
  const { algorithm, bits } = publicKey;
  const size = bits === undefined ? '' : ` of ${bits} bits`;
  return `Key ${algorithm}${size}, signature ${signatureAlgorithm}.`;
}

const maxNames = 8;

export function anchorsInWords(anchors: readonly Certificate[]): string {
  const names = anchors.slice(0, maxNames).map(({ subject }) => subject.text);
  const more = anchors.length > maxNames ? ` and ${anchors.length - maxNames} more` : '';
  return `${names.join('; ')}${more}`;
}
