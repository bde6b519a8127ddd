/** The fields of a small form, as a browser sends them (application/x-www-form-urlencoded). */
import type { IncomingMessage } from 'node:http';

const maxOctets = 8 * 1024;

/** Undefined for anything else, and for more than a form of ours holds. Rejects when the peer goes away. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const [type = ''] = (request.headers['content-type'] ?? '').split(';', 1);
  if (type.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return undefined;
  if (Number(request.headers['content-length'] ?? 0) > maxOctets) return undefined;
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let octets = 0;
    const finish = (settle: () => void): void => {
      request.off('data', onData).off('end', onEnd).off('error', onError).off('close', onClose);
      settle();
    };
    const onData = (chunk: Buffer): void => {
      chunks.push(chunk);
      octets += chunk.length;
      if (octets > maxOctets) finish(() => resolve(undefined));
    };
    const onEnd = (): void =>
      finish(() => resolve(new URLSearchParams(Buffer.concat(chunks).toString('utf8'))));
    const onError = (error: Error): void => finish(() => reject(error));
    const onClose = (): void => onError(new Error('the browser went away'));
    request.on('data', onData).on('end', onEnd).on('error', onError).on('close', onClose);
  });
}
