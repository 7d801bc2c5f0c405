import { itemsIn, type Answer, type DecidedItem } from './decision.js';

/** A placement, and how many items of it are wanted where that is said. */
export interface Asked {
  readonly id: string;
  readonly count?: number | undefined;
}

/** Asks for what is decided, each placement once; all that is asked for in one go in one request. */
export type Asking = readonly [
  /** Never rejects: nothing where nothing can be had. */
  ask: (id: string, count?: number) => Promise<readonly DecidedItem[]>,
  knows: (id: string) => boolean,
  /** What a server has asked for already. */
  learn: (answer: Answer) => void,
  /** All is to be decided anew. */
  forget: () => void,
];

/** Asks by `request`. */
export function openAsking(request: (placements: readonly Asked[]) => Promise<Answer>): Asking {
  const known = new Map<string, Promise<readonly DecidedItem[]>>();
  let wanted: Asked[] = [];
  let answer: Promise<Map<string, readonly DecidedItem[]>> | undefined;
  const askAnew = async (id: string, count?: number): Promise<readonly DecidedItem[]> => {
    wanted.push({ id, count: count || undefined });
    try {
      answer ??= Promise.resolve().then(() => {
        const placements = wanted;
        answer = undefined;
        wanted = [];
        return request(placements).then(itemsIn);
      });
      return (await answer).get(id) ?? [];
    } catch (problem) {
      console.warn('usher', problem);
      // Whoever asks later may have more luck.
      known.delete(id);
      return [];
    }
  };
  return [
    (id, count) => {
      const items = known.get(id) ?? askAnew(id, count);
      known.set(id, items);
      return items;
    },
    (id) => known.has(id),
    (given) => itemsIn(given).forEach((items, id) => known.set(id, Promise.resolve(items))),
    () => known.clear(),
  ];
}
