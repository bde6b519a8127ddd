/** A bound on what a receiver sends in answer to one request. */
import type { Socket } from 'node:net';

/** Bodies are read no further than a sixteenth of it. */
const maxOctets = 1024 * 1024;

/** Ends the connection with the code LIMIT: status lines, interim answers and empty lines fall under no limit of undici's. */
export function boundAnswers(socket: Socket): void {
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
