import { CommandFailed } from '../../errors.js';
import { Client, type ClientOptions } from '../client.js';
import type { EventAnswer, ReleaseAnswer, RolloutAnswer } from './answers.js';

/** The options of every command about releases. */
export interface ReleaseOptions extends ClientOptions {
  readonly json?: boolean;
}

/** A large set of rules is checked in a process of low priority. */
const CHECK_TIMEOUT_MS = 600_000;

/** Asks a running service about releases. Failures are `CommandFailed`. */
export class ReleaseClient {
  private readonly client: Client;

  constructor(options: ClientOptions) {
    this.client = new Client(options);
  }

  get(path: string): Promise<unknown> {
    return this.client.get(`/v1/rulebook/${path}`);
  }

  post(path: string, body: object, { repeatable = false } = {}): Promise<unknown> {
    return this.client.post({
      path: `/v1/rulebook/${path}`,
      body: JSON.stringify(body),
      timeoutMs: CHECK_TIMEOUT_MS,
      repeatable,
    });
  }

  async rollout(): Promise<RolloutAnswer> {
    return (await this.get('rollout')) as RolloutAnswer;
  }

  async releases(limit: number): Promise<readonly ReleaseAnswer[]> {
    return this.pages(limit, async (page, next) => {
      const answer = (await this.get(`releases?limit=${page}${next === undefined ? '' : `&before=${next}`}`)) as {
        releases: ReleaseAnswer[];
        next?: number;
      };
      return { items: answer.releases, next: answer.next };
    });
  }

  async events(limit: number): Promise<readonly EventAnswer[]> {
    return this.pages(limit, async (page, next) => {
      const answer = (await this.get(`events?limit=${page}&skip=${next ?? 0}`)) as {
        events: EventAnswer[];
        next?: number;
      };
      return { items: answer.events, next: answer.next };
    });
  }

  private async pages<T>(
    limit: number,
    ask: (page: number, next: number | undefined) => Promise<{ items: readonly T[]; next: number | undefined }>,
  ): Promise<T[]> {
    const all: T[] = [];
    let next: number | undefined;
    do {
      const page = await ask(Math.min(limit - all.length, LARGEST_PAGE), next);
      all.push(...page.items);
      next = page.next;
    } while (next !== undefined && all.length < limit);
    return all;
  }
}

const LARGEST_PAGE = 200;

/** A whole number from 1 on. Throws `CommandFailed` that names what it is for. */
export function wholeNumber(text: string, what: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new CommandFailed(`${what} is a whole number such as 42, and "${text}" is none.`);
}

/** A version as an argument. Throws `CommandFailed` where it is none. */
export function versionOf(text: string): number {
  return wholeNumber(text, 'The version of a release');
}
