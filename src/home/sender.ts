/** Who brought something, once it has been let in. */

export interface Sender {
  /** As it is stored and shown: the name in the token file, `token-N`, `certificate:<sha256>`, or `anonymous`. */
  readonly name: string;
  /** To whom its sources belong: the name, or, for a certificate that no line names, its subject, which outlives a renewal. */
  readonly identity: string;
}

/** `unavailable`: it cannot be told now; nobody is let in on old knowledge. */
export type Admitted = { readonly sender: Sender } | 'unknown' | 'unavailable';
