/** Gathers what the record streams showed, in whatever order it could be opened, into a Wire. */
import { BoundedOrder, type Ordered } from './bounded-order.ts';
import type {
  CertificateRequest,
  ClientHello,
  ServerHello,
  Wire,
  WireAlert,
  WireDirection,
  WireFault,
  WireMessage,
} from './wire.ts';
import { wireLimits } from './wire-limits.ts';

/** When and where something stood on the wire. */
export interface Moment extends Ordered {
  readonly direction: WireDirection;
  readonly atMs: number;
}

/** What is kept of its first occurrence only. */
interface Firsts {
  clientHello: ClientHello;
  helloRetryRequest: ServerHello;
  serverHello: ServerHello;
  alpn: string;
  encryptedExtensions: readonly number[];
  certificateRequest: CertificateRequest;
  serverCertificates: readonly Uint8Array[];
  clientCertificates: readonly Uint8Array[];
  ocspResponse: Uint8Array;
  signedCertificateTimestamps: number;
  keyExchangeGroup: number;
}

type MessageSeen = Ordered & WireMessage;
type AlertSeen = Ordered & Omit<WireAlert, 'afterFinished'>;

export class WireFacts {
  readonly #firsts: Partial<Firsts> = {};
  readonly #messages = new BoundedOrder<MessageSeen>(wireLimits.messages);
  readonly #alerts = new BoundedOrder<AlertSeen>(wireLimits.alerts);
  readonly #finished: { sent?: number; received?: number } = {};
  /** Orders of the last application data. */
  readonly #applicationData = { sent: -1, received: -1 };
  #certificateRequestedAfterHandshake = false;
  /** Orders; bounded as records opened are. */
  readonly #tickets: number[] = [];
  #keyUpdates = 0;
  #fault: (WireFault & Ordered) | undefined;

  /** Of both directions, kept or not. */
  get messageCount(): number {
    return this.#messages.entries.length + this.#messages.dropped;
  }

  message(moment: Moment, seen: Omit<WireMessage, 'direction' | 'atMs'>): void {
    this.#messages.add({ ...moment, ...seen });
  }

  alert(moment: Moment, seen: { level: number; code: number; encrypted: boolean }): void {
    this.#alerts.add({ ...moment, ...seen });
  }

  /** Keeps the value unless there is one already. */
  first<Name extends keyof Firsts>(name: Name, value: Firsts[Name] | undefined): void {
    if (value !== undefined) this.#firsts[name] ??= value;
  }

  finished({ direction, order }: Moment): void {
    this.#finished[direction] ??= order;
  }

  applicationData({ direction, order }: Moment): void {
    this.#applicationData[direction] = Math.max(this.#applicationData[direction], order);
  }

  certificateRequestAfterHandshake(): void {
    this.#certificateRequestedAfterHandshake = true;
  }

  ticket({ order }: Moment): void {
    if (this.#tickets.length < wireLimits.openedRecords) this.#tickets.push(order);
  }

  keyUpdate(): void {
    this.#keyUpdates += 1;
  }

  /** The earliest on the wire is the one that counts. */
  fault({ direction, order, atMs }: Moment, kind: WireFault['kind']): void {
    if (this.#fault === undefined || order < this.#fault.order) {
      this.#fault = { direction, kind, atMs, order };
    }
  }

  toWire(octets: Pick<Wire, 'octetsSent' | 'octetsReceived' | 'firstOctetsReceived'>): Wire {
    return {
      ...octets,
      messages: this.#messages.entries.map(({ order: _, ...message }) => message),
      messagesDropped: this.#messages.dropped,
      alerts: this.#alerts.entries.map((alert) => this.#toAlert(alert)),
      alertsDropped: this.#alerts.dropped,
      ...this.#firsts,
      certificateRequestedAfterHandshake: this.#certificateRequestedAfterHandshake,
      finishedSent: this.#finished.sent !== undefined,
      finishedReceived: this.#finished.received !== undefined,
      ticketsReceived: this.#tickets.filter((order) => this.#isAfterFinished(order)).length,
      keyUpdatesReceived: this.#keyUpdates,
      applicationDataSent: this.#applicationData.sent >= 0,
      applicationDataReceived: this.#isAfterFinished(this.#applicationData.received),
      ...(this.#fault && { fault: withoutOrder(this.#fault) }),
    };
  }

  #toAlert({ order, ...alert }: AlertSeen): WireAlert {
    return { ...alert, afterFinished: this.#isAfterFinished(order) };
  }

  /** Whether the client's Finished stood on the wire before. */
  #isAfterFinished(order: number): boolean {
    const { sent } = this.#finished;
    return sent !== undefined && sent < order;
  }
}

const withoutOrder = ({ order: _, ...fault }: WireFault & Ordered): WireFault => fault;
