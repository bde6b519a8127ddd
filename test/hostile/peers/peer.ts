/** What a hostile peer is: what it does, how `check` is pointed at it, and what a true report of it says. */
import type { Pki } from '../../support/openssl.ts';
import type { StubPeer } from '../../support/stub-peer.ts';

export interface HostilePeer {
  /** Completes the sentence "a peer that …". */
  readonly does: string;
  /** Options of `check` beside those that every case has. */
  readonly options?: readonly string[];
  /** The peer is the proxy on the way, by this scheme, and no gateway. */
  readonly proxy?: 'http' | 'https';
  readonly start: (identity: PeerIdentity) => Promise<StubPeer>;
  /** What the report must hold: a part of it. */
  readonly report: object;
  /** What would be untrue: no text that matches stands in the report. */
  readonly denies?: RegExp;
}

/** A certificate for localhost that the prober trusts, and its key. */
export interface PeerIdentity {
  readonly cert: string;
  readonly key: string;
  readonly pki: Pki;
}
