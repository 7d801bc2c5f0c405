import type { EventWords } from '../language/single-view-definition.js';

/** Whether an event is one of those that the words name. Capitals do not matter; spaces count as they are. */
export function eventMatcher(words: readonly EventWords[]): (event: string) => boolean {
  const whole = new Set(words.filter(({ afterAnyWords }) => !afterAnyWords).flatMap(namesOf));
  const endings = new Set(words.filter(({ afterAnyWords }) => afterAnyWords).flatMap(namesOf));
  const longest = [...endings].reduce((most, { length }) => Math.max(most, length), 0);
  return (event) => {
    const name = event.toLowerCase();
    return whole.has(name) || hasEnding(name, endings, longest);
  };
}

/** Every name that one entry of the list means, in small letters. */
export function namesOf({ names, followedBy }: EventWords): string[] {
  const all = followedBy ? names.flatMap((name) => followedBy.map((next) => `${name} ${next}`)) : names;
  return all.map((name) => name.toLowerCase());
}

/** Looks from the end at as much as the longest ending has, so that a long name of an event costs no more. */
function hasEnding(name: string, endings: ReadonlySet<string>, longest: number): boolean {
  for (let from = Math.max(0, name.length - longest); from < name.length; from++) {
    if ((from === 0 || /\s/.test(name.charAt(from - 1))) && endings.has(name.slice(from))) return true;
  }
  return false;
}
