/**
 * A compiled rulebook on its way from the process that built it to the one that serves: in parts so small that taking
 * one over never keeps a request waiting.
 */
import type { OfferData, RulebookData } from '../../engine/compile.js';
import type { Condition } from '../../engine/language/condition-definition.js';
import type { Definitions } from '../../engine/language/definitions.js';
import type { Placement, Rule, WrittenConditions } from '../../engine/rulebook.js';
import { NumberTables, numberSlices, type NumberSlice } from './number-tables.js';

type MatcherData = RulebookData['matcher'];
type Program = MatcherData['program'];
type ScopeData = NonNullable<ReturnType<MatcherData['scopes']['get']>>;

/** One part. */
export type RulebookPart =
  | { readonly kind: 'placements'; readonly items: readonly Placement[] }
  | { readonly kind: 'offers'; readonly items: readonly OfferData[] }
  | { readonly kind: 'rules'; readonly items: readonly Rule[] }
  | { readonly kind: 'written'; readonly items: readonly (readonly [string, string])[] }
  | { readonly kind: 'literals'; readonly items: MatcherData['literals'] }
  | { readonly kind: 'values'; readonly items: MatcherData['values'] }
  | { readonly kind: 'keys'; readonly items: Program['keys'] }
  | NumberSlice
  | {
      readonly kind: 'last';
      readonly segments: RulebookData['segments'];
      readonly consent: RulebookData['consent'];
      readonly contactPolicy: RulebookData['contactPolicy'];
      readonly singleView: RulebookData['singleView'];
      readonly search: RulebookData['search'];
      readonly operators: MatcherData['operators'];
    };

/** Things of a kind that go in one part: about a millisecond to take over. */
const PART_SIZE = 250;

/** The parts of a rulebook, and of the conditions as they are written. */
export function* toParts(data: RulebookData, definitions: Definitions): Generator<RulebookPart> {
  const { literals, values, scopes, program, operators, ...tables } = data.matcher;
  const { keys, ...numbers } = program;
  for (const items of slices(data.placements)) yield { kind: 'placements', items };
  for (const items of slices(data.offers)) yield { kind: 'offers', items };
  for (const items of slices(data.rules)) yield { kind: 'rules', items };
  for (const items of slices(writtenTexts(definitions))) yield { kind: 'written', items };
  for (const items of slices(literals, 10 * PART_SIZE)) yield { kind: 'literals', items };
  for (const items of slices(values)) yield { kind: 'values', items };
  for (const items of slices(keys, 10 * PART_SIZE)) yield { kind: 'keys', items };
  for (const [id, places] of data.placed) yield* numberSlices('placed', { [id]: places });
  for (const [id, scope] of scopes) yield* numberSlices(`scope ${id}`, { ...scope });
  yield* numberSlices('tables', tables);
  yield* numberSlices('program', numbers);
  const { segments, consent, contactPolicy, singleView, search } = data;
  yield { kind: 'last', segments, consent, contactPolicy, singleView, search, operators };
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
  private readonly numbers = new NumberTables();
  private last: Extract<RulebookPart, { kind: 'last' }> | undefined;

  take(part: RulebookPart): void {
    switch (part.kind) {
      case 'last':
        this.last = part;
        return;
      case 'numbers':
        this.numbers.take(part);
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
    if (!this.last) return undefined;
    const { placements, offers, rules, literals, values, keys, numbers } = this;
    const { segments, consent, contactPolicy, singleView, search, operators } = this.last;
    const placed = new Map(Object.entries(numbers.group<Record<string, Int32Array>>('placed')));
    // A placement has a scope exactly when rules are placed there.
    const scopes = new Map([...placed.keys()].map((id) => [id, numbers.group<ScopeData>(`scope ${id}`)]));
    const tables =
      numbers.group<Omit<MatcherData, 'literals' | 'values' | 'scopes' | 'program' | 'operators'>>('tables');
    const program = { ...numbers.group<Omit<Program, 'keys'>>('program'), keys };
    return {
      placements,
      offers,
      rules,
      placed,
      segments,
      consent,
      contactPolicy,
      singleView,
      search,
      matcher: { ...tables, operators, literals, values, scopes, program },
    };
  }

  /** Conditions came as texts, which weigh little; each is parsed when somebody asks. */
  written(): WrittenConditions {
    const read = (key: string): Condition | undefined => {
      const text = this.texts.get(key);
      return text === undefined ? undefined : (JSON.parse(text) as Condition);
    };
    return {
      rule: (id) => read(`rule ${id}`),
      eligibility: (offer) => read(`offer ${offer}`),
      segment: (id) => read(`segment ${id}`),
    };
  }

  private takeItems(
    part: Extract<RulebookPart, { kind: 'placements' | 'offers' | 'rules' | 'literals' | 'values' | 'keys' }>,
  ): void {
    const list: unknown[] = this[part.kind];
    for (const item of part.items) list.push(item);
  }
}

function writtenTexts({ rules, offers, segments }: Definitions): [string, string][] {
  const text = (kind: string, id: string, condition: Condition): [string, string] => [
    `${kind} ${id}`,
    JSON.stringify(condition),
  ];
  return [
    ...[...rules].map(([id, rule]) => text('rule', id, rule.conditions)),
    ...[...offers].flatMap(([id, { eligibility }]) => (eligibility ? [text('offer', id, eligibility)] : [])),
    ...[...segments].map(([id, segment]) => text('segment', id, segment.conditions)),
  ];
}

function* slices<T>(items: readonly T[], size = PART_SIZE): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
