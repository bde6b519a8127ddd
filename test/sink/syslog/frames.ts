/** Reads syslog messages by octet counting, as a receiver does. */
import type { Socket } from 'node:net';

/** Every whole message goes to `messages`; a frame without a length ends the connection. */
export function readFrames(socket: Socket, messages: string[]): void {
  let rest: Buffer = Buffer.alloc(0);
  socket.on('data', (octets: Buffer) => {
    rest = takeFrames(Buffer.concat([rest, octets]), messages);
    if (rest.length >= 10 && headOf(rest) === undefined) socket.destroy();
  });
  socket.resume();
}

/** What is left: the beginning of a frame, or nothing. */
function takeFrames(octets: Buffer, messages: string[]): Buffer {
  let at = 0;
  for (;;) {
    const head = headOf(octets.subarray(at, at + 10));
    const end = head === undefined ? Number.POSITIVE_INFINITY : at + head.length + Number(head);
    if (head === undefined || end > octets.length) return octets.subarray(at);
    messages.push(octets.toString('utf8', at + head.length, end));
    at = end;
  }
}

/** The length with its space. */
function headOf(octets: Buffer): string | undefined {
  return /^\d{1,9} /.exec(octets.toString('latin1', 0, 10))?.[0];
}
