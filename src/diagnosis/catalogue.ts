/** Every cause, a line each, in the order of the layers: the order in which equals are chosen. */
import type { Cause } from './cause.ts';
import { accountOrTokenRefused } from './causes/account-or-token-refused.ts';
import { alpnMismatch } from './causes/alpn-mismatch.ts';
import { alpnNotHttp } from './causes/alpn-not-http.ts';
import { backendExpectsTls } from './causes/backend-expects-tls.ts';
import { caFileChanged } from './causes/ca-file-changed.ts';
import { caFileMissing } from './causes/ca-file-missing.ts';
import { caFileUnparsable } from './causes/ca-file-unparsable.ts';
import { captivePortal } from './causes/captive-portal.ts';
import { clientCertificateChainOrder } from './causes/client-certificate-chain-order.ts';
import { clientCertificateExpired } from './causes/client-certificate-expired.ts';
import { clientCertificateFileIsDirectory } from './causes/client-certificate-file-is-directory.ts';
import { clientCertificateFileMissing } from './causes/client-certificate-file-missing.ts';
import { clientCertificateFileUnreadable } from './causes/client-certificate-file-unreadable.ts';
import { clientCertificateIntermediateMissing } from './causes/client-certificate-intermediate-missing.ts';
import { clientCertificateIsCa } from './causes/client-certificate-is-ca.ts';
import { clientCertificateKeyUsage } from './causes/client-certificate-key-usage.ts';
import { clientCertificateNotConfigured } from './causes/client-certificate-not-configured.ts';
import { clientCertificateNotRequested } from './causes/client-certificate-not-requested.ts';
import { clientCertificateNotSent } from './causes/client-certificate-not-sent.ts';
import { clientCertificateNotYetValid } from './causes/client-certificate-not-yet-valid.ts';
import { clientCertificatePurpose } from './causes/client-certificate-purpose.ts';
import { clientCertificateRefusedByHttp } from './causes/client-certificate-refused-by-http.ts';
import { clientCertificateRevoked } from './causes/client-certificate-revoked.ts';
import { clientCertificateSelfSigned } from './causes/client-certificate-self-signed.ts';
import { clientCertificateUnparsable } from './causes/client-certificate-unparsable.ts';
import { clientCertificateWeak } from './causes/client-certificate-weak.ts';
import { clientClockSkew } from './causes/client-clock-skew.ts';
import { clientFilesSwapped } from './causes/client-files-swapped.ts';
import { clientHelloTooLarge } from './causes/client-hello-too-large.ts';
import { clientIntermediateExpired } from './causes/client-intermediate-expired.ts';
import { clientIssuerNotAccepted } from './causes/client-issuer-not-accepted.ts';
import { clientKeyEncrypted } from './causes/client-key-encrypted.ts';
import { clientKeyMismatch } from './causes/client-key-mismatch.ts';
import { clientKeyUnparsable } from './causes/client-key-unparsable.ts';
import { clientKeyUnusableByDelegate } from './causes/client-key-unusable-by-delegate.ts';
import { connectionKilledIdle } from './causes/connection-killed-idle.ts';
import { dnsNameNotFound } from './causes/dns-name-not-found.ts';
import { dnsTemporaryFailure } from './causes/dns-temporary-failure.ts';
import { dnsUnexpectedAddress } from './causes/dns-unexpected-address.ts';
import { environmentDiffers } from './causes/environment-differs.ts';
import { gatewayClientCaChanged } from './causes/gateway-client-ca-changed.ts';
import { gatewayClosedMidHandshake } from './causes/gateway-closed-mid-handshake.ts';
import { gatewayCrlOutdated } from './causes/gateway-crl-outdated.ts';
import { gatewayDefaultCertificate } from './causes/gateway-default-certificate.ts';
import { gatewayForbids } from './causes/gateway-forbids.ts';
import { gatewayHandshakeRefused } from './causes/gateway-handshake-refused.ts';
import { gatewayInternalError } from './causes/gateway-internal-error.ts';
import { gatewayNotListening } from './causes/gateway-not-listening.ts';
import { gatewayOverloaded } from './causes/gateway-overloaded.ts';
import { gatewayRefusedOurCertificate } from './causes/gateway-refused-our-certificate.ts';
import { gatewayRefusesEveryClient } from './causes/gateway-refuses-every-client.ts';
import { gatewayReplicasDisagree } from './causes/gateway-replicas-disagree.ts';
import { gatewayStoppedRequestingClientCertificate } from './causes/gateway-stopped-requesting-client-certificate.ts';
import { gatewayUpstreamFailed } from './causes/gateway-upstream-failed.ts';
import { handshakeClosed } from './causes/handshake-closed.ts';
import { handshakeReset } from './causes/handshake-reset.ts';
import { handshakeTimeout } from './causes/handshake-timeout.ts';
import { httpNoAnswer } from './causes/http-no-answer.ts';
import { ipv6Broken } from './causes/ipv6-broken.ts';
import { localResourcesExhausted } from './causes/local-resources-exhausted.ts';
import { malformedTls } from './causes/malformed-tls.ts';
import { misdirectedRequest } from './causes/misdirected-request.ts';
import { noSharedCipherSuite } from './causes/no-shared-cipher-suite.ts';
import { noSharedGroup } from './causes/no-shared-group.ts';
import { noSharedSignatureAlgorithm } from './causes/no-shared-signature-algorithm.ts';
import { pathMtuBlackHole } from './causes/path-mtu-black-hole.ts';
import { plaintextService } from './causes/plaintext-service.ts';
import { postHandshakeAuthenticationRequired } from './causes/post-handshake-authentication-required.ts';
import { processStalled } from './causes/process-stalled.ts';
import { protocolVersionUnsupported } from './causes/protocol-version-unsupported.ts';
import { proxyAnsweredInClear } from './causes/proxy-answered-in-clear.ts';
import { proxyAuthenticationRequired } from './causes/proxy-authentication-required.ts';
import { proxyBypassMisapplied } from './causes/proxy-bypass-misapplied.ts';
import { proxyCertificateUntrusted } from './causes/proxy-certificate-untrusted.ts';
import { proxyClosedTunnel } from './causes/proxy-closed-tunnel.ts';
import { proxyNotHttp } from './causes/proxy-not-http.ts';
import { proxyRefused } from './causes/proxy-refused.ts';
import { proxySpeaksTls } from './causes/proxy-speaks-tls.ts';
import { proxyTimeout } from './causes/proxy-timeout.ts';
import { proxyUnreachable } from './causes/proxy-unreachable.ts';
import { proxyUpstreamFailed } from './causes/proxy-upstream-failed.ts';
import { recordCorrupted } from './causes/record-corrupted.ts';
import { rotatedCredentialNotLoaded } from './causes/rotated-credential-not-loaded.ts';
import { rotationHalfWritten } from './causes/rotation-half-written.ts';
import { secureRenegotiationUnsupported } from './causes/secure-renegotiation-unsupported.ts';
import { serverCertificateExpired } from './causes/server-certificate-expired.ts';
import { serverCertificateNameMismatch } from './causes/server-certificate-name-mismatch.ts';
import { serverCertificateNotYetValid } from './causes/server-certificate-not-yet-valid.ts';
import { serverCertificatePurpose } from './causes/server-certificate-purpose.ts';
import { serverCertificateSelfSigned } from './causes/server-certificate-self-signed.ts';
import { serverCertificateWeak } from './causes/server-certificate-weak.ts';
import { serverChainIncomplete } from './causes/server-chain-incomplete.ts';
import { serverChainInvalid } from './causes/server-chain-invalid.ts';
import { serverIntermediateExpired } from './causes/server-intermediate-expired.ts';
import { serverIssuerUntrusted } from './causes/server-issuer-untrusted.ts';
import { serverKeyExchangeWeak } from './causes/server-key-exchange-weak.ts';
import { serverNameNotSent } from './causes/server-name-not-sent.ts';
import { serverNameUnrecognized } from './causes/server-name-unrecognized.ts';
import { tcpRefused } from './causes/tcp-refused.ts';
import { tcpResetOnAccept } from './causes/tcp-reset-on-accept.ts';
import { tcpTimeout } from './causes/tcp-timeout.ts';
import { tcpUnreachable } from './causes/tcp-unreachable.ts';
import { tlsInterception } from './causes/tls-interception.ts';
import { tlsServiceNotHttp } from './causes/tls-service-not-http.ts';
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
  rotationHalfWritten,
  clientKeyMismatch,
  clientCertificateWeak,
  clientCertificateUnparsable,
  clientKeyUnparsable,
  caFileMissing,
  caFileUnparsable,
  localResourcesExhausted,
  processStalled,
  // dns
  dnsNameNotFound,
  dnsTemporaryFailure,
  dnsUnexpectedAddress,
  // tcp
  ipv6Broken,
  gatewayNotListening,
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
  proxySpeaksTls,
  proxyCertificateUntrusted,
  proxyNotHttp,
  proxyClosedTunnel,
  proxyBypassMisapplied,
  // tls: the wire
  proxyAnsweredInClear,
  captivePortal,
  plaintextService,
  recordCorrupted,
  malformedTls,
  clientHelloTooLarge,
  handshakeReset,
  handshakeClosed,
  handshakeTimeout,
  gatewayClosedMidHandshake,
  // tls: what is negotiated
  secureRenegotiationUnsupported,
  serverKeyExchangeWeak,
  protocolVersionUnsupported,
  serverNameNotSent,
  serverNameUnrecognized,
  alpnMismatch,
  noSharedCipherSuite,
  noSharedGroup,
  noSharedSignatureAlgorithm,
  gatewayHandshakeRefused,
  // tls: the server's certificate
  tlsInterception,
  gatewayDefaultCertificate,
  clientClockSkew,
  serverCertificateExpired,
  serverIntermediateExpired,
  serverCertificateNotYetValid,
  serverCertificateNameMismatch,
  serverCertificateSelfSigned,
  serverCertificateWeak,
  serverChainInvalid,
  caFileChanged,
  serverIssuerUntrusted,
  serverChainIncomplete,
  serverCertificatePurpose,
  // tls: our certificate
  gatewayReplicasDisagree,
  rotatedCredentialNotLoaded,
  clientCertificateNotConfigured,
  clientCertificateExpired,
  clientIntermediateExpired,
  clientCertificateNotYetValid,
  clientCertificatePurpose,
  clientCertificateIsCa,
  clientCertificateKeyUsage,
  clientCertificateSelfSigned,
  clientCertificateRevoked,
  clientCertificateNotSent,
  gatewayClientCaChanged,
  clientCertificateIntermediateMissing,
  clientIssuerNotAccepted,
  clientCertificateChainOrder,
  gatewayStoppedRequestingClientCertificate,
  postHandshakeAuthenticationRequired,
  gatewayCrlOutdated,
  gatewayInternalError,
  gatewayRefusesEveryClient,
  gatewayRefusedOurCertificate,
  pathMtuBlackHole,
  // http
  backendExpectsTls,
  clientCertificateNotRequested,
  clientCertificateRefusedByHttp,
  accountOrTokenRefused,
  gatewayForbids,
  misdirectedRequest,
  gatewayOverloaded,
  gatewayUpstreamFailed,
  unexpectedRedirect,
  alpnNotHttp,
  tlsServiceNotHttp,
  httpNoAnswer,
  // websocket
  connectionKilledIdle,
  websocketClosed,
  wrongBackend,
  websocketUpgradeRefused,
  // beside the delegate
  trustStoresDisagree,
  clientKeyUnusableByDelegate,
  environmentDiffers,
];
