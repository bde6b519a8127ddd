/** Peers that are hostile above TLS, or on the way to it: gateways that answer, and proxies. */
import { holdPeers } from './hold-peers.ts';
import { answerPeers } from './peers/all.ts';

holdPeers(answerPeers);
