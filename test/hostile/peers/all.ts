/** Every hostile peer, by what it attacks. */
import { afterHandshake } from './after-handshake.ts';
import { beforeKeys } from './before-keys.ts';
import { certificates } from './certificates.ts';
import { httpPeers } from './http.ts';
import { proxyPeers } from './proxies.ts';
import { tls12Peers } from './tls12.ts';
import { webSocketPeers } from './websocket.ts';

export const handshakePeers = [...beforeKeys, ...certificates, ...afterHandshake, ...tls12Peers];
export const answerPeers = [...httpPeers, ...webSocketPeers, ...proxyPeers];
