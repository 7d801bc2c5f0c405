import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

/** Where cores are few, requests come first. Linux has a priority for each thread, its garbage collector's too. */
export function stepBack(): void {
  if (process.platform !== 'linux') return setPriority(constants.priority.PRIORITY_LOW);
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), constants.priority.PRIORITY_LOW);
}
