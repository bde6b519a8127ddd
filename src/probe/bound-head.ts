/** A bound on what may come before the head of an answer is whole. */
import type { ClientRequest } from 'node:http';

/** Far more than any honest proxy or gateway says before it answers. */
const maxOctetsBeforeHead = 64 * 1024;

export interface HeadBound {
  /** Octets that came before those that are being read now. */
  readonly octetsBefore: () => number;
}

/**
 * Ends the request with the code LIMIT when too much has come and still no answer: interim answers (1xx) and empty
 * lines fall under no limit of Node's.
 */
export function boundHead(asking: ClientRequest): HeadBound {
  let octets = 0;
  let isAnswered = false;
  // Node's own listener stands before this one, so an answer is known by the time its octets are counted.
  asking.once('socket', (socket) => {
    const count = (chunk: Buffer): void => {
      octets += chunk.length;
      if (isAnswered || octets <= maxOctetsBeforeHead) return;
      socket.off('data', count);
      asking.destroy(Object.assign(new Error('no answer in all that came'), { code: 'LIMIT' }));
    };
    const release = (): void => {
      isAnswered = true;
      socket.off('data', count);
    };
    socket.on('data', count);
    for (const end of ['response', 'connect', 'upgrade', 'close']) asking.once(end, release);
  });
  return { octetsBefore: () => octets };
}
