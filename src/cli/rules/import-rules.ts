import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { CommandFailed } from '../../errors.js';
import { decodeText } from '../../doors/bytes/decode-text.js';
import { readJson } from '../../rulebook/read/read-json.js';
import { readRules } from '../../rulebook/kinds/read-rules.js';
import { LineIndex } from '../../rulebook/read/rule-file.js';
import { planImport, type PlannedFile } from './plan-import.js';
import { importJson, importText } from './print-import.js';
import { schemaNextTo } from './write-schemas.js';

/** The options of `usher import-rules`. */
export interface ImportRulesOptions {
  readonly placement: readonly string[];
  readonly dir: string;
  /** Facts that are parts of the request's context. */
  readonly context?: readonly string[];
  /** Facts that are traits, whatever they are called. */
  readonly profile?: readonly string[];
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/**
 * `usher import-rules FILE`: makes rule files of the rules of json-rules-engine; gives the exit code, 1 when one is
 * left out.
 */
export function importRules(file: string, options: ImportRulesOptions, print: (text: string) => void): number {
  const { placement, dir, context = [], profile = [], dryRun = false } = options;
  refuseBadPlacements(placement);
  const existing = existsSync(dir) ? readRules(dir).files : [];
  const plan = planImport({ ...sourceIn(file), placements: placement, choices: { context, profile }, existing });
  if (!dryRun) for (const one of plan.files) writePlanned(dir, one);
  print(options.json ? importJson(plan, dryRun) : importText(plan, { dir, dryRun }));
  return plan.rules.every(({ id }) => id !== undefined) ? 0 : 1;
}

function refuseBadPlacements(placements: readonly string[]): void {
  const bad = placements.find((id) => !/^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/.test(id));
  if (bad !== undefined)
    throw new CommandFailed(
      `--placement "${bad}" can't be the id of a placement. Use letters, digits, ".", "_" and "-" only.`,
    );
  if (placements.length === 0) throw new CommandFailed('Say where the rules speak: --placement home.hero.');
}

/** A list of rules, or an object with `rules` and the named `conditions` that they use. */
function sourceIn(file: string): { rules: readonly Json[]; conditions: JsonObject } {
  const value = jsonIn(file);
  if (Array.isArray(value)) return { rules: value as readonly Json[], conditions: {} };
  const { rules, conditions = {} } = isObject(value) ? value : {};
  if (Array.isArray(rules) && isObject(conditions)) return { rules: rules as readonly Json[], conditions };
  throw new CommandFailed(
    `${file} is no list of rules. It must be [ { "conditions": …, "event": … }, … ], or { "rules": [ … ], ` +
      '"conditions": { "<name>": … } }.',
  );
}

/** The value in a file of JSON. Throws `CommandFailed` with the place of what is wrong. */
export function jsonIn(file: string): Json {
  const { text, problem } = decodeText(bytesOf(file));
  const { root, problems } = problem ? { root: undefined, problems: [problem] } : readJson(text);
  const [first] = problems;
  if (root && !first) return root.value;
  const { line, column } = new LineIndex(text).position(first?.offset ?? 0);
  throw new CommandFailed(`${file}:${line}:${column} ${first?.message ?? 'this is not JSON'}`);
}

function bytesOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new CommandFailed(
      `${file} can't be read (${String((error as NodeJS.ErrnoException).code)}). ` +
        'Give the path of a JSON file with the rules.',
    );
  }
}

/** Writes a file that is not there yet. Throws `CommandFailed` where it can't be. */
export function writePlanned(dir: string, { kind, id, definition }: PlannedFile): void {
  const path = join(dir, kind, `${id}.json`);
  const schema = schemaNextTo(dir, kind);
  try {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(
      path,
      `${JSON.stringify({ ...(schema !== undefined && { $schema: schema }), ...definition }, null, 2)}\n`,
      { flag: 'wx' },
    );
  } catch (error) {
    throw new CommandFailed(
      `${path} can't be written (${String((error as NodeJS.ErrnoException).code)}). ` +
        'Run it again when that is mended: what was written is found again.',
    );
  }
}
