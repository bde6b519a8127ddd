/** Peers that finish an honest handshake of TLS 1.3 and then never stop, under its keys. */
import { drip, floodWith, startStubPeer } from '../../support/stub-peer.ts';
import { handshake, vector8, vector16 } from '../../tls/synthetic.ts';
import type { HostilePeer } from './peer.ts';
import { type Session, serveTls13 } from './tls13-server.ts';
import { contentTypes } from './wire.ts';

const { alert, applicationData, handshake: handshakeType } = contentTypes;

const ticket = handshake(
  4,
  ...[Buffer.from([0, 0, 28, 32, 1, 2, 3, 4]), vector8(Buffer.alloc(8))],
  ...[vector16(Buffer.alloc(200, 7)), vector16()],
);
const keyUpdate = (asksForOurs: 0 | 1): Buffer => handshake(24, Buffer.of(asksForOurs));

/** Fifty records a write. */
const fifty = (make: () => Uint8Array): Uint8Array =>
  Buffer.concat(Array.from({ length: 50 }, make));

const floodRecords = (type: number, content: Uint8Array) => (session: Session) =>
  floodWith(session.socket, () => fifty(() => session.seal(type, content)));

const floodKeyUpdates = (asksForOurs: 0 | 1) => (session: Session) =>
  floodWith(session.socket, () =>
    fifty(() => {
      const record = session.seal(handshakeType, keyUpdate(asksForOurs));
      session.updateKeys();
      return record;
    }),
  );

interface Case extends Omit<HostilePeer, 'start'> {
  readonly act: (session: Session) => void;
  readonly when?: 'inHandshake' | 'afterHandshake';
}

const neverAnswered = { outcome: 'failed', layer: 'http', tls: { version: '1.3' } };
const handshakeNeverDone = { outcome: 'failed', layer: 'tls', tls: { version: '1.3' } };

const cases: readonly Case[] = [
  {
    does: 'floods NewSessionTicket',
    act: floodRecords(handshakeType, ticket),
    report: neverAnswered,
    denies: /ECONNRESET/,
  },
  {
    does: 'floods KeyUpdate',
    act: floodKeyUpdates(0),
    report: neverAnswered,
  },
  {
    does: 'floods KeyUpdate and asks for ours each time',
    act: floodKeyUpdates(1),
    report: neverAnswered,
  },
  {
    does: 'floods warning alerts under its keys',
    act: floodRecords(alert, Buffer.of(1, 90)),
    report: {
      outcome: 'failed',
      alerts: [{ direction: 'received', level: 'warning', code: 90, encrypted: true }],
    },
  },
  {
    does: 'floods application data of zero length',
    act: floodRecords(applicationData, Buffer.alloc(0)),
    report: neverAnswered,
  },
  {
    does: 'floods records that are padding alone',
    act: floodRecords(0, Buffer.alloc(1_000)),
    report: neverAnswered,
  },
  {
    does: 'floods CertificateRequest after the handshake',
    act: floodRecords(handshakeType, handshake(13, vector8(Buffer.of(1)), vector16())),
    report: neverAnswered,
  },
  {
    does: 'floods handshake messages of a type that nobody knows',
    act: floodRecords(handshakeType, handshake(99, Buffer.alloc(100))),
    report: neverAnswered,
  },
  {
    does: 'claims a ticket of 16 MB and goes on sending it',
    act: (session) => {
      session.socket.write(session.seal(handshakeType, Buffer.from([4, 255, 255, 255])));
      floodRecords(handshakeType, Buffer.alloc(16_000))(session);
    },
    report: neverAnswered,
  },
  {
    does: 'sends one octet of a record at a time',
    act: (session) => drip(session.socket, session.seal(handshakeType, ticket), 40),
    report: neverAnswered,
  },
  {
    does: 'floods records that do not authenticate',
    act: ({ socket }) => floodWith(socket, () => Buffer.from('1703030020'.padEnd(74, 'ab'), 'hex')),
    report: neverAnswered,
  },
  {
    does: 'sends encrypted records of zero length for ever within the handshake',
    when: 'inHandshake',
    act: floodRecords(handshakeType, Buffer.alloc(0)),
    report: handshakeNeverDone,
  },
  {
    does: 'claims EncryptedExtensions of 16 MB within the handshake',
    when: 'inHandshake',
    act: (session) => {
      session.socket.write(session.seal(handshakeType, Buffer.from([8, 255, 255, 255])));
      floodRecords(handshakeType, Buffer.alloc(16_000))(session);
    },
    report: handshakeNeverDone,
  },
];

export const afterHandshake: readonly HostilePeer[] = cases.map(
  ({ act, when = 'afterHandshake', ...peer }) => ({
    ...peer,
    start: ({ cert, key }) =>
      startStubPeer((socket) => serveTls13(socket, { cert, key, [when]: act })),
  }),
);
