/** A bound on what a receiver, or the proxy before it, sends in answer to one request. */
import type { Socket } from 'node:net';
import type { buildConnector } from 'undici';

/** Bodies are read no further than a quarter of it. */
const maxOctets = 256 * 1024;

/**
 * Connects as `connect` does. A connection that brings too much ends with the code LIMIT: status lines, interim answers
 * and empty lines fall under no limit of undici's. HTTP/2 reads its sockets in another way and is not bounded by this.
 */
export function boundAnswers(connect: buildConnector.connector): buildConnector.connector {
  return (options, done) =>
    connect(options, (...result) => {
      if (result[1]) bound(result[1]);
      done(...result);
    });
}

/** What a proxy's connection carries once it is a tunnel is read elsewhere and does not come by here. */
function bound(socket: Socket): void {
  let written = socket.bytesWritten;
  let read = socket.bytesRead;
  let readBefore = read;
  socket.on('readable', () => {
    // Whenever we have written, what comes belongs to another answer.
    if (socket.bytesWritten !== written) readBefore = read;
    written = socket.bytesWritten;
    read = socket.bytesRead;
    if (read - readBefore <= maxOctets) return;
    socket.destroy(Object.assign(new Error('no answer in all that came'), { code: 'LIMIT' }));
  });
}
