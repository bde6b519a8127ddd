/** What servers mean by an alert, a sentence or two for each that has a name. */

/** By the registry's name. `close_notify` and the like end a connection in order; the others break it off. */
export const alertMeanings: Readonly<Record<string, string>> = {
  close_notify:
    'The sender has finished and closes in order. It is no fault by itself; in place of an answer it can be a refusal without a word.',
  unexpected_message:
    'A message came that has no place at that point of the handshake, for example a CertificateRequest after the handshake to a client that did not offer it.',
  bad_record_mac:
    'A protected record failed its integrity check: octets were changed on the way, or the keys of both sides differ.',
  decryption_failed:
    'A record did not decrypt. Only old versions send it; it means the same as bad_record_mac.',
  record_overflow:
    'A record was longer than TLS allows: what was sent is probably not TLS, or was changed on the way.',
  decompression_failure: 'Compressed data did not decompress. Only old versions send it.',
  handshake_failure:
    'No acceptable parameters: no shared cipher suite or group, or, on TLS 1.2 after our certificate flight, a missing or refused client certificate. When it comes matters more than what it says.',
  no_certificate: 'SSL 3.0 only: there is no client certificate.',
  bad_certificate:
    'The certificate is corrupt or was refused. Go servers send it for every fault of a client certificate, also for a missing one.',
  unsupported_certificate:
    'The certificate is of a type or for a purpose that the peer does not take, often without clientAuth in its extendedKeyUsage.',
  certificate_revoked:
    'The certificate stands on a list of revoked certificates, or an OCSP answer says so.',
  certificate_expired:
    'A certificate is past its validity, or not valid yet. An intermediate above a good leaf, and an outdated CRL at the gateway, give it too.',
  certificate_unknown:
    'The certificate was refused for a reason that is not told. Java servers send it for nearly every fault of a client certificate.',
  illegal_parameter: 'A field of a handshake message contradicts the others or is out of range.',
  unknown_ca:
    'The certificate leads to no authority that the peer trusts: the wrong CA, a missing intermediate, a self-signed certificate, or a gateway that lost or changed its client CA.',
  access_denied:
    'The certificate was good, and access control refused its bearer. Some stacks send it for a missing certificate.',
  decode_error:
    'A message could not be decoded: a field or a length is wrong. Some stacks send it for a missing certificate.',
  decrypt_error:
    'A signature or a Finished did not verify: the key does not belong to the certificate, or may not sign, or something changed the handshake.',
  too_many_cids_requested: 'DTLS only: too many connection identifiers were asked for.',
  export_restriction: 'Reserved since long ago: export-grade cryptography.',
  protocol_version:
    'The peer knows the version that was offered and does not allow it: both sides share no version of TLS.',
  insufficient_security: 'The cipher suites that were offered are weaker than the peer requires.',
  internal_error:
    'Something failed inside the peer that has nothing to do with TLS itself: a configuration that did not load, a resource, a limit.',
  inappropriate_fallback: 'The client retried with a lower version than the server supports.',
  user_canceled:
    'The handshake was given up for a reason that is no fault of the protocol. As a warning it belongs to an orderly close in some stacks.',
  no_renegotiation: 'TLS 1.2: the sender does not renegotiate. It is a warning.',
  missing_extension: 'TLS 1.3: an extension that must be there is not.',
  unsupported_extension: 'An extension was answered that had not been offered.',
  certificate_unobtainable: 'A certificate named by URL could not be fetched.',
  unrecognized_name:
    'The server has no configuration for the server name in the ClientHello. As a warning it may go on with a default certificate.',
  bad_certificate_status_response: 'The stapled OCSP response was missing or bad.',
  bad_certificate_hash_value:
    'A certificate named by URL did not have the hash that was announced.',
  unknown_psk_identity: 'The server knows no pre-shared key of that identity.',
  certificate_required:
    'TLS 1.3: a client certificate is required and none was sent. It comes after the handshake has completed for the client.',
  general_error: 'An error that no other alert describes.',
  no_application_protocol: 'The ALPN lists of both sides have nothing in common.',
  ech_required: 'The server offered encrypted ClientHello and the client requires it.',
};
