/** What home's database knows a receiver of notifications by. */
import { createHash } from 'node:crypto';
import type { NotifyReceiver } from '../../config/notify-receiver.ts';

/** No part of the URL can be read from it: that of a chat is a secret. */
export function receiverKey({ format, url }: NotifyReceiver): string {
  return createHash('sha256').update(`${format} ${url.href}`).digest('hex');
}
