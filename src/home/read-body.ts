/** Reads a request's body within bounds of size; the server bounds it in time. */
import type { IncomingMessage } from 'node:http';

/** Undefined when it is longer than `maxBytes`; nothing more is read then. Rejects when the peer goes away. */
export async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const chunks: Buffer[] = [];
  let octets = 0;
  // Leaving this loop must not destroy the request: its socket still carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    octets += (chunk as Buffer).length;
    if (octets > maxBytes) return undefined;
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}
