/**
 * What must be true of proofs over rules: nobody is what they say nobody is. Run shortly by `properties.spec.ts`, long
 * by
 * `run.ts` (`npm run fuzz -- --only proofs --runs 20000`).
 */
import fc from 'fast-check';
import { deepStrictEqual, fail } from 'node:assert';
import type { Condition } from '../../src/engine/language/condition-definition.js';
import type { Definitions } from '../../src/engine/language/definitions.js';
import type { RuleDefinition } from '../../src/engine/language/rule-definition.js';
import type { DecideInput } from '../../src/engine/decision-run.js';
import type { Rulebook } from '../../src/engine/rulebook.js';
import type { Proof } from '../../src/proofs/logic/proof.js';
import { ruleWorld, WORLD_NOW, worldVisitor, type WorldVisitor } from '../arbitraries/rule-worlds.ts';
import type { Proofs } from './product.ts';
import type { Property } from './properties.ts';

const people = fc.array(worldVisitor, { minLength: 12, maxLength: 12 });

const nobody: Property = {
  name: 'proofs: what is said never to hold or to win never does, and whom a claim shows is as it says',
  weight: 2,
  check: ({ proofs }, tally) =>
    fc.property(ruleWorld, people, (definitions, visitors) => {
      const rulebook = compile(proofs, definitions);
      const claims = proofs.prove({ definitions, rulebook, now: WORLD_NOW });
      tally.claims += claims.filter(({ severity }) => severity === 'warning').length;
      const probes = probesOf(definitions, claims);
      const probed = probes.length === 0 ? rulebook : compile(proofs, withProbes(definitions, probes));
      for (const visitor of visitors) {
        refuteByDeciding(proofs, claims, inputFor(proofs, visitor, rulebook));
        refuteByAsking(proofs, probes, inputFor(proofs, visitor, probed));
      }
    }),
};

/** The properties, in the order in which they run. */
export const proofProperties: readonly Property[] = [nobody];

/** A condition that is said never, or always, to hold; it is asked for where the rule that it is of speaks. */
interface Probe {
  readonly id: string;
  readonly claim: Proof;
  readonly rule: Pick<RuleDefinition, 'placements' | 'channels' | 'schedule'>;
  readonly condition: Condition;
  readonly holds: boolean;
}

function probesOf({ rules, segments, offers }: Definitions, claims: readonly Proof[]): Probe[] {
  const everywhere = { placements: ['p1', 'p2', 'p3'] };
  return claims.flatMap((claim, index) => {
    const { kind, at } = claim;
    if ((kind !== 'never-holds' && kind !== 'always-holds') || at.path.includes('params')) return [];
    const root =
      at.kind === 'rules' ? rules.get(at.id) : at.kind === 'segments' ? segments.get(at.id) : offers.get(at.id);
    const isPart = claim.message.startsWith('this part');
    const condition = (isPart ? valueAt(root, at.path) : valueAt(root, at.path.slice(0, 1))) as Condition;
    return [
      {
        id: `probe${index}`,
        claim,
        rule: (!isPart && rules.get(at.id)) || everywhere,
        condition,
        holds: kind === 'always-holds',
      },
    ];
  });
}

function valueAt(root: unknown, path: readonly (string | number)[]): unknown {
  return path.reduce((value, step) => (value as Record<string | number, unknown>)[step], root);
}

function withProbes(definitions: Definitions, probes: readonly Probe[]): Definitions {
  const rules = probes.map(({ id, rule: { placements, channels, schedule }, condition }): [string, RuleDefinition] => [
    id,
    {
      name: id,
      placements,
      ...(channels && { channels }),
      ...(schedule && { schedule }),
      conditions: { all: [condition] },
      event: { type: 'offer', params: { offer: 'o1' } },
    },
  ]);
  return { ...definitions, rules: new Map(rules) };
}

function refuteByAsking({ startRun }: Proofs, probes: readonly Probe[], input: DecideInput): void {
  const { rulebook } = input;
  const run = startRun(input);
  for (const [placement, rules] of rulebook.rules) {
    const asked = rulebook.placements.get(placement);
    if (!asked || !input.visitor) continue;
    const channel = input.request.channel ?? asked.channel ?? '';
    for (const rule of rules) {
      const probe = probes.find(({ id }) => id === rule.id);
      const speaks =
        (rule.channels?.has(channel) ?? true) && rule.window.from <= input.now && input.now < rule.window.until;
      if (probe && speaks)
        deepStrictEqual(
          run.in(asked, (placed) => placed.holds(rule.when)),
          probe.holds,
          `in ${placement}: ${JSON.stringify(probe.claim)}`,
        );
    }
  }
  run.end();
}

function refuteByDeciding({ decide }: Proofs, claims: readonly Proof[], input: DecideInput): void {
  for (const { placement, items } of decide(input)) {
    for (const { offer, rule } of items) {
      const refuted = claims.find(
        (claim) =>
          (isAbout(claim, 'rules', rule) && LOSES.has(claim.kind)) ||
          (isAbout(claim, 'offers', offer) && claim.kind === 'offer-never-wins' && input.now >= WORLD_NOW) ||
          (isAbout(claim, 'offers', offer) && claim.kind === 'offer-unused') ||
          (isAbout(claim, 'placements', placement) &&
            claim.message.startsWith('every visitor') &&
            claim.kind === 'fallback-only' &&
            rule !== undefined),
      );
      if (refuted) fail(`${rule} won ${placement} with ${offer}, against ${JSON.stringify(refuted)}`);
    }
  }
}

const LOSES: ReadonlySet<string> = new Set(['never-wins', 'shadowed']);

function isAbout({ at }: Proof, kind: Proof['at']['kind'], id: string | undefined): boolean {
  return at.kind === kind && at.id === id;
}

function compile({ compileRulebook, renderer, instant }: Proofs, definitions: Definitions): Rulebook {
  return compileRulebook(definitions, { renderer, instant }, { version: 1, digest: '' });
}

function inputFor({ visitorView }: Proofs, visitor: WorldVisitor, rulebook: Rulebook): DecideInput {
  // What visitors send is never the very object that stands in a rule.
  const { isRead, traits, interactions, consents, context, channel, placements, now } = structuredClone(visitor);
  return {
    rulebook,
    now,
    request: { placements: placements.map((id) => ({ id })), context, ...(channel !== undefined && { channel }) },
    visitor: isRead ? visitorView({ visitorId: 'somebody', traits, interactions, consents }) : undefined,
  };
}
