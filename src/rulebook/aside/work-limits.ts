/** What work on rule files may take. */
export interface WorkLimits {
  readonly timeoutMs: number;
  /** Megabytes of the heap of the process that does it. */
  readonly memoryMb: number;
}

/** What each file adds to the limits: ten times what an honest one takes. */
const MS_A_FILE = 5;
const MB_A_FILE = 0.03;

/** The limits for so many files: a large set may take longer, as it would be cut off otherwise for being large. */
export function limitsFor(files: number, { timeoutMs, memoryMb }: WorkLimits): WorkLimits {
  return { timeoutMs: timeoutMs + files * MS_A_FILE, memoryMb: Math.ceil(memoryMb + files * MB_A_FILE) };
}

/** For what is built of what was checked before. */
export const BUILD_LIMITS: WorkLimits = { timeoutMs: 600_000, memoryMb: 4_096 };
