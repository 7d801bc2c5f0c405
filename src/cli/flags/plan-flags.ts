import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { checkRules } from '../../rulebook/kinds/check-rules.js';
import { Findings } from '../../rulebook/read/findings.js';
import { readJson } from '../../rulebook/read/read-json.js';
import { LineIndex, RULE_KINDS, type Kind, type RuleFile } from '../../rulebook/read/rule-file.js';
import { literal } from '../rules/imported-definitions.js';
import type { PlannedFile } from '../rules/plan-import.js';
import { allOf, noneOf, readsRequest, rootOf, type When } from './flag-conditions.js';
import { isLeftOut, type FlagSource, type Served, type SourceFlag, type SourceSegment } from './flag-source.js';

/** What became of a flag, or of a named condition. */
export interface ImportedFlag {
  readonly key: string;
  /** Empty where it is left out. */
  readonly files: readonly PlannedFile[];
  readonly notes: readonly string[];
  /** Why it is left out. */
  readonly refused: readonly string[];
}

/** What an import of flags comes to. */
export interface FlagPlan {
  readonly flags: readonly ImportedFlag[];
  /** Those of all that are not there yet. */
  readonly files: readonly PlannedFile[];
}

const ID = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,149}$/;
const [PROACTIVE, CONTEXTUAL] = RULE_KINDS;

/** Plans an import: pure. What is planned passes the check with the files that are there, as long as they do. */
export function planFlags(source: FlagSource, existing: readonly RuleFile[]): FlagPlan {
  const made = [
    ...source.segments.map((one) => (isLeftOut(one) ? refusedFlag(one.key, one.why) : segmentFile(one))),
    ...source.flags.map((one) => (isLeftOut(one) ? refusedFlag(one.key, one.why) : flagFiles(one))),
  ];
  const flags = sift(withoutTaken(made, existing), existing);
  const there = new Set(existing.map(({ kind, id }) => keyOf(kind, id)));
  return { flags, files: flags.flatMap(({ files }) => files).filter(({ kind, id }) => !there.has(keyOf(kind, id))) };
}

function segmentFile({ name, when, notes }: SourceSegment): ImportedFlag {
  if (!ID.test(name)) return refusedFlag(name, BAD_KEY);
  const definition = { name, conditions: rootOf(when) as unknown as Json };
  return { key: name, files: [{ kind: 'segments', id: name, definition }], notes, refused: [] };
}

const BAD_KEY = 'its key can not be the name of a file; use letters, digits, ".", "_" and "-" only';

function flagFiles(flag: SourceFlag): ImportedFlag {
  if (!ID.test(flag.key)) return refusedFlag(flag.key, BAD_KEY);
  const ids = offerIds(flag);
  const shown = new Set([...servedIn(flag).map(({ value }) => value), flag.otherwise]);
  const offers = flag.values
    .filter(({ name }) => shown.has(name))
    .map(({ name, value }): PlannedFile => offerFile(`${flag.key}: ${name}`, ids.get(name) ?? '', value));
  const rules = servedIn(flag).map((one, at, all) =>
    ruleFile(flag, one, { ids, place: at + 1, priority: all.length - at }),
  );
  return { key: flag.key, files: [placementFile(flag, ids), ...offers, ...rules], notes: flag.notes, refused: [] };
}

/**
 * What needs a rule: what serves nothing keeps those behind it from serving; of what is served anyway, nothing behind
 * it counts, and at the end it is the fallback.
 */
function servedIn({ served, otherwise }: SourceFlag): readonly (Served & { readonly value: string })[] {
  const rules: (Served & { readonly value: string })[] = [];
  let excluded: When = true;
  for (const { when, value } of served) {
    const holds = allOf([excluded, when]);
    if (value === undefined) excluded = allOf([excluded, noneOf(when)]);
    else if (holds !== false) rules.push({ when: holds, value });
    if (when === true) break;
  }
  while (rules.at(-1)?.value === otherwise && otherwise !== undefined) rules.pop();
  return rules;
}

function offerIds({ key, values }: SourceFlag): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  for (const { name } of values) {
    const base = `${key}.${name.replaceAll(/[^A-Za-z0-9_-]+/g, '-')}`.slice(0, 190);
    const taken = [...ids.values()].some((id) => id.toLowerCase() === base.toLowerCase());
    ids.set(name, taken ? `${base}-${ids.size + 1}` : base);
  }
  return ids;
}

function placementFile({ key, title, otherwise, isOff }: SourceFlag, ids: ReadonlyMap<string, string>): PlannedFile {
  const definition: JsonObject = {
    name: title ?? key,
    ...(otherwise !== undefined && { fallback: ids.get(otherwise) ?? '' }),
    ...(isOff && { status: 'paused' }),
  };
  return { kind: 'placements', id: key, definition };
}

function offerFile(name: string, id: string, value: Json): PlannedFile {
  return { kind: 'offers', id, definition: { name, treatments: { '*': { content: { value: literal(value) } } } } };
}

function ruleFile(
  { key }: SourceFlag,
  { when, value }: Served & { readonly value: string },
  { ids, place, priority }: { readonly ids: ReadonlyMap<string, string>; place: number; priority: number },
): PlannedFile {
  const definition: JsonObject = {
    name: `${key}, ${place}: ${value}`,
    placements: [key],
    conditions: rootOf(when) as unknown as Json,
    event: { type: 'offer', params: { offer: ids.get(value) ?? '' } },
    priority,
  };
  return { kind: readsRequest(when) ? CONTEXTUAL : PROACTIVE, id: `${key}.${place}`, definition };
}

/** What is there and is otherwise stays as it is. */
function withoutTaken(made: readonly ImportedFlag[], existing: readonly RuleFile[]): ImportedFlag[] {
  const known = new Map(existing.map((file) => [keyOf(file.kind, file.id), withoutSchema(file.root?.value)]));
  const claimed = new Set<string>();
  return made.map((one) => {
    const other = one.files.find(({ kind, id, definition }) => {
      const there = known.get(keyOf(kind, id));
      return claimed.has(keyOf(kind, id)) || (there !== undefined && !isDeepStrictEqual(there, definition));
    });
    for (const { kind, id } of one.files) claimed.add(keyOf(kind, id));
    if (!other) return one;
    return refusedFlag(one.key, `${other.kind}/${other.id} is there already, and is otherwise; name another folder`);
  });
}

/** Leaves out what the check refuses, which may be what others speak of. */
function sift(made: readonly ImportedFlag[], existing: readonly RuleFile[]): readonly ImportedFlag[] {
  const files = made.flatMap((one) => one.files);
  const problems = problemsOf(files, existing);
  if (problems.size === 0) return made;
  const next = made.map((one) => {
    const found = one.files.flatMap((file) => problems.get(file) ?? []);
    return found.length === 0 ? one : { ...one, files: [], refused: [...new Set(found)] };
  });
  return next.every((one, at) => one === made[at])
    ? made.map((one) => ({ ...one, files: [], refused: [...new Set([...problems.values()].flat())] }))
    : sift(next, existing);
}

function problemsOf(planned: readonly PlannedFile[], existing: readonly RuleFile[]): Map<PlannedFile, string[]> {
  const findings = new Findings();
  const paths = new Set(planned.map(({ kind, id }) => keyOf(kind, id)));
  const others = existing.filter(({ kind, id }) => !paths.has(keyOf(kind, id)));
  checkRules([...others, ...planned.map(toRuleFile)], findings);
  const found = findings.sorted();
  const all = planned.map((file) => {
    const messages = found.filter((one) => one.file === pathOf(file)).map(({ message }) => message);
    return [file, messages] as const;
  });
  const own = new Map(
    all.filter(([, messages]) => messages.length > 0).map(([file, messages]) => [file, [...messages]]),
  );
  const strays = found.filter(({ file }) => !planned.some((one) => pathOf(one) === file));
  const [first] = planned;
  if (own.size === 0 && strays.length > 0 && first)
    own.set(
      first,
      strays.map(({ message }) => message),
    );
  return own;
}

function toRuleFile(file: PlannedFile): RuleFile {
  const text = JSON.stringify(file.definition);
  return { kind: file.kind, id: file.id, path: pathOf(file), lines: new LineIndex(text), root: readJson(text).root };
}

function pathOf({ kind, id }: PlannedFile): string {
  return `${kind}/${id}.json`;
}

/** Rules share one set of ids, and some disks don't tell capitals apart. */
function keyOf(kind: Kind, id: string): string {
  return `${RULE_KINDS.some((one) => one === kind) ? 'rules' : kind}/${id.toLowerCase()}`;
}

function refusedFlag(key: string, why: string): ImportedFlag {
  return { key, files: [], notes: [], refused: [why] };
}

function withoutSchema(definition: Json | undefined): Json | undefined {
  if (!isObject(definition)) return definition;
  const { $schema: _schema, ...rest } = definition;
  return rest;
}
