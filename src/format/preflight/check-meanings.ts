/** What the codes mean that preflight alone has: those of causes stand with the causes. Held equal to docs/preflight.md by a test. */

/** By code; plain sentences. */
export const checkMeanings: Readonly<Record<string, string>> = {
  'ca-expired':
    'A certificate in the file of --ca has expired. As long as another one is left this is a warning: what that one issued is still trusted. For a gateway it fails when the path of its server ends there. Replace the CA certificates that have expired.',
  'certificate-file-writable':
    'Everybody on the machine can change the certificate, the CA file, or the directory of CAs: whoever changes a CA file decides who is trusted, and another certificate stops the client. That they can be read is as it should be. Take the right to write from others.',
  'client-ca-expired':
    "A certificate in the gateway's client CA file has expired, and no client that it issued is accepted. When another one is left this is a warning; for a client that needs the expired one it fails. Renew the CA, and have its clients keep their certificates: the key is the same.",
  'client-ca-no-authority':
    "A certificate in the gateway's client CA file can vouch for no client: it is no CA by its basicConstraints, its keyUsage leaves keyCertSign out or its extendedKeyUsage clientAuth, it has a critical extension that OpenSSL does not know, or the root above it is not there. OpenSSL, and so nginx and HAProxy, accepts no path that does not end at a root. Put the CA certificates into the file, up to their root.",
  'client-ca-not-yet-valid':
    "A certificate in the gateway's client CA file begins in the future, and no client that it issued is accepted before. When another one is valid this is a warning; for a client that needs this one it fails. Wait with the rollout, or have it issued again.",
  'client-ca-unusable':
    "The gateway's client CA file cannot be read, holds no certificate in PEM that decodes, or has a block at which OpenSSL gives the whole file up: one cut short, one that does not decode, or lines that end with a carriage return alone. A gateway does not load its mutual TLS with it, or loads none. Give the file of CA certificates as the gateway has it, each of them whole.",
  'client-certificate-expires-soon':
    "Two thirds of the certificate's life are over, or, when it lives longer than 90 days, 30 days of it are left. It works today. Roll out one that was just issued.",
  'client-critical-extension-unknown':
    'The certificate, or one above it, has an extension that is marked critical and that OpenSSL does not know: it must refuse what it does not understand (RFC 5280 section 4.2). Have it issued again without the extension, or with one that is not critical.',
  'client-intermediate-expires-first':
    'An intermediate in the file ends before the certificate does: all that it issued stops working on that day, months before anybody expects it. Have the CA renew it.',
  'client-intermediate-not-a-ca':
    'What stands above the certificate in the file signed it, and may not: it is no CA by its basicConstraints, or its keyUsage leaves keyCertSign out. No gateway accepts the path. Have the certificate issued by a CA.',
  'client-intermediate-not-yet-valid':
    'An intermediate in the file begins in the future. Check the clock of this machine; if it is right, have it issued again.',
  'client-intermediate-purpose':
    'An intermediate in the file has an extendedKeyUsage without clientAuth, so that nothing it issues is taken for a client, whatever stands in the certificate itself. Have the certificate issued by a CA without extendedKeyUsage, or with clientAuth in it.',
  'client-key-file-exposed':
    "Others can read or change the private key, or the file with its passphrase. The rule is that of PostgreSQL's libpq: a key of root's has at most the mode 0640, so that a group may read it, as Kubernetes' fsGroup does; a key of the user's own at most 0600; and a key of anybody else's is none of ours. A decimal defaultMode: 400 is octal 0620, which lets the group write. It works, so it is a warning.",
  'client-key-type-unusable':
    'TLS 1.3 has no signature for a key of this type, or on this curve (secp256k1, brainpool, P-224 and below): the client cannot prove itself. Have a certificate issued for RSA 2048 bits, EC P-256 or Ed25519.',
  'client-name-not-permitted':
    'A CA of the path has name constraints, and a name of the certificate, or of a CA below it, is not within them: a subject, a DNS name, an address, a mailbox or a URI. No gateway accepts the path. Have the certificate issued with names that the CA may give.',
  'client-path-too-long':
    'A CA of the path may have fewer CAs below it than it has, by the pathLenConstraint of its basicConstraints. No gateway accepts the path. Have the certificate issued by a CA nearer to the root.',
  'compare-before-accepted':
    'The earlier report, or the first look of a watch, was not accepted, so that what changed explains little; or it was accepted in a way that proves nothing, such as without being asked for a certificate. Begin while all is well.',
  'compare-changes':
    'What differs between the two reports, or between the first accepted look of a watch and those after it, fact by fact. A rotation changes something: this check passes whatever it shows.',
  'compare-order': 'The report given as the earlier one is not older than the other.',
  'compare-same-target':
    'The reports are of two gateways, and their difference says nothing about a rotation.',
  'compare-warnings':
    'The later report, or an accepted look of a watch, comes with warnings that the earlier one did not have: a certificate that ends soon, or a gateway that no longer asks for a client certificate, which accepts this delegate as it accepts everybody.',
  'crl-not-yet-valid':
    'The revocation list was made in the future, by the clock here: OpenSSL, and so a gateway that has it, refuses everybody until then (CRL is not yet valid). Check the clocks here and at the CA, and fetch the current CRL. As another one may be with the gateway, it is a warning.',
  'crl-unusable':
    'The file of --crl cannot be read, holds no CRL that decodes, none of the issuer, or one that its key did not sign; so it cannot say whether the certificate was revoked. Fetch the current CRL from the CA that issued the certificate.',
  'gateway-accepts-client':
    'The gateway, live or in rehearsal, accepted the client. When it did not, the check has the code of the cause instead; it keeps this one where no cause explains the refusal. A warning means that acceptance proves nothing, such as of a gateway that accepts a certificate that nobody issued, or that a watch ended after a single look.',
  'gateway-key-mismatch':
    "The key is not the one in the server's certificate: the gateway does not start with this secret, or keeps the one before. Put the certificate and the key of the same issue together.",
  'gateway-secret-not-loaded':
    'The files can be read, and OpenSSL refuses to make a listener of them: a key too small, a digest too weak, a block of the PEM cut short, lines that end with a carriage return alone, or another certificate before that of the key. Most gateways load with OpenSSL, and refuse the same. Its code, or the block, stands in the evidence.',
  'gateway-secret-unreadable':
    'The certificate or the key of the server cannot be read: a file is missing, empty, not PEM, encoded twice, or the key is encrypted and no passphrase opens it.',
  'gateway-trusted-by-delegates':
    'In rehearsal, a client with the CA of --ca trusted the server. When it did not, the check has the code of the cause instead; it keeps this one where no cause explains it.',
  'java-truststore-unusable':
    'The trust store that the Java delegate is given cannot be read, is damaged, is no key store (PEM is none to Java), or holds no anchor: the delegate trusts no gateway. A format or password that cannot be looked into here is a warning.',
  'pem-byte-order-mark':
    'A PEM file, also one of CA certificates, begins with a byte order mark, which some editors of Windows put there. OpenSSL since 3.0 reads past it, and so do Node.js, nginx and Sidelight; OpenSSL before 3.0 misses the block. Java finds no certificate in such a file, and its loaders of keys refuse one where they decode strictly: beside a Java delegate this fails for certificate and key, else it is a warning. Save it in UTF-8 without one.',
  'pem-carriage-returns':
    'Lines of a PEM file, also one of CA certificates, end with CRLF. TLS libraries take it; scripts and loaders that cut the text themselves may not: a warning. Lines that end with a carriage return alone fail: OpenSSL, and so Node.js, Python and nginx, does not find such a block, though Java and Sidelight do.',
  'server-certificate-expires-soon':
    "Two thirds of the life of the server's certificate are over, or, when it lives longer than 90 days, 30 days of it are left.",
};
