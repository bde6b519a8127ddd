/** Every cause, a line each, in the order of the layers: the order in which equals are chosen. */
import type { Cause } from './cause.ts';
import { accountOrTokenRefused } from './causes/account-or-token-refused.ts';
import { alpnMismatch } from './causes/alpn-mismatch.ts';
import { caFileMissing } from './causes/ca-file-missing.ts';
import { caFileUnparsable } from './causes/ca-file-unparsable.ts';
import { clientCertificateExpired } from './causes/client-certificate-expired.ts';
import { clientCertificateFileIsDirectory } from './causes/client-certificate-file-is-directory.ts';
import { clientCertificateFileMissing } from './causes/client-certificate-file-missing.ts';
import { clientCertificateFileUnreadable } from './causes/client-certificate-file-unreadable.ts';
import { clientCertificateNotConfigured } from './causes/client-certificate-not-configured.ts';
import { clientCertificateNotSent } from './causes/client-certificate-not-sent.ts';
import { clientCertificateNotYetValid } from './causes/client-certificate-not-yet-valid.ts';
import { clientCertificatePurpose } from './causes/client-certificate-purpose.ts';
import { clientCertificateRefusedByHttp } from './causes/client-certificate-refused-by-http.ts';
import { clientCertificateRevoked } from './causes/client-certificate-revoked.ts';
import { clientCertificateSelfSigned } from './causes/client-certificate-self-signed.ts';
import { clientCertificateUnparsable } from './causes/client-certificate-unparsable.ts';
import { clientCertificateWeak } from './causes/client-certificate-weak.ts';
import { clientFilesSwapped } from './causes/client-files-swapped.ts';
import { clientIssuerNotAccepted } from './causes/client-issuer-not-accepted.ts';
import { clientKeyEncrypted } from './causes/client-key-encrypted.ts';
import { clientKeyMismatch } from './causes/client-key-mismatch.ts';
import { clientKeyUnparsable } from './causes/client-key-unparsable.ts';
import { clientKeyUnusableByDelegate } from './causes/client-key-unusable-by-delegate.ts';
import { dnsNameNotFound } from './causes/dns-name-not-found.ts';
import { dnsTemporaryFailure } from './causes/dns-temporary-failure.ts';
import { gatewayClientCaChanged } from './causes/gateway-client-ca-changed.ts';
import { gatewayClosedMidHandshake } from './causes/gateway-closed-mid-handshake.ts';
import { gatewayForbids } from './causes/gateway-forbids.ts';
import { gatewayHandshakeRefused } from './causes/gateway-handshake-refused.ts';
import { gatewayInternalError } from './causes/gateway-internal-error.ts';
import { gatewayOverloaded } from './causes/gateway-overloaded.ts';
import { gatewayRefusedOurCertificate } from './causes/gateway-refused-our-certificate.ts';
import { gatewayStoppedRequestingClientCertificate } from './causes/gateway-stopped-requesting-client-certificate.ts';
import { gatewayUpstreamFailed } from './causes/gateway-upstream-failed.ts';
import { handshakeClosed } from './causes/handshake-closed.ts';
import { handshakeReset } from './causes/handshake-reset.ts';
import { handshakeTimeout } from './causes/handshake-timeout.ts';
import { httpNoAnswer } from './causes/http-no-answer.ts';
import { malformedTls } from './causes/malformed-tls.ts';
import { misdirectedRequest } from './causes/misdirected-request.ts';
import { noSharedCipherSuite } from './causes/no-shared-cipher-suite.ts';
import { noSharedSignatureAlgorithm } from './causes/no-shared-signature-algorithm.ts';
import { plaintextService } from './causes/plaintext-service.ts';
import { postHandshakeAuthenticationRequired } from './causes/post-handshake-authentication-required.ts';
import { protocolVersionUnsupported } from './causes/protocol-version-unsupported.ts';
import { proxyAuthenticationRequired } from './causes/proxy-authentication-required.ts';
import { proxyClosedTunnel } from './causes/proxy-closed-tunnel.ts';
import { proxyNotHttp } from './causes/proxy-not-http.ts';
import { proxyRefused } from './causes/proxy-refused.ts';
import { proxyTimeout } from './causes/proxy-timeout.ts';
import { proxyUnreachable } from './causes/proxy-unreachable.ts';
import { proxyUpstreamFailed } from './causes/proxy-upstream-failed.ts';
import { recordCorrupted } from './causes/record-corrupted.ts';
import { serverCertificateExpired } from './causes/server-certificate-expired.ts';
import { serverCertificateNameMismatch } from './causes/server-certificate-name-mismatch.ts';
import { serverCertificateNotYetValid } from './causes/server-certificate-not-yet-valid.ts';
import { serverCertificatePurpose } from './causes/server-certificate-purpose.ts';
import { serverCertificateSelfSigned } from './causes/server-certificate-self-signed.ts';
import { serverChainIncomplete } from './causes/server-chain-incomplete.ts';
import { serverIntermediateExpired } from './causes/server-intermediate-expired.ts';
import { serverIssuerUntrusted } from './causes/server-issuer-untrusted.ts';
import { serverNameUnrecognized } from './causes/server-name-unrecognized.ts';
import { tcpRefused } from './causes/tcp-refused.ts';
import { tcpResetOnAccept } from './causes/tcp-reset-on-accept.ts';
import { tcpTimeout } from './causes/tcp-timeout.ts';
import { tcpUnreachable } from './causes/tcp-unreachable.ts';
import { trustStoresDisagree } from './causes/trust-stores-disagree.ts';
import { unexpectedRedirect } from './causes/unexpected-redirect.ts';
import { websocketClosed } from './causes/websocket-closed.ts';
import { websocketUpgradeRefused } from './causes/websocket-upgrade-refused.ts';
import { wrongBackend } from './causes/wrong-backend.ts';

export const catalogue: readonly Cause[] = [
  // local
  clientCertificateFileMissing,
  clientCertificateFileUnreadable,
  clientCertificateFileIsDirectory,
  clientFilesSwapped,
  clientKeyEncrypted,
  clientKeyMismatch,
  clientCertificateWeak,
  clientCertificateUnparsable,
  clientKeyUnparsable,
  caFileMissing,
  caFileUnparsable,
  // dns
  dnsNameNotFound,
  dnsTemporaryFailure,
  // tcp
  tcpRefused,
  tcpTimeout,
  tcpUnreachable,
  tcpResetOnAccept,
  // proxy
  proxyUnreachable,
  proxyAuthenticationRequired,
  proxyRefused,
  proxyUpstreamFailed,
  proxyTimeout,
  proxyNotHttp,
  proxyClosedTunnel,
  // tls: the wire
  plaintextService,
  recordCorrupted,
  malformedTls,
  handshakeReset,
  handshakeClosed,
  handshakeTimeout,
  gatewayClosedMidHandshake,
  // tls: what is negotiated
  protocolVersionUnsupported,
  serverNameUnrecognized,
  alpnMismatch,
  noSharedCipherSuite,
  noSharedSignatureAlgorithm,
  gatewayHandshakeRefused,
  // tls: the server's certificate
  serverCertificateExpired,
  serverIntermediateExpired,
  serverCertificateNotYetValid,
  serverCertificateNameMismatch,
  serverCertificateSelfSigned,
  serverIssuerUntrusted,
  serverChainIncomplete,
  serverCertificatePurpose,
  // tls: our certificate
  clientCertificateNotConfigured,
  clientCertificateExpired,
  clientCertificateNotYetValid,
  clientCertificatePurpose,
  clientCertificateSelfSigned,
  clientCertificateRevoked,
  clientCertificateNotSent,
  gatewayClientCaChanged,
  clientIssuerNotAccepted,
  gatewayStoppedRequestingClientCertificate,
  postHandshakeAuthenticationRequired,
  gatewayInternalError,
  gatewayRefusedOurCertificate,
  // http
  clientCertificateRefusedByHttp,
  accountOrTokenRefused,
  gatewayForbids,
  misdirectedRequest,
  gatewayOverloaded,
  gatewayUpstreamFailed,
  unexpectedRedirect,
  httpNoAnswer,
  // websocket
  websocketClosed,
  wrongBackend,
  websocketUpgradeRefused,
  // the delegate itself
  trustStoresDisagree,
  clientKeyUnusableByDelegate,
];
