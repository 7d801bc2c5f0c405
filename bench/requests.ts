import type { Person } from './people.ts';
import { between, pick, seeded } from './random.ts';
import { CONTEXT_NUMBERS, PLACEMENTS } from './rule-folder.ts';

/** An answer of the service, as far as it is looked at here. */
export interface Answer {
  readonly served: string;
  readonly decisions: readonly { readonly reason: string; readonly items: readonly unknown[] }[];
}

const SAMPLE = 200;

/** One request per visitor: the home page of the example business, or two of the generated placements. */
export function requestBodies(people: readonly Person[], generated: boolean): string[] {
  const random = seeded(3);
  return people.map(({ id }) => {
    const [first, second] = [between(0, PLACEMENTS.length, random), between(1, PLACEMENTS.length, random)];
    const placements = generated
      ? [PLACEMENTS[first], PLACEMENTS[(first + second) % PLACEMENTS.length]]
      : ['home.hero', { id: 'home.cards', count: 3 }];
    const numbers = Object.fromEntries(CONTEXT_NUMBERS.map((name) => [name, between(0, 1_000, random)]));
    const context = {
      url: 'https://hearthway.example/',
      device: pick(['mobile', 'desktop'], random),
      locale: 'en-GB',
      ...(generated && numbers),
    };
    return JSON.stringify({ visitorId: id, placements, channel: 'web', context });
  });
}

/** Asks for some decisions; gives the answer of the size in the middle, and what share of placements a rule decided. */
export async function typicalAnswer(
  url: string,
  bodies: readonly string[],
): Promise<{ answer: Answer; matchedShare: number }> {
  const texts: string[] = [];
  for (const body of bodies.slice(0, SAMPLE)) texts.push(await ask(url, body));
  const answers = texts.sort((a, b) => a.length - b.length).map((text) => JSON.parse(text) as Answer);
  const answer = answers[Math.floor(answers.length / 2)];
  if (!answer || answers.some(({ served }) => served !== 'full')) throw new Error('Usher does not know the visitors');
  const reasons = answers.flatMap(({ decisions }) => decisions.map(({ reason }) => reason));
  return { answer, matchedShare: reasons.filter((reason) => reason === 'TARGETING_MATCH').length / reasons.length };
}

/** The text of one answer. */
export async function ask(url: string, body: string): Promise<string> {
  const response = await fetch(`${url}/v1/decisions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${text}`);
  return text;
}
