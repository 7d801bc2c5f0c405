import type { Rulebook } from '../engine/rulebook.js';
import type { Compared } from './compared.js';
import type { PlacementChange } from './compare-decisions.js';
import type { Example } from './replay-report.js';
import { shownIn } from './shown-in.js';
import { whyChanged } from './why-changed.js';

const MAX_EXAMPLES = 10;
/** Ways in which decisions change that are told apart; of a replay with more, the later ones are not shown. */
const MAX_GROUPS = 1_000;
/** Documents that are held for the examples. */
const MAX_MEMBERS = 1_500;

interface Member {
  readonly compared: Compared;
  readonly change: PlacementChange;
}

interface Group {
  count: number;
  /** The first ones, each of another visitor. */
  readonly members: Member[];
}

/** Decisions that change, in groups that change alike: from the same offers of a placement to the same others. */
export class ExampleGroups {
  private readonly groups = new Map<string, Group>();
  private members = 0;

  /** The rules that change them. */
  constructor(private readonly rulebook: Rulebook) {}

  add(compared: Compared, change: PlacementChange): void {
    if (change.kind === 'reasons') return;
    const key = JSON.stringify([
      change.before.placement,
      change.before.items.map(({ offer }) => offer),
      change.after.items.map(({ offer }) => offer),
    ]);
    const group = this.groups.get(key) ?? { count: 0, members: [] };
    if (group.count === 0 && this.groups.size >= MAX_GROUPS) return;
    this.groups.set(key, group);
    group.count++;
    if (group.members.length > 0 && (group.members.length >= MAX_EXAMPLES || this.members >= MAX_MEMBERS)) return;
    if (group.members.some((member) => member.compared.person === compared.person)) return;
    group.members.push({ compared, change });
    this.members++;
  }

  /** One of each group, those with other offers and the largest first, then the next of each. */
  examples(): Example[] {
    const ordered = [...this.groups.values()].sort((a, b) => rank(a) - rank(b) || b.count - a.count);
    const rounds = Array.from({ length: MAX_EXAMPLES }, (_, round) =>
      ordered.flatMap(({ count, members }) => toChosen(members[round], count)),
    );
    return rounds
      .flat()
      .slice(0, MAX_EXAMPLES)
      .map((chosen) => this.tell(chosen));
  }

  private tell({ compared, change, alike }: Chosen): Example {
    const { input } = compared.recorded;
    return {
      decisionId: input.decisionId,
      decidedAt: new Date(input.decidedAt).toISOString(),
      visitorId: input.visitorId,
      release: input.rulebook.version,
      placement: change.before.placement,
      change: change.kind === 'offers' ? 'offers' : 'content',
      before: shownIn(change.before),
      after: shownIn(change.after),
      alike,
      why: whyChanged(compared, change, this.rulebook),
    };
  }
}

interface Chosen extends Member {
  readonly alike: number;
}

function toChosen(member: Member | undefined, alike: number): Chosen[] {
  return member ? [{ ...member, alike }] : [];
}

function rank({ members }: Group): number {
  return members[0]?.change.kind === 'offers' ? 0 : 1;
}
