import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** A third of what a serving process gets, where both want the processor: at the lowest it would be next to nothing. */
const NICE = 5;

/** Where cores are few, requests come first. Linux has a priority for each thread, its garbage collector's too. */
export function stepBack(): void {
  if (process.platform !== 'linux') return setPriority(NICE);
  for (const thread of readdirSync('/proc/self/task')) setPriority(Number(thread), NICE);
}
