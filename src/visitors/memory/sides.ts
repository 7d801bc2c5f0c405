/**
 * Of whom a person was joined: a side for each of those who became one, which goes on as if they had not been, and a
 * link for each join. Taken away again, a link parts the sides in two.
 */
import type { Millis } from '../../engine/language/millis.js';
import { isIdOf, type Ids } from './ids.js';
import type { MemoryEvent } from './memory-event.js';

/** That two sides were joined, by their ids. */
export interface Link {
  readonly a: string;
  readonly b: string;
  /** When what said so was received. */
  readonly at: Millis;
  /** Whose word it was; absent where another process began it and was cut off. */
  readonly by?: 'browser' | 'server';
}

/** The sides of a person, and how they were joined: no two of them in two ways. */
export interface Apart<S> {
  readonly sides: readonly S[];
  readonly links: readonly Link[];
}

/** What is asked of a side here: the id that it would be kept under, and those that came with it. */
interface Sided extends Ids {
  readonly id: string;
}

/** A person who is parted in two. */
export interface Cut<S> {
  readonly stays: Apart<S>;
  readonly leaves: Apart<S>;
}

/** The side that an id came with; undefined for an id of none. */
export function sideOf<S extends Sided>(sides: readonly S[], id: string): S | undefined {
  return sides.find((side) => side.id === id) ?? sides.find((side) => isIdOf(side, id));
}

/** The id of the side whose an event is: that of its user id, where it has one. `home` is for ids of no side. */
export function sideOfEvent<S extends Sided>(
  sides: readonly S[],
  { userId, anonymousId }: Pick<MemoryEvent, 'userId' | 'anonymousId'>,
  home: string,
): string {
  return sideOf(sides, userId ?? anonymousId ?? home)?.id ?? home;
}

/** The place among sides of the one that {@link sideOfEvent} tells; the first where it is none of them. */
export function sideNumberOf<S extends Sided>(
  sides: readonly S[],
  event: Pick<MemoryEvent, 'userId' | 'anonymousId'>,
  home: string,
): number {
  const of = sideOfEvent(sides, event, home);
  return Math.max(
    0,
    sides.findIndex((side) => side.id === of),
  );
}

/** What is known of either. Of two sides of one id `both` makes one; of two links the earlier stays. */
export function uniteApart<S extends Sided>(a: Apart<S>, b: Apart<S>, both: (a: S, b: S) => S): Apart<S> {
  const sides = new Map(a.sides.map((side) => [side.id, side]));
  for (const side of b.sides) {
    const twin = sides.get(side.id);
    sides.set(side.id, twin ? both(twin, side) : side);
  }
  const links = [...a.links, ...b.links].sort(byTime);
  return { sides: [...sides.values()], links: links.reduce<readonly Link[]>(withLink, []) };
}

/** Who is joined to whom. */
interface Joining {
  /** What those are kept under who become one, or were; `home` is where all of them are to be. */
  readonly homes: ReadonlySet<string>;
  readonly home: string;
  readonly events: readonly MemoryEvent[];
  readonly now: Millis;
}

/**
 * With links between those whom an event names together, and from `home` to those whom none does. Whoever comes along
 * is joined as a whole, by what they were kept under, to that side of the others which the event names.
 */
export function linkSides<S extends Sided>(
  { sides, links }: Apart<S>,
  { homes, home, events, now }: Joining,
): Apart<S> {
  let all = links;
  const whole = (id: string) => {
    const joined = reached(all, id);
    return joined.has(home) ? id : ([...joined].find((one) => homes.has(one)) ?? id);
  };
  for (const event of events) {
    const { userId, anonymousId, arrival, by = 'server' } = event;
    const named = [userId, anonymousId, event.kind === 'alias' ? event.previousId : undefined];
    const [a, ...others] = named.flatMap((id) => (id === undefined ? [] : (sideOf(sides, id)?.id ?? [])));
    if (a !== undefined)
      for (const b of others) all = withLink(all, { a: whole(a), b: whole(b), at: Math.floor(arrival / 1_000), by });
  }
  for (const { id } of sides) all = withLink(all, { a: home, b: whole(id), at: now });
  return { sides, links: all };
}

/**
 * Takes away the link by which the side of an id came to `home`; undefined where it came by none. With a side goes what
 * was joined to it.
 */
export function cut<S extends Sided>({ sides, links }: Apart<S>, home: string, id: string): Cut<S> | undefined {
  const side = sideOf(sides, id);
  if (!side || side.id === home) return undefined;
  const link = links.find((one) => isOf(one, side.id) && !reached(without(links, one), home).has(side.id));
  const left = link ? without(links, link) : links;
  const leaving = reached(left, side.id);
  const part = (isPart: (id: string) => boolean): Apart<S> => ({
    sides: sides.filter((one) => isPart(one.id)),
    links: left.filter(({ a }) => isPart(a)),
  });
  return { stays: part((one) => !leaving.has(one)), leaves: part((one) => leaving.has(one)) };
}

/** The sides of a link as one, which can't be parted any more: the one nearer to `home`, with the other in it. */
export function fuse<S extends Sided>(
  { sides, links }: Apart<S>,
  link: Link,
  home: string,
  both: (a: S, b: S) => S,
): Apart<S> {
  const left = without(links, link);
  const [near, far] = reached(left, home).has(link.b) ? [link.b, link.a] : [link.a, link.b];
  const other = sides.find(({ id }) => id === far);
  const fused = (side: S) => (side.id === near && other ? both(side, other) : side);
  const renamed = (id: string) => (id === far ? near : id);
  return {
    sides: sides.filter(({ id }) => id !== far).map(fused),
    links: left.map((one) => ({ ...one, a: renamed(one.a), b: renamed(one.b) })),
  };
}

/** The earliest first. */
export function byTime(x: Link, y: Link): number {
  const key = ({ a, b, by }: Link) => JSON.stringify([[a, b].sort(), by]);
  return x.at - y.at || (key(x) < key(y) ? -1 : Number(key(x) > key(y)));
}

/** A link between sides that are joined already says nothing. */
function withLink(links: readonly Link[], link: Link): readonly Link[] {
  return link.a === link.b || reached(links, link.a).has(link.b) ? links : [...links, link];
}

function without(links: readonly Link[], link: Link): readonly Link[] {
  return links.filter((one) => one !== link);
}

function isOf({ a, b }: Link, id: string): boolean {
  return a === id || b === id;
}

/** The ids of all sides that are joined to one, its own included. */
function reached(links: readonly Link[], from: string): ReadonlySet<string> {
  const found = new Set([from]);
  for (const id of found) for (const { a, b } of links) if (a === id || b === id) found.add(a === id ? b : a);
  return found;
}
