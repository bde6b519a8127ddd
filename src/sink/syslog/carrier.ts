/** What takes one syslog message at a time to the receiver: a datagram socket or a stream. */

export interface Carrier {
  /** Resolves when the system has taken the whole message. Rejects with the system's error; the carrier is then done for. */
  send(message: Uint8Array): Promise<void>;
  /** Resolves, without an error of its own, when it can send no more, with the code of what ended it. */
  readonly ended: Promise<string>;
  /** Lets what the system has taken go out, and ends. */
  close(): void;
}
