/** Handshake messages of TLS 1.3 under a protection that holds: only so does damage reach what reads them. */
import { pastHandshake, serverMessages } from '../../../test/tls/synthetic.ts';
import type { FuzzTarget } from '../target.ts';
import { holdWire } from './tls-stream.ts';

/** To seal them costs more than to read them; the decoder opens no more than so many. */
const maxRecords = 2_500;

/** The content type, then what one record holds; the next record follows after its length. */
function run(input: Uint8Array): void {
  const { transcript, server, client } = pastHandshake();
  for (let at = 0, records = 0; at + 3 <= input.length && records < maxRecords; records += 1) {
    const [type = 0, high = 0, low = 0] = input.subarray(at, at + 3);
    const length = Math.min((high & 0x3f) * 256 + low, 16_384);
    const content = input.subarray(at + 3, at + 3 + length);
    transcript.received(server.seal(type, content), at);
    transcript.sent(client.seal(type, content), at);
    at += 3 + length;
  }
  const wire = transcript.snapshot();
  transcript.forget();
  holdWire(wire);
}

const record = (type: number, content: Uint8Array): Buffer =>
  Buffer.concat([Buffer.of(type, content.length >> 8, content.length & 255), content]);

export const tlsSealed: FuzzTarget = {
  seeds: [
    ...serverMessages.map((message) => record(22, message)),
    Buffer.concat(serverMessages.map((message) => record(22, message))),
    Buffer.concat([record(21, Buffer.of(2, 48)), record(23, Buffer.from('HTTP/1.1 200 OK'))]),
  ],
  maxMs: 1_000,
  run,
};
