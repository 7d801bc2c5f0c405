/**
 * A compiled rulebook on its way from the thread that built it to the one that serves: in parts so small that taking one
 * over never keeps a request waiting. Tables of numbers change hands without being copied.
 */
import type { OfferData, RulebookData } from '../engine/compile.js';
import type { Condition, Definitions } from '../engine/definitions.js';
import type { MatcherData, ScopeData } from '../engine/matcher-data.js';
import type { Placement, Rule, WrittenConditions } from '../engine/types.js';

/** One part. */
export type RulebookPart =
  | { readonly kind: 'placements'; readonly items: readonly Placement[] }
  | { readonly kind: 'offers'; readonly items: readonly OfferData[] }
  | { readonly kind: 'rules'; readonly items: readonly Rule[] }
  | { readonly kind: 'written'; readonly items: readonly (readonly [string, string])[] }
  | { readonly kind: 'literals'; readonly items: MatcherData['literals'] }
  | { readonly kind: 'values'; readonly items: MatcherData['values'] }
  | { readonly kind: 'keys'; readonly items: MatcherData['program']['keys'] }
  | { readonly kind: 'placed'; readonly id: string; readonly places: Int32Array }
  | { readonly kind: 'scope'; readonly id: string; readonly scope: ScopeData }
  | { readonly kind: 'tables'; readonly segments: RulebookData['segments']; readonly tables: Omit<MatcherData, 'literals' | 'values' | 'scopes'> };

/** Things of a kind that go in one part: about a millisecond to take over. */
const PART_SIZE = 250;

/** The parts of a rulebook, and of the conditions as they are written. */
export function* toParts(data: RulebookData, definitions: Definitions): Generator<RulebookPart> {
  const { literals, values, scopes, program, ...tables } = data.matcher;
  const { keys, ...numbers } = program;
  for (const items of slices(data.placements)) yield { kind: 'placements', items };
  for (const items of slices(data.offers)) yield { kind: 'offers', items };
  for (const items of slices(data.rules)) yield { kind: 'rules', items };
  for (const items of slices(writtenTexts(definitions))) yield { kind: 'written', items };
  for (const items of slices(literals, 10 * PART_SIZE)) yield { kind: 'literals', items };
  for (const items of slices(values)) yield { kind: 'values', items };
  for (const items of slices(keys, 10 * PART_SIZE)) yield { kind: 'keys', items };
  for (const [id, places] of data.placed) yield { kind: 'placed', id, places };
  for (const [id, scope] of scopes) yield { kind: 'scope', id, scope };
  yield { kind: 'tables', segments: data.segments, tables: { ...tables, program: { ...numbers, keys: [] } } };
}

/** Puts parts together again. */
export class PartsReader {
  private readonly placements: Placement[] = [];
  private readonly offers: OfferData[] = [];
  private readonly rules: Rule[] = [];
  private readonly texts = new Map<string, string>();
  private readonly literals: MatcherData['literals'][number][] = [];
  private readonly values: MatcherData['values'][number][] = [];
  private readonly keys: unknown[] = [];
  private readonly placed = new Map<string, Int32Array>();
  private readonly scopes = new Map<string, ScopeData>();
  private tables: Extract<RulebookPart, { kind: 'tables' }> | undefined;

  take(part: RulebookPart): void {
    switch (part.kind) {
      case 'tables':
        this.tables = part;
        return;
      case 'placed':
        this.placed.set(part.id, part.places);
        return;
      case 'scope':
        this.scopes.set(part.id, part.scope);
        return;
      case 'written':
        for (const [key, text] of part.items) this.texts.set(key, text);
        return;
      default:
        this.takeItems(part);
    }
  }

  /** Undefined until the last part is in. */
  data(): RulebookData | undefined {
    if (!this.tables) return undefined;
    const { placements, offers, rules, placed, literals, values, scopes, keys } = this;
    const { segments, tables } = this.tables;
    return { placements, offers, rules, placed, segments, matcher: { ...tables, literals, values, scopes, program: { ...tables.program, keys } } };
  }

  /** Conditions came as texts, which weigh little; each is parsed when somebody asks. */
  written(): WrittenConditions {
    const read = (key: string): Condition | undefined => {
      const text = this.texts.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as Condition);
    };
    return { rule: (id) => read(`rule ${id}`), eligibility: (offer) => read(`offer ${offer}`), segment: (id) => read(`segment ${id}`) };
  }

  private takeItems(part: Extract<RulebookPart, { kind: 'placements' | 'offers' | 'rules' | 'literals' | 'values' | 'keys' }>): void {
    const list: unknown[] = this[part.kind];
    for (const item of part.items) list.push(item);
  }
}

/** The buffers of a part that can change hands. */
export function buffersOf(part: RulebookPart): ArrayBuffer[] {
  if (part.kind === 'placed') return arraysIn(part.places);
  if (part.kind === 'scope') return arraysIn(part.scope);
  return part.kind === 'tables' ? arraysIn(part.tables) : [];
}

function arraysIn(value: unknown): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) return [value.buffer as ArrayBuffer];
  if (typeof value !== 'object' || value === null || (Array.isArray(value) && typeof value[0] !== 'object')) return [];
  return Object.values(value).flatMap(arraysIn);
}

function writtenTexts({ rules, offers, segments }: Definitions): [string, string][] {
  const text = (kind: string, id: string, condition: Condition): [string, string] => [`${kind} ${id}`, JSON.stringify(condition)];
  return [
    ...[...rules].map(([id, rule]) => text('rule', id, rule.conditions)),
    ...[...offers].flatMap(([id, { eligibility }]) => (eligibility ? [text('offer', id, eligibility)] : [])),
    ...[...segments].map(([id, segment]) => text('segment', id, segment.conditions)),
  ];
}

function* slices<T>(items: readonly T[], size = PART_SIZE): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
