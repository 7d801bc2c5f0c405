import type { ChildProcess } from 'node:child_process';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { RuleSource, RuleText } from '../kinds/walk-rules.js';

/** Rules on their way to a process of their own: a folder, or texts in parts, and then their end. */
export type SourceMessage =
  | { readonly kind: 'folder'; readonly dir: string }
  | { readonly kind: 'texts'; readonly texts: readonly RuleText[] }
  | { readonly kind: 'begin' };

/** About a millisecond of copying. */
const TEXTS_AT_ONCE = 200;

/**
 * Sends rules to a process, a turn of the event loop for each part. One that has ended meanwhile hears nothing: its
 * `exit` tells.
 */
export async function sendSource(process: ChildProcess, source: RuleSource): Promise<void> {
  const say = (message: SourceMessage): void => sendOrDrop(process, message);
  if (typeof source === 'string') say({ kind: 'folder', dir: source });
  for (let at = 0; typeof source !== 'string' && at < source.length; at += TEXTS_AT_ONCE) {
    say({ kind: 'texts', texts: source.slice(at, at + TEXTS_AT_ONCE) });
    await nextTurn();
  }
  say({ kind: 'begin' });
}

/** Without a callback, what can't be sent is an `error` event, which ends us where nobody listens any more. */
export function sendOrDrop(process: ChildProcess, message: SourceMessage | 'next'): void {
  process.send(message, () => undefined);
}

/** In that process: resolves with the rules when all are here. */
export function receiveSource(): Promise<RuleSource> {
  const texts: RuleText[] = [];
  let dir: string | undefined;
  return new Promise((resolve) => {
    const hear = (message: SourceMessage): void => {
      if (message.kind === 'folder') dir = message.dir;
      else if (message.kind === 'texts') texts.push(...message.texts);
      else {
        process.off('message', hear);
        resolve(dir ?? texts);
      }
    };
    process.on('message', hear);
  });
}
