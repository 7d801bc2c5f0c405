import { availableParallelism, cpus } from 'node:os';

/** What a benchmark runs on, for the first line of its setting. */
export function machineInWords(): string {
  return `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} cores, Node ${process.version}`;
}
