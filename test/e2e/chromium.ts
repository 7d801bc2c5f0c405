import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { until } from '../until.js';
import { browserCommand, QUIET } from './browser.js';

/** An answer of the DevTools protocol, or one of its events. */
interface Message {
  readonly id?: number;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A real headless Chromium, spoken to by the DevTools protocol over a pipe. */
export class Chromium {
  private readonly waiting = new Map<number, PromiseWithResolvers<Record<string, unknown>>>();
  private lastId = 0;

  private constructor(
    private readonly process: ChildProcess,
    private readonly profile: string,
  ) {
    let rest = '';
    (this.process.stdio[4] as Readable).on('data', (chunk: Buffer) => {
      const whole = (rest + chunk.toString()).split('\0');
      rest = whole.pop() ?? '';
      for (const text of whole) this.hear(JSON.parse(text) as Message);
    });
  }

  static async start(): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'usher-chromium-'));
    const options = ['--headless', '--no-sandbox', ...QUIET, '--remote-debugging-pipe', `--user-data-dir=${profile}`];
    const browser = spawn(browserCommand(), [...options, 'about:blank'], {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    const started = new Chromium(browser, profile);
    await started.send('Browser.getVersion');
    return started;
  }

  async stop(): Promise<void> {
    const gone = once(this.process, 'exit');
    this.process.kill('SIGKILL');
    await gone;
    await rm(this.profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  }

  /** A tab with storage of its own, as of a person who was never here; what `before` says runs before any page does. */
  async newTab(before = ''): Promise<Tab> {
    const { browserContextId } = await this.send('Target.createBrowserContext');
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const tab = new Tab(this, sessionId as string);
    for (const domain of ['Page', 'Network', 'Runtime']) await tab.send(`${domain}.enable`);
    await tab.send('Page.addScriptToEvaluateOnNewDocument', { source: `${REMEMBER_ERRORS};${before}` });
    return tab;
  }

  send(method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> {
    const id = ++this.lastId;
    const answer = Promise.withResolvers<Record<string, unknown>>();
    this.waiting.set(id, answer);
    (this.process.stdio[3] as Writable).write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return answer.promise;
  }

  private hear({ id = 0, result = {}, error }: Message): void {
    const answer = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) answer?.reject(new Error(error.message));
    else answer?.resolve(result);
  }
}

const REMEMBER_ERRORS =
  'window.errors=[];addEventListener("error",(e)=>errors.push(e.message));' +
  'addEventListener("unhandledrejection",(e)=>errors.push(String(e.reason)))';

/** A tab of it. */
export class Tab {
  constructor(
    private readonly browser: Chromium,
    private readonly sessionId: string,
  ) {}

  send(method: string, params: object = {}): Promise<Record<string, unknown>> {
    return this.browser.send(method, params, this.sessionId);
  }

  /** Begins to load a page; what it becomes is to be waited for. */
  async goTo(url: string): Promise<void> {
    await this.send('Page.navigate', { url });
  }

  /** What an expression is in the page, perhaps when it is settled. */
  async read<Value>(expression: string): Promise<Value> {
    const asked = { expression, awaitPromise: true, returnByValue: true, userGesture: true };
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', asked);
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { readonly value: Value }).value;
  }

  /** Waits until an expression holds in the page, whichever stands there by then. */
  async waitFor(expression: string): Promise<void> {
    await until(expression, () => this.read<boolean>(`!!(${expression})`), { everyMs: 20 });
  }

  /** Whether there is a network. */
  async goOnline(isOnline: boolean): Promise<void> {
    const unlimited = { latency: 0, downloadThroughput: -1, uploadThroughput: -1 };
    await this.send('Network.emulateNetworkConditions', { offline: !isOnline, ...unlimited });
  }
}
