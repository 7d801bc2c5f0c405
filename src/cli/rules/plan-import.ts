import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../engine/language/is-object.js';
import type { Json, JsonObject } from '../../engine/language/json.js';
import { checkRules } from '../../rulebook/kinds/check-rules.js';
import { Findings } from '../../rulebook/read/findings.js';
import { readJson } from '../../rulebook/read/read-json.js';
import { LineIndex, RULE_KINDS, type Kind, type RuleFile } from '../../rulebook/read/rule-file.js';
import { convertConditions, type Converted } from './convert-conditions.js';
import { IdMaker } from './id-maker.js';
import type { FactChoices, MappedFact } from './map-facts.js';
import { offerDraft, ruleDefinition, segmentDefinition, type SourceRule } from './imported-definitions.js';

/** What is imported, and into what. */
export interface ImportSource {
  /** Rules of json-rules-engine, as JSON has them. */
  readonly rules: readonly Json[];
  /** Named conditions, as `engine.setCondition` takes them. */
  readonly conditions: JsonObject;
  readonly placements: readonly string[];
  readonly choices: FactChoices;
  /** The files that are there. */
  readonly existing: readonly RuleFile[];
}

/** A file to write. */
export interface PlannedFile {
  readonly kind: Kind;
  readonly id: string;
  readonly definition: JsonObject;
}

/** What became of a rule. */
export interface ImportedRule {
  /** Its place in the list, from 1, and its name. */
  readonly rule: string;
  /** The id it has now; undefined where it is left out. */
  readonly id: string | undefined;
  readonly facts: readonly MappedFact[];
  /** What a person must look at. A rule with something lost is a draft. */
  readonly lost: readonly string[];
  readonly ignored: readonly string[];
  /** Why it is left out. */
  readonly refused: readonly string[];
}

/** What an import comes to. */
export interface ImportPlan {
  readonly files: readonly PlannedFile[];
  readonly rules: readonly ImportedRule[];
  /** How many rules were imported before, and are as they were. */
  readonly unchanged: number;
}

/** Plans an import: pure. What is planned passes the check with the files that are there, as long as they do. */
export function planImport(source: ImportSource): ImportPlan {
  const draft = new Planner(source).plan();
  return sift(draft, source);
}

type Draft = {
  readonly file: PlannedFile | undefined;
  readonly rule: ImportedRule;
  readonly needs: readonly PlannedFile[];
};

class Planner {
  private readonly ids: IdMaker;
  private readonly offers = new Map<string, PlannedFile | string>();
  private readonly segments = new Map<string, PlannedFile | string>();

  constructor(private readonly source: ImportSource) {
    this.ids = new IdMaker(source.existing);
  }

  plan(): Draft[] {
    return this.source.rules.map((written, index) => this.rule(written, index + 1));
  }

  private rule(written: Json, place: number): Draft {
    const source = typeof written === 'string' ? parsed(written) : written;
    const name =
      isObject(source) && (typeof source['name'] === 'string' || typeof source['name'] === 'number')
        ? String(source['name'])
        : '';
    const report: ImportedRule = {
      rule: name === '' ? `#${place}` : `#${place} ${name}`,
      id: undefined,
      facts: [],
      lost: [],
      ignored: [],
      refused: [],
    };
    if (!isObject(source)) return refused(report, 'a rule must be an object with conditions and an event');
    const event = source['event'];
    if (!isObject(event) || typeof event['type'] !== 'string' || event['type'] === '')
      return refused(report, 'its event has no "type" that is a text');
    const needs: PlannedFile[] = [];
    const converted = this.convert(source['conditions'], needs);
    if (typeof converted === 'string') return refused(report, converted);
    const offer = this.offer(event as JsonObject & { type: string }, needs);
    const rule: SourceRule = {
      name: name || `Rule ${place}`,
      priority: source['priority'],
      event,
      offer,
      placements: this.source.placements,
      converted,
    };
    const file = this.fileOf(rule, name || `rule-${place}`);
    return {
      file,
      needs,
      rule: { ...report, id: file.id, facts: converted.facts, lost: converted.lost, ignored: converted.ignored },
    };
  }

  private fileOf(rule: SourceRule, name: string): PlannedFile {
    const { kind, definition } = ruleDefinition(rule);
    return {
      kind,
      definition,
      id: this.ids.ruleId(name, (known) => isDeepStrictEqual(withoutSchema(known), definition)),
    };
  }

  private convert(written: Json | undefined, needs: PlannedFile[]): Converted | string {
    return convertConditions(written, this.source.choices, (name) => this.segment(name, needs));
  }

  /**
   * A named condition becomes a segment, unless there is one of that name; one that nobody gave is taken to be there.
   */
  private segment(name: string, needs: PlannedFile[]): string {
    const known = this.segments.get(name);
    if (known !== undefined) return take(known, needs);
    const written = Object.hasOwn(this.source.conditions, name) ? this.source.conditions[name] : undefined;
    if (written === undefined) return name;
    const there = this.ids.existing('segments', name);
    const id = there ?? this.ids.idFor('segments', name);
    this.segments.set(name, id);
    if (there !== undefined) return there;
    const converted = this.convert(written, needs);
    if (typeof converted === 'string') return id;
    const file: PlannedFile = { kind: 'segments', id, definition: segmentDefinition(name, converted) };
    this.segments.set(name, file);
    return take(file, needs);
  }

  /** An offer of that id is used as it is; where there is none, there will be a draft. */
  private offer(event: JsonObject & { readonly type: string }, needs: PlannedFile[]): string {
    const named = isObject(event['params']) && event.type === 'offer' ? event['params']['offer'] : undefined;
    const type = typeof named === 'string' && named !== '' ? named : event.type;
    const known = this.offers.get(type);
    if (known !== undefined) return take(known, needs);
    const there = this.ids.existing('offers', type);
    const made = there ?? {
      kind: 'offers' as const,
      id: this.ids.idFor('offers', type),
      definition: offerDraft(type, event),
    };
    this.offers.set(type, made);
    return take(made, needs);
  }
}

function take(made: PlannedFile | string, needs: PlannedFile[]): string {
  if (typeof made === 'string') return made;
  needs.push(made);
  return made.id;
}

/** Leaves out what the check refuses, and what only that would have needed. */
function sift(drafts: readonly Draft[], { existing, placements }: ImportSource): ImportPlan {
  const there = new Set(existing.map(({ kind, id }) => `${kind}/${id}`));
  const slots = placements
    .filter((id) => !there.has(`placements/${id}`))
    .map((id): PlannedFile => ({ kind: 'placements', id, definition: { name: id } }));
  let current = drafts;
  for (;;) {
    const files = filesOf(current, slots);
    const problems = problemsOf(files, existing);
    if (problems.size === 0) return planOf(current, files, there);
    const next = current.map((draft) => without(draft, problems));
    // What is wrong with files that nothing can be left out for is wrong with the names given.
    if (next.every((draft, index) => draft === current[index]))
      return planOf(
        current.map((draft) => without(draft, problems, true)),
        [],
        there,
      );
    current = next;
  }
}

function filesOf(drafts: readonly Draft[], slots: readonly PlannedFile[]): PlannedFile[] {
  const files = drafts.flatMap(({ file, needs }) => (file ? [...needs, file] : []));
  return [...(files.length > 0 ? slots : []), ...new Set(files)];
}

function without(draft: Draft, problems: ReadonlyMap<PlannedFile, readonly string[]>, all = false): Draft {
  if (!draft.file) return draft;
  const concerned = all ? [...problems.keys()] : [draft.file, ...draft.needs];
  const found = [...new Set(concerned.flatMap((file) => problems.get(file) ?? []))];
  return found.length === 0
    ? draft
    : { ...draft, file: undefined, rule: { ...draft.rule, id: undefined, refused: found } };
}

function problemsOf(
  planned: readonly PlannedFile[],
  existing: readonly RuleFile[],
): ReadonlyMap<PlannedFile, readonly string[]> {
  const files = planned.map((file) => toRuleFile(file));
  const paths = new Set(files.map(({ path }) => path));
  const findings = new Findings();
  // A rule that was imported before stands under its own path.
  checkRules([...existing.filter(({ kind, id }) => !paths.has(pathOf(kind, id))), ...files], findings);
  const found = findings.sorted();
  const of = (path: string) => found.filter(({ file }) => file === path).map(({ message }) => message);
  return new Map(
    planned
      .map((file, index) => [file, of(files[index]?.path ?? '')] as const)
      .filter(([, messages]) => messages.length > 0),
  );
}

function planOf(drafts: readonly Draft[], files: readonly PlannedFile[], there: ReadonlySet<string>): ImportPlan {
  const fresh = files.filter(({ kind, id }) => !there.has(`${kind}/${id}`));
  const isRule = ({ kind }: PlannedFile) => RULE_KINDS.some((known) => known === kind);
  return {
    files: fresh,
    rules: drafts.map(({ rule }) => rule),
    unchanged: files.filter(isRule).length - fresh.filter(isRule).length,
  };
}

function refused(rule: ImportedRule, why: string): Draft {
  return { file: undefined, needs: [], rule: { ...rule, refused: [why] } };
}

function toRuleFile({ kind, id, definition }: PlannedFile): RuleFile {
  const text = JSON.stringify(definition);
  return { kind, id, path: pathOf(kind, id), lines: new LineIndex(text), root: readJson(text).root };
}

function pathOf(kind: Kind, id: string): string {
  return `${kind}/${id}.json`;
}

function parsed(text: string): Json | undefined {
  const { root, problems } = readJson(text);
  return problems.length === 0 ? root?.value : undefined;
}

function withoutSchema(definition: Json): Json {
  if (!isObject(definition)) return definition;
  const { $schema: _schema, ...rest } = definition;
  return rest;
}
