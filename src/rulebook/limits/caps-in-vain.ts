import type { Findings } from '../read/findings.js';
import type { RuleFile } from '../read/rule-file.js';
import type { SourceNode } from '../read/source-node.js';
import type { PolicyPart } from './policy-of-offer.js';
import { countsAll, writtenLimit, type WrittenLimit } from './written-limit.js';

/** What the caps of an offer are held against. */
export interface BesideCaps {
  /** Where rules put the offer forward, or it is the fallback. */
  readonly placements: ReadonlySet<string>;
  /** The limits of the contact policy that the offer is under. */
  readonly contactLimits: readonly PolicyPart[];
}

/** A cap or a contact limit, and where it stands. */
interface ReadLimit extends WrittenLimit {
  readonly node: SourceNode;
  readonly placement: string | undefined;
}

/** Warns of each cap of an offer that counts nothing, and of each that another limit always comes before. */
export function capsInVain(file: RuleFile, { placements, contactLimits }: BesideCaps, warnings: Findings): void {
  const caps = file.root?.get('caps')?.items ?? [];
  const read = caps.map(readLimit);
  // Those of some channels know nothing of the offer elsewhere: nothing is certain by them.
  const across = caps.length === 0 ? [] : contactLimits.filter(({ node }) => !node.get('channels')).flatMap(acrossOf);
  for (const [at, cap] of caps.entries()) {
    const where = cap.get('placement')?.text;
    if (where !== undefined && !placements.has(where))
      warnings.add(
        file,
        cap.keyOffset('placement'),
        `this cap counts nothing: no rule puts the offer forward in "${where}", and it is no fallback there; ` +
          'take the cap away, or name another placement',
      );
    const why = byAnotherCap(read, at) ?? byContactLimit(read[at], across);
    if (why !== undefined) warnings.add(file, cap.offset, `this cap can never be reached${why}`);
  }
}

function readLimit(node: SourceNode): ReadLimit | undefined {
  const written = writtenLimit(node);
  return written && { ...written, node, placement: node.get('placement')?.text };
}

function byAnotherCap(caps: readonly (ReadLimit | undefined)[], at: number): string | undefined {
  const cap = caps[at];
  const before = cap ? caps.findIndex((one, place) => place !== at && one && comesBefore(one, cap, place < at)) : -1;
  const other = caps[before];
  if (!cap || !other) return undefined;
  return (
    `${sinceWhen(other, cap)}: cap ${before + 1} of the offer, with a limit of ${other.limit}, ` +
    `is reached before it; take one of the two away${alsoHold(other, cap)}`
  );
}

/** Whether one cap is always reached before another, or with it: of two that are alike the first is. */
function comesBefore(other: ReadLimit, cap: ReadLimit, isFirst: boolean): boolean {
  const isSamePlace = other.placement === cap.placement;
  const covers = other.placement === undefined || isSamePlace;
  if (other.limit > cap.limit || !covers || !countsAll(other, cap)) return false;
  const isAlike = other.limit === cap.limit && isSamePlace && countsAll(cap, other);
  return isFirst || !isAlike;
}

/** Counters in total begin when a release first names them: one may be older than the other. */
function sinceWhen(other: ReadLimit, cap: ReadLimit): string {
  const isOneCounter = COUNTED_BY.every((name) => other.node.get(name)?.text === cap.node.get(name)?.text);
  return cap.isTotal && !isOneCounter ? ', once both have counted as long' : '';
}

const COUNTED_BY = ['within', 'timeZone', 'placement'] as const;

/** A decision holds its places as long as the longest hold says, whichever limit says it. */
function alsoHold(other: ReadLimit, cap: ReadLimit): string {
  const hold = cap.node.get('hold')?.text;
  return hold !== undefined && cap.holdMs > other.holdMs ? `, and keep "hold": "${hold}", which counts for both` : '';
}

/** A contact limit, and what it is called. */
interface AcrossOffers extends ReadLimit {
  readonly called: string;
}

function acrossOf({ at, node }: PolicyPart): AcrossOffers[] {
  const read = readLimit(node);
  const name = node.get('name')?.text;
  const called = `the contact limit ${name === undefined ? '' : `"${name}" `}(${at} of policies/contact)`;
  return read ? [{ ...read, called }] : [];
}

function byContactLimit(cap: ReadLimit | undefined, across: readonly AcrossOffers[]): string | undefined {
  const first = cap && across.find((one) => one.limit <= cap.limit && countsAll(one, cap));
  if (!cap || !first) return undefined;
  return (
    `: ${first.called}, which counts other offers too, lets through ${first.limit} and is reached ` +
    `${first.limit < cap.limit ? 'before it' : 'no later'}; take the cap away, or raise the contact limit` +
    alsoHold(first, cap)
  );
}
