import { CommandFailed } from '../errors.js';
import type { Json, JsonObject } from '../engine/language/json.js';
import { readTime } from '../engine/values/read-time.js';
import { exactJson } from '../doors/exact-json.js';
import { findRepeated } from '../doors/find-in-json.js';
import { placementOf } from './batch/row-request.js';
import { Client, type ClientOptions } from './client.js';
import { decisionText, type DecisionAnswer } from './print-decision.js';

/** The options of `usher decide`. */
export interface DecideOptions extends ClientOptions {
  readonly explain?: boolean;
  /** The time it should be; implies `dryRun`. */
  readonly at?: string;
  readonly dryRun?: boolean;
  readonly channel?: string;
  /** `name=value`, each value JSON where it can be read as such. */
  readonly context?: readonly string[];
  readonly json?: boolean;
}

/** `usher decide ID PLACEMENT…`: asks the running service and prints its answer; gives the exit code. */
export async function askDecision(
  visitorId: string,
  placements: readonly string[],
  options: DecideOptions,
  print: (text: string) => void,
): Promise<number> {
  const body = JSON.stringify({ visitorId, placements: placements.map(placementOf), ...requestOf(options) });
  const answer = await new Client(options).post({ path: '/v1/decisions', body });
  print(options.json ? JSON.stringify(answer, null, 2) : decisionText(answer as DecisionAnswer));
  return 0;
}

/** The members of a request that options say, whoever it is for. */
export function requestOf({ explain, at, dryRun, channel, context }: DecideOptions): { [name: string]: Json } {
  return {
    ...(channel === undefined ? {} : { channel }),
    ...(context === undefined ? {} : { context: contextOf(context) }),
    ...(at === undefined ? {} : { now: instantOf(at) }),
    ...(dryRun || at !== undefined ? { dryRun: true } : {}),
    ...(explain ? { explain: true } : {}),
  };
}

function contextOf(said: readonly string[]): JsonObject {
  const context: Record<string, Json> = {};
  for (const [name, value] of said.map(contextEntry)) {
    if (Object.hasOwn(context, name)) throw new CommandFailed(`--context says "${name}" twice; say it once.`);
    context[name] = value;
  }
  return context;
}

function contextEntry(text: string): [string, Json] {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return [name, jsonOrText(value, name)];
  throw new CommandFailed(
    `--context takes name=value, and "${text}" is none. Put the visitor and the placements before it.`,
  );
}

function jsonOrText(text: string, name: string): Json {
  let value: unknown;
  try {
    value = exactJson(text);
  } catch {
    return text;
  }
  const repeated = findRepeated(value);
  if (repeated) throw new CommandFailed(`--context ${name}: "${repeated.path}" ${repeated.message}.`);
  return value as Json;
}

function instantOf(text: string): string {
  const read = readTime(text);
  if ('at' in read) return new Date(read.at).toISOString();
  throw new CommandFailed(
    `--at "${text}" is not a time: it ${read.wrong}. Write it like 2026-11-21T10:00:00Z or 2026-11-21.`,
  );
}
