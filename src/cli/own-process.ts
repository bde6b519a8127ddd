/** This process, as the kernel knows it. */
import { readdirSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
import type { OwnProcess } from '../agent/neighbour.ts';

export function ownProcess(): OwnProcess {
  const allowedBytes = process.constrainedMemory();
  return {
    lowerPriority: (nice) => {
      for (const thread of threads()) {
        if (getPriority(thread) < nice) setPriority(thread, nice);
      }
    },
    // proc(5): anybody may raise the score of a process of their own. At 1000 it is the first to go.
    offerMemory: () => writeFileSync('/proc/self/oom_score_adj', '1000'),
    residentBytes: () => process.memoryUsage.rss(),
    // Without a limit it is 0, or beyond any machine.
    ...(allowedBytes > 0 && allowedBytes < 2 ** 53 && { allowedBytes }),
  };
}

/** On Linux each thread has a priority of its own, and those of V8 are there before us. */
function threads(): readonly number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [process.pid];
  }
}
