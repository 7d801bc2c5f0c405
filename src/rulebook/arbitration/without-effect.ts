import { canonical } from '../../engine/language/json.js';
import { Findings } from '../read/findings.js';
import { LEVERS_POLICY, RULE_KINDS, type RuleFile } from '../read/rule-file.js';
import { textsOf, type RuleIndex } from '../read/rule-index.js';
import type { RuleProblem } from '../read/rule-problem.js';
import type { SourceNode } from '../read/source-node.js';
import { SCORE_FACTORS } from './check-arbitration.js';

type Factor = (typeof SCORE_FACTORS)[number];

/**
 * What is written for the score and changes no decision: a weight, a value, a propensity, a tier or a lever where no
 * placement goes by it, a lever on an offer that no rule puts forward, and levers that cancel.
 */
export function withoutEffect(files: readonly RuleFile[], index: RuleIndex): RuleProblem[] {
  // A file that could not be parsed may be the one by which it has an effect.
  if (!index.isComplete) return [];
  const search = new SearchWithoutEffect(index);
  for (const file of files) search.look(file);
  return search.warnings.sorted();
}

class SearchWithoutEffect {
  readonly warnings = new Findings();
  /** By offer, the placements in which rules put it forward. */
  private readonly placementsOf = new Map<string, Set<string>>();
  private readonly switches = new Map<string, ReadonlySet<Factor>>();

  constructor(private readonly index: RuleIndex) {
    for (const { root } of index.files(...RULE_KINDS)) {
      const offer = root?.get('event', 'params', 'offer')?.text;
      if (offer === undefined) continue;
      const placements = this.placementsOf.get(offer) ?? new Set();
      for (const placement of textsOf(root?.get('placements'))) placements.add(placement);
      this.placementsOf.set(offer, placements);
    }
    for (const { id, root } of index.files('placements')) if (root) this.switches.set(id, switchedOn(root));
  }

  look(file: RuleFile): void {
    const { root, kind } = file;
    if (!root) return;
    if (kind === 'placements') this.placement(file, root);
    else if (kind === 'offers') this.offer(file, root);
    else if (kind === LEVERS_POLICY) this.levers(file, root);
    else if (RULE_KINDS.some((one) => one === kind)) this.rule(file, root);
  }

  private placement(file: RuleFile, root: SourceNode): void {
    if (!root.get('score') || root.get('arbitration')?.text === 'score') return;
    const why = '"score" has no effect: the placement is ordered by priority; write "arbitration": "score"';
    this.warnings.add(file, root.keyOffset('score'), why);
  }

  private rule(file: RuleFile, root: SourceNode): void {
    const params = root.get('event', 'params');
    const weight = params?.get('weight')?.value;
    if (!params || weight === undefined || weight === 1) return;
    if (!this.counts('weight', textsOf(root.get('placements'))))
      this.warnings.add(file, params.keyOffset('weight'), noEffect('"weight"', 'the rule speaks for'));
  }

  private offer(file: RuleFile, root: SourceNode): void {
    const placements = this.placementsOf.get(file.id) ?? [];
    for (const [name, factor, neutral] of OF_OFFERS) {
      const value = root.get(name)?.value;
      if (value === undefined || value === neutral || this.counts(factor, placements)) continue;
      this.warnings.add(file, root.keyOffset(name), noEffect(`"${name}"`, 'rules put the offer forward in'));
    }
  }

  private levers(file: RuleFile, root: SourceNode): void {
    const groups = new Map<string, Moved>();
    for (const lever of root.get('levers')?.items ?? []) {
      const offers = this.offersOf(lever);
      for (const node of lever.get('offers')?.items ?? []) this.proposed(file, node);
      const placements = offers.flatMap((offer) => [...this.placementsIn(lever, offer)]);
      if (placements.length > 0 && !this.counts('lever', placements))
        this.warnings.add(file, lever.offset, noEffect('the lever', 'rules put its offers forward in'));
      for (const offer of offers) addTo(groups, offer, lever);
    }
    for (const { offer, factors } of groups.values()) this.cancelling(file, offer, factors);
  }

  private proposed(file: RuleFile, { text, offset }: SourceNode): void {
    if (text === undefined || this.placementsOf.has(text) || !this.index.find('offers', text)) return;
    this.warnings.add(file, offset, `the lever moves nothing here: no rule puts the offer "${text}" forward`);
  }

  private cancelling(file: RuleFile, offer: string, factors: readonly SourceNode[]): void {
    const last = factors.at(-1);
    const product = factors.reduce((so, { value }) => so * Number(value), 1);
    if (!last || Math.abs(product - 1) > TINY) return;
    const how = factors.map(({ value }) => JSON.stringify(value)).join(' x ');
    const what = factors.length === 1 ? 'a factor of 1 changes nothing' : `levers on "${offer}" cancel: ${how} is 1`;
    this.warnings.add(file, last.offset, what);
  }

  private offersOf(lever: SourceNode): string[] {
    const groups = new Set(textsOf(lever.get('groups')));
    const ofGroups = this.index.files('offers').filter(({ root }) => groups.has(root?.get('group')?.text ?? ''));
    return [...new Set([...textsOf(lever.get('offers')), ...ofGroups.map(({ id }) => id)])];
  }

  private placementsIn(lever: SourceNode, offer: string): Iterable<string> {
    const all = [...(this.placementsOf.get(offer) ?? [])];
    const only = lever.get('placements') && textsOf(lever.get('placements'));
    return only ? all.filter((placement) => only.includes(placement)) : all;
  }

  private counts(factor: Factor | undefined, placements: Iterable<string>): boolean {
    return [...placements].some((id) => {
      const on = this.switches.get(id);
      return factor === undefined ? (on?.size ?? 0) > 0 : on?.has(factor);
    });
  }
}

/** Factors that move an offer in the same placements at the same times. */
interface Moved {
  readonly offer: string;
  readonly factors: SourceNode[];
}

const TINY = 1e-9;

/** What offers say for the score: by which factor it counts, any for a tier, and what changes nothing. */
const OF_OFFERS: readonly (readonly [name: string, factor: Factor | undefined, neutral: number | undefined])[] = [
  ['value', 'value', 1],
  ['propensity', 'propensity', undefined],
  ['tier', undefined, 0],
];

function switchedOn(placement: SourceNode): ReadonlySet<Factor> {
  if (placement.get('arbitration')?.text !== 'score') return new Set();
  return new Set(SCORE_FACTORS.filter((factor) => placement.get('score', factor)?.value !== false));
}

function addTo(groups: Map<string, Moved>, offer: string, lever: SourceNode): void {
  const factor = lever.get('factor');
  if (typeof factor?.value !== 'number') return;
  const placements = [...textsOf(lever.get('placements'))].sort();
  const key = canonical([offer, placements, lever.get('schedule')?.value ?? null]);
  const moved = groups.get(key) ?? { offer, factors: [] };
  moved.factors.push(factor);
  groups.set(key, moved);
}

function noEffect(what: string, which: string): string {
  return (
    `${what} has no effect: no placement that ${which} goes by it; ` +
    'write "arbitration": "score" in one of them, or take it away'
  );
}
