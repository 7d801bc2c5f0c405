import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type * as config from '../../src/config.js';
import type { DecisionAnswer } from '../../src/decisions/decision-answer.js';
import type * as main from '../../src/main.js';
import type { VisitorProfile } from '../../src/visitors/profile/visitor-profile.js';
import { PATIENT_SETTINGS, startRedis, type RedisServer } from '../redis-server.js';
import { importBuilt } from './built.js';
import { DescribedAnswers, type DescribedApi } from './described-answers.js';
import { writeShop } from './shop.js';

/** What a service is started with. */
export interface ServiceOptions {
  readonly store: 'SQLite' | 'Redis';
  /** Settings as in the environment; the rules are {@link writeShop}'s unless `USHER_RULES` says otherwise. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Rule files go live as they are saved. */
  readonly watch?: boolean;
  /** Redis keeps what it has over a kill. */
  readonly appendOnly?: boolean;
  /** The service finds its Redis dead when it starts. */
  readonly startsWithoutRedis?: boolean;
}

/** An answer over HTTP, its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: unknown;
}

/** What services say of their answers, by their settings: the same on both stores, and long in the making. */
const descriptions = new Map<string, DescribedAnswers>();

/** A whole service, as it is shipped, in this process, on a store of its own, spoken to over HTTP alone. */
export class Service {
  private readonly options: ServiceOptions;
  private folder = '';
  private running: main.RunningService | undefined;
  private server: RedisServer | undefined;

  constructor(options: ServiceOptions) {
    this.options = options;
  }

  get url(): string {
    if (!this.running) throw new Error('the service is not running');
    return this.running.url;
  }

  get store(): ServiceOptions['store'] {
    return this.options.store;
  }

  /** The private Redis of a service on Redis. */
  get redis(): RedisServer {
    if (!this.server) throw new Error('the service runs on SQLite');
    return this.server;
  }

  /** Where a service on SQLite keeps everything. */
  get databaseFile(): string {
    return join(this.folder, 'data', 'usher.db');
  }

  /** The folder of its rule files. */
  get rulesDir(): string {
    return join(this.folder, 'rules');
  }

  async start(): Promise<void> {
    this.folder = await mkdtemp(join(tmpdir(), 'usher-e2e-'));
    await mkdir(join(this.folder, 'data'));
    await writeShop(join(this.folder, 'rules'));
    const { store, appendOnly = false, startsWithoutRedis = false } = this.options;
    if (store === 'Redis') this.server = await startRedis({ appendOnly });
    if (startsWithoutRedis) await this.server?.kill();
    await this.boot();
  }

  /** The process goes and another comes, on the same store. */
  async restart(): Promise<void> {
    await this.halt();
    await this.boot();
  }

  async halt(): Promise<void> {
    await this.running?.close();
    this.running = undefined;
  }

  async boot(): Promise<void> {
    const settings = {
      ...{
        PORT: '0',
        USHER_LOG_LEVEL: 'error',
        USHER_DATA: join(this.folder, 'data'),
        USHER_RULES: join(this.folder, 'rules'),
      },
      ...PATIENT_SETTINGS,
      ...(this.server && { REDIS_URL: this.server.url }),
      ...this.options.settings,
    };
    const { readConfig } = await importBuilt<typeof config>('./config.js');
    const { boot } = await importBuilt<typeof main>('./main.js');
    this.running = await boot(readConfig(settings), { watch: this.options.watch ?? false });
  }

  async stop(): Promise<void> {
    await this.halt();
    await this.server?.stop();
    await rm(this.folder, { recursive: true, force: true });
  }

  async send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await fetch(`${this.url}${path}`, { method, ...init });
    const text = await response.text();
    const answer = { status: response.status, headers: response.headers, text, body: parsed(text) };
    if (!path.startsWith('/docs')) (await this.description()).check({ method, path }, answer);
    return answer;
  }

  /** What the service says of its answers: each is held against it. */
  private async description(): Promise<DescribedAnswers> {
    const settings = JSON.stringify(this.options.settings ?? {});
    const known = descriptions.get(settings) ?? new DescribedAnswers(await this.describedApi());
    descriptions.set(settings, known);
    return known;
  }

  private async describedApi(): Promise<DescribedApi> {
    return (await (await fetch(`${this.url}/docs-json`)).json()) as DescribedApi;
  }

  /** Posts a value as JSON; a text goes as it is. */
  post(path: string, body: unknown, type = 'application/json'): Promise<Answer> {
    return this.send('POST', path, {
      body: typeof body === 'string' ? body : JSON.stringify(body),
      headers: { 'content-type': type },
    });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  patchTraits(id: string, traits: unknown): Promise<Answer> {
    return this.send('PATCH', `/v1/visitors/${encodeURIComponent(id)}/traits`, {
      body: JSON.stringify(traits),
      headers: { 'content-type': 'application/json' },
    });
  }

  /** The decision on a request that is in order. */
  async decide(request: object): Promise<DecisionAnswer> {
    return this.good(await this.post('/v1/decisions', request)) as DecisionAnswer;
  }

  /** The offers decided for the first placement of a request. */
  async offers(request: object): Promise<string[]> {
    const { decisions } = await this.decide(request);
    return decisions[0]?.items.map(({ offer }) => offer) ?? [];
  }

  /** Events that are all in order, in one batch. */
  async tell(...batch: object[]): Promise<unknown> {
    return this.good(await this.post('/v1/batch', { batch }));
  }

  /** A person who is known. */
  async visitor(id: string): Promise<VisitorProfile> {
    return this.good(await this.get(`/v1/visitors/${encodeURIComponent(id)}`)) as VisitorProfile;
  }

  private good({ status, text, body }: Answer): unknown {
    if (status !== 200) throw new Error(`answered ${status}: ${text}`);
    return body;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
