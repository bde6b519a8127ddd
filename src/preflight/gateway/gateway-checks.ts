/** Every check of a gateway's secret that needs no handshake, in the order in which they are read. */
import { isExpired, isNotYetValid, isWeak } from '../../diagnosis/own-certificate.ts';
import { seeCertificate } from '../../evidence/certificate-seen.ts';
import type { CertificateSeen, FileSeen } from '../../evidence/evidence.ts';
import { isForHost } from '../../x509/host.ts';
import { type Check, failed, type Judgement, passed, skipped, warned } from '../check.ts';
import { judgeAnchorDates, judgeClientCa } from '../client/anchors.ts';
import type { Leaf } from '../client/client-subject.ts';
import { fileInWords, identityFiles } from '../client/files.ts';
import { byteOrderMark, carriageReturns } from '../client/pem.ts';
import { findGap } from '../gap.ts';
import { expiresSoon, lifeInWords } from '../life.ts';
import type { GatewaySubject } from './gateway-subject.ts';

type GatewayCheck = Check<GatewaySubject>;

function ofLeaf(
  code: string,
  title: string,
  judge: (leaf: Leaf, subject: GatewaySubject) => Judgement,
): GatewayCheck {
  return {
    code,
    title,
    judge: (subject) =>
      subject.leaf ? judge(subject.leaf, subject) : skipped('No certificate could be read.'),
  };
}

const unreadable: GatewayCheck = {
  code: 'gateway-secret-unreadable',
  title: 'Certificate and key of the server can be read',
  judge: ({ credential }) => {
    const files = identityFiles(credential);
    const { key } = credential;
    const isClosed = key?.encrypted === true && key.passphraseOpensIt !== true;
    const wrong = files.filter(({ error, content }) => (error ?? content) !== undefined);
    if (wrong.length === 0 && !isClosed) return passed(...files.map(fileInWords));
    return failed(
      'Put certificate and key as PEM into the secret, and give the passphrase of an encrypted key.',
      ...wrong.map(faultInWords),
      ...(isClosed ? ['The key is encrypted, and cannot be opened.'] : []),
    );
  },
};

function faultInWords(file: FileSeen): string {
  const { content } = file;
  return `${fileInWords(file)}${content === undefined ? '' : `: ${content}`}.`;
}

const keyMismatch: GatewayCheck = {
  code: 'gateway-key-mismatch',
  title: "The key belongs to the server's certificate",
  judge: ({ credential: { keyMatchesCertificate } }) => {
    if (keyMatchesCertificate === undefined) return skipped('They could not both be read.');
    if (keyMatchesCertificate) return passed('It is the key of the certificate.');
    return failed(
      'Put the certificate and the key of the same issue together.',
      'The key is not the one in the certificate.',
    );
  },
};

const notLoaded: GatewayCheck = {
  code: 'gateway-secret-not-loaded',
  title: 'A TLS listener starts with the secret',
  judge: ({ listenError, credential: { loadError, keyMatchesCertificate }, leaf }) => {
    if (!leaf || keyMatchesCertificate === false) return skipped('The files cannot be used.');
    const code = listenError ?? loadError;
    if (code === undefined) return passed('One was started on loopback.');
    return failed(
      'Have certificate and CA issued again: OpenSSL, and so most gateways, refuses to load them.',
      `OpenSSL refuses it (${code}).`,
    );
  },
};

const expired = ofLeaf(
  'server-certificate-expired',
  "The server's certificate has not expired",
  ({ seen }, { now }) =>
    isExpired(seen, now)
      ? failed('Renew the certificate of the server.', `It is ${lifeInWords(seen, now)}.`)
      : passed(`It is ${lifeInWords(seen, now)}.`),
);

const notYetValid = ofLeaf(
  'server-certificate-not-yet-valid',
  "The server's certificate is valid already",
  ({ seen }, { now }) =>
    isNotYetValid(seen, now) && !isExpired(seen, now)
      ? failed(
          'Wait with the rollout, or have it issued again.',
          `It is ${lifeInWords(seen, now)}.`,
        )
      : passed(`It began on ${seen.notBefore}.`),
);

const soon = ofLeaf(
  'server-certificate-expires-soon',
  "The server's certificate does not expire soon",
  ({ seen }, { now }) =>
    !isExpired(seen, now) && expiresSoon(seen, now)
      ? warned('Renew it before it is rolled out.', `It is ${lifeInWords(seen, now)}.`)
      : passed(`It is ${lifeInWords(seen, now)}.`),
);

const purpose = ofLeaf(
  'server-certificate-purpose',
  "The server's certificate is meant for servers",
  ({ seen: { extendedKeyUsage: usages } }) => {
    if (usages === undefined) return passed('It has no extendedKeyUsage, which allows all.');
    const isForServers = ['serverAuth', 'anyExtendedKeyUsage'].some((one) => usages.includes(one));
    const words = `Its extendedKeyUsage allows ${usages.join(', ') || 'nothing'}.`;
    return isForServers
      ? passed(words)
      : failed('Have it issued again with serverAuth in its extendedKeyUsage.', words);
  },
);

const weak = ofLeaf(
  'server-certificate-weak',
  "The server's keys and signatures are strong enough",
  (_, { path }) => {
    const judged = path.path
      .filter(({ isSelfIssued }, index) => index === 0 || !isSelfIssued)
      .map(({ der }) => seeCertificate(der));
    const found = judged.filter(isWeak);
    if (found.length === 0) return passed(...judged.map(strengthInWords));
    return failed(
      'Have it issued again with RSA 2048 bits or EC P-256, and SHA-256.',
      ...found.map(strengthInWords),
    );
  },
);

function strengthInWords({ subject, keyAlgorithm, keyBits, signatureAlgorithm }: CertificateSeen) {
  return `${subject}: key ${keyAlgorithm} of ${keyBits ?? 'unknown'} bits, ${signatureAlgorithm}.`;
}

const nameMismatch = ofLeaf(
  'server-certificate-name-mismatch',
  "The server's certificate is for its name",
  ({ certificate, seen }, { serverName }) => {
    if (serverName === undefined) return skipped('No --server-name is given.');
    const names = seen.subjectAltNames?.join(', ') ?? 'no name at all';
    if (isForHost(certificate, serverName)) return passed(`It is for ${names}.`);
    return failed(
      `Have it issued again with DNS:${serverName} in its subjectAltName.`,
      `It is for ${names}, and not for ${serverName}.`,
    );
  },
);

const chainInvalid = ofLeaf(
  'server-chain-invalid',
  "The server's chain is in order",
  (_, { certificates, path }) => {
    const at = certificates.findIndex((each, index) => each !== path.path[index]);
    if (at < 0) return passed(...certificates.map(({ subject }) => `${subject.text}.`));
    return failed(
      "Sort the file: the server's certificate first, then each issuer after what it issued, and nothing else.",
      `${certificates[at]?.subject.text} is not where its place is.`,
    );
  },
);

const intermediateExpired = ofLeaf(
  'server-intermediate-expired',
  "No intermediate of the server's chain has expired",
  (_, { path, now }) => {
    const above = path.path.slice(1).filter(({ isSelfIssued }) => !isSelfIssued);
    const seen = above.map(({ der }) => seeCertificate(der));
    const old = seen.filter((each) => isExpired(each, now));
    const words = (each: CertificateSeen): string =>
      `${each.subject} is ${lifeInWords(each, now)}.`;
    return old.length === 0
      ? passed(...seen.map(words))
      : failed('Put the renewed intermediate into the file.', ...old.map(words));
  },
);

const chainIncomplete = ofLeaf(
  'server-chain-incomplete',
  "The server's chain reaches the CA that delegates trust",
  (_, { path, ca, anchors }) => {
    if (!ca) return skipped('No --ca is given: what delegates trust is not known.');
    const gap = findGap(path, anchors);
    if (gap !== 'intermediate') return gap === undefined ? passed() : skipped('It is another CA.');
    return failed(
      `Add the certificate of ${path.missingIssuer} to the file.`,
      `The chain ends below ${path.missingIssuer}, which is not in the file.`,
    );
  },
);

const issuerUntrusted = ofLeaf(
  'server-issuer-untrusted',
  "Delegates trust the CA of the server's certificate",
  (_, { path, ca, anchors }) => {
    if (!ca) return skipped('No --ca is given: what delegates trust is not known.');
    if (anchors.length > 0 && findGap(path, anchors) !== 'issuer') return passed();
    return failed(
      'Have the certificate issued by the CA that delegates trust, or give them the new CA first.',
      `The chain ends at ${path.path.at(-1)?.subject.text}, issued by ${path.path.at(-1)?.issuer.text}.`,
      `Delegates trust ${anchors.map(({ subject }) => subject.text).join('; ') || 'nobody'}.`,
    );
  },
);

const clientCaUnusable: GatewayCheck = {
  code: 'client-ca-unusable',
  title: 'The client CA file holds certificates',
  judge: ({ clientCa, clientAnchors }) => judgeClientCa(clientCa.seen, clientAnchors),
};

const clientCaExpired: GatewayCheck = {
  code: 'client-ca-expired',
  title: 'No client CA has expired',
  judge: ({ clientAnchors, now }) => judgeAnchorDates(clientAnchors, now),
};

const clientCaNoAuthority: GatewayCheck = {
  code: 'client-ca-no-authority',
  title: 'Every client CA may issue certificates, and its root is there',
  judge: ({ clientAnchors }) => {
    if (clientAnchors.length === 0) return skipped('There is no certificate in it.');
    const wrong = clientAnchors.filter(({ extensions }) => extensions.isCa !== true);
    const hasRoot = clientAnchors.some(({ isSelfIssued }) => isSelfIssued);
    if (wrong.length === 0 && hasRoot) return passed();
    return failed(
      'Put the CA certificates into the file, up to a root.',
      ...wrong.map(({ subject }) => `${subject.text} is no CA.`),
      ...(hasRoot ? [] : ['There is no root in it: OpenSSL accepts no path that ends below one.']),
    );
  },
};

export const gatewayChecks: readonly GatewayCheck[] = [
  unreadable,
  byteOrderMark,
  carriageReturns,
  keyMismatch,
  notLoaded,
  expired,
  notYetValid,
  soon,
  purpose,
  weak,
  nameMismatch,
  chainInvalid,
  intermediateExpired,
  chainIncomplete,
  issuerUntrusted,
  clientCaUnusable,
  clientCaExpired,
  clientCaNoAuthority,
];
