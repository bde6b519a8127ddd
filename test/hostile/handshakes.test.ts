/** Peers that are hostile in the handshake, or under its keys. */
import { holdPeers } from './hold-peers.ts';
import { handshakePeers } from './peers/all.ts';

holdPeers(handshakePeers);
