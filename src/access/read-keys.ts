import { createHash } from 'node:crypto';
import type { Problem } from '../errors.js';
import { SCOPES, type Scope } from './scopes.js';

/** A key that is known, without the key itself: whatever prints this prints no secret. */
export interface Key {
  readonly scope: Scope;
  /** Its SHA-256. */
  readonly digest: Buffer;
}

/** The texts that keys are read from. */
export interface KeyTexts {
  /** `scope:key` pairs, apart by commas or spaces. */
  readonly pairs: string;
  /** The same with one pair a line, and comments after `#`; undefined where there is no file. */
  readonly file: string | undefined;
}

/** The fewest characters of a key. */
export const MIN_KEY_LENGTH = 16;
const MAX_KEY_LENGTH = 256;
/** What may stand behind `Bearer` (RFC 6750, section 2.1); none of it ends the user name of Basic. */
const SENDABLE = /^[\w.~+/-]+=*$/;

interface Pair {
  readonly setting: string;
  /** Such as `pair 2`. */
  readonly at: string;
  readonly text: string;
}

/** The keys in the settings, and all that is wrong with them. Problems name positions, never a key. */
export function readKeys({ pairs, file }: KeyTexts): {
  readonly keys: readonly Key[];
  readonly problems: readonly Problem[];
} {
  const all = [...pairsOf(pairs), ...linesOf(file ?? '')];
  const problems = all.flatMap((pair) =>
    problemsOf(pair).map((message) => ({ path: pair.setting, message: `${pair.at} ${message}` })),
  );
  if (pairs.trim() !== '' && pairsOf(pairs).length === 0)
    problems.push({
      path: 'USHER_KEYS',
      message: 'holds no key; write scope:key, such as server: and 32 random characters',
    });
  if (file !== undefined && linesOf(file).length === 0)
    problems.push({ path: 'USHER_KEYS_FILE', message: 'names a file without a key; write one scope:key a line' });
  if (problems.length > 0) return { keys: [], problems };
  return { keys: all.map(toKey), problems: duplicatesIn(all) };
}

/** The digest that keys are compared by. */
export function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

function pairsOf(text: string): Pair[] {
  const texts = text.split(/[\s,]+/).filter((one) => one !== '');
  return texts.map((one, index) => ({ setting: 'USHER_KEYS', at: `pair ${index + 1}`, text: one }));
}

function linesOf(text: string): Pair[] {
  const lines = text.split(/\r?\n/).map((line, index) => ({
    setting: 'USHER_KEYS_FILE',
    at: `line ${index + 1}`,
    text: line.replace(/(^|\s)#.*$/, '').trim(),
  }));
  return lines.filter((line) => line.text !== '');
}

function problemsOf({ text }: Pair): string[] {
  const [scope, key] = split(text);
  if (key === undefined) return ['is no scope:key pair, such as server: and 32 random characters'];
  const problems: string[] = [];
  if (!isScope(scope)) problems.push(`has a scope that is not known; the scopes are ${SCOPES.join(', ')}`);
  if (key.length < MIN_KEY_LENGTH)
    problems.push(
      `has a key of ${key.length} characters; it needs at least ${MIN_KEY_LENGTH}, ` +
        'such as those of `openssl rand -hex 16`',
    );
  if (key.length > MAX_KEY_LENGTH)
    problems.push(`has a key of ${key.length} characters; the limit is ${MAX_KEY_LENGTH}`);
  if (key !== '' && !SENDABLE.test(key))
    problems.push('has a key with characters that can not be sent; use letters, digits and - . _ ~ + /');
  return problems;
}

function duplicatesIn(pairs: readonly Pair[]): Problem[] {
  const first = new Map<string, Pair>();
  const problems: Problem[] = [];
  for (const pair of pairs) {
    const [, key = ''] = split(pair.text);
    const before = first.get(key);
    if (!before) first.set(key, pair);
    else
      problems.push({
        path: pair.setting,
        message: `${pair.at} has the key of ${before.at} of ${before.setting} again; a key has one scope`,
      });
  }
  return problems;
}

function toKey({ text }: Pair): Key {
  const [scope, key = ''] = split(text);
  return { scope: isScope(scope) ? scope : 'browser', digest: digestOf(key) };
}

function split(text: string): [string, string | undefined] {
  const colon = text.indexOf(':');
  return colon < 0 ? [text, undefined] : [text.slice(0, colon), text.slice(colon + 1)];
}

function isScope(text: string): text is Scope {
  return SCOPES.some((scope) => scope === text);
}
