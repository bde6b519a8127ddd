/** What the decoder keeps at most of one connection, so that no peer can make it large or slow. */

export const wireLimits = {
  /** Records of both directions; after them the transcript has enough. */
  records: 4_096,
  /** Messages of both directions, the same. */
  countedMessages: 4_096,
  /** Entries of `Wire.messages`; more are counted. */
  messages: 64,
  /** Entries of `Wire.alerts`; more are counted. */
  alerts: 16,
  /** The body of one handshake message; a larger one is passed over. */
  messageBytes: 256 * 1024,
  /** Ciphertext, with an allowance per record, that waits for its key in both directions together. */
  waitingBytes: 512 * 1024,
  /** Certificates kept of one Certificate message. */
  certificates: 64,
  /** Octets of certificates kept of one Certificate message, and of an unpacked compressed one. */
  certificateBytes: 256 * 1024,
  /** Octets of `Wire.firstOctetsReceived`. */
  firstOctets: 256,
  /** TLS 1.3 records of application data opened in one direction; after them only short records are. */
  applicationRecords: 256,
  /** What still is opened then: alerts, KeyUpdate and tickets are no longer than this. */
  shortRecordBytes: 512,
  /** Protected records opened in one direction; the rest of it stays closed. */
  openedRecords: 2_048,
  /** Secrets kept of the key log. */
  secrets: 16,
  /** TLSCiphertext.fragment: 2^14 + 2048 (RFC 5246 section 6.2.3, larger than TLS 1.3 allows). */
  recordBytes: 16_384 + 2_048,
} as const;
