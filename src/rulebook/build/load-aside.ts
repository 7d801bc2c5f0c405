import { fork, type ChildProcess } from 'node:child_process';
import { on } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { assembleRulebook } from '../../engine/compile.js';
import type { BuildMessage, BuildResult } from './build-process.js';
import { BrokenRulebook } from '../../errors.js';
import type { LoadedRulebook } from './load-rulebook.js';
import { PartsReader } from './rulebook-parts.js';
import { sendOrDrop, sendSource } from './send-source.js';
import { renderer } from '../templates/templates.js';
import type { RuleSource } from '../kinds/walk-rules.js';

/** What loading rules comes to, less the definitions, which stay in the thread that read them. */
export type LoadedAside = Omit<LoadedRulebook, 'definitions'>;

/** One collector thread: the others would take the cores that requests need. */
const NODE_OPTIONS = ['--single-threaded-gc'];

/**
 * Does what `loadRulebook` does in another process, so that requests are served meanwhile: a thread would share our
 * memory's locks and collectors. What comes back is taken over in parts, a turn of the event loop for each.
 */
export async function loadAside(source: RuleSource, version: number): Promise<LoadedAside> {
  const builder = fork(new URL('./build-process.js', import.meta.url), [], {
    serialization: 'advanced',
    execArgv: NODE_OPTIONS,
  });
  try {
    const taken = takeOver(builder, version);
    taken.catch(() => undefined);
    await sendSource(builder, source);
    return await taken;
  } finally {
    builder.kill('SIGKILL');
  }
}

async function takeOver(builder: ChildProcess, version: number): Promise<LoadedAside> {
  const reader = new PartsReader();
  let result: BuildResult | undefined;
  for await (const [message] of on(builder, 'message', { close: ['exit'] }) as AsyncIterable<[BuildMessage]>) {
    if (message.kind === 'result') result = message;
    else if (message.kind !== 'end') reader.take(message);
    else if (result) return assemble(result, reader, version);
    await nextTurn();
    sendOrDrop(builder, 'next');
  }
  throw new BrokenRulebook([
    `the process that was to read them ended with ${builder.exitCode ?? builder.signalCode}; is there memory enough?`,
  ]);
}

async function assemble(
  { problems, notes, digest }: BuildResult,
  reader: PartsReader,
  version: number,
): Promise<LoadedAside> {
  const data = reader.data();
  if (!data) return { problems, notes, digest };
  const { rulebook, warmUp } = assembleRulebook(data, { version, digest, renderer, written: reader.written() });
  for (const steps = warmUp(); !steps.next().done;) await nextTurn();
  return { problems, notes, digest, rulebook };
}
