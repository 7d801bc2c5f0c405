/** Rules that tell which release they are of, and a client of the routes of releases. */

/** What serves, as far as drills look at it. */
export interface Serving {
  readonly revision: number;
  readonly live?: number;
}

/** An answer of two placements, as far as drills look at it. */
export interface MarkedAnswer {
  readonly version: number;
  readonly served: string;
  /** What each placement shows: the mark of the release. */
  readonly titles: readonly string[];
}

/** The files of a release that shows its mark in two placements; `more` are besides. */
export function markedRules(mark: string, more: Readonly<Record<string, object>> = {}): Record<string, string> {
  const files: Readonly<Record<string, object>> = {
    'placements/first.json': { name: 'First', fallback: 'marked' },
    'placements/second.json': { name: 'Second' },
    'offers/marked.json': { name: 'Marked', treatments: { '*': { content: { title: mark } } } },
    'proactive/everybody.json': {
      name: 'Everybody',
      placements: ['second'],
      conditions: { all: [] },
      event: { type: 'offer', params: { offer: 'marked' } },
    },
    ...more,
  };
  return Object.fromEntries(Object.entries(files).map(([path, definition]) => [path, JSON.stringify(definition)]));
}

/** Publishes files; gives the version. */
export async function publish(
  url: string,
  files: Readonly<Record<string, string>>,
  message = 'drill',
): Promise<number> {
  return ((await send(url, 'POST', 'releases', { files, message })) as { version: number }).version;
}

/** Has a release serve. */
export async function activate(url: string, version: number, as: object = { as: 'live' }): Promise<void> {
  await send(url, 'POST', `releases/${version}/activate`, as);
}

/** Undoes the last activation. */
export async function rollback(url: string): Promise<void> {
  await send(url, 'POST', 'rollback', {});
}

/** What serves now. */
export async function rollout(url: string): Promise<Serving> {
  return (await send(url, 'GET', 'rollout')) as Serving;
}

/** Sends to a route of releases; throws what is answered where it is no success. */
export async function send(url: string, method: string, route: string, body?: object): Promise<unknown> {
  const init = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const response = await fetch(`${url}/v1/rulebook/${route}`, { method, ...init });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${method} ${route} answered ${response.status}: ${JSON.stringify(answer)}`);
  return answer;
}

/** Asks for both placements; throws what is answered where it is no success. */
export async function ask(url: string, visitorId: string): Promise<MarkedAnswer> {
  const response = await fetch(`${url}/v1/decisions`, {
    method: 'POST',
    body: JSON.stringify({ visitorId, placements: ['first', 'second'] }),
    headers: { 'content-type': 'application/json' },
  });
  const answer = (await response.json()) as {
    rulebook: { version: number };
    served: string;
    decisions: { items: { content: { title: string } }[] }[];
  };
  if (!response.ok) throw new Error(`answered ${response.status}: ${JSON.stringify(answer)}`);
  return {
    version: answer.rulebook.version,
    served: answer.served,
    titles: answer.decisions.map(({ items }) => items[0]?.content.title ?? ''),
  };
}
