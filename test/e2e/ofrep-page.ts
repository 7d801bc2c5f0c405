import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import type { Site } from './browser.js';

const { resolve } = createRequire(import.meta.url);

const PROVIDER = dirname(resolve('@openfeature/ofrep-web-provider'));

/** The clients for pages, as npm has them, by the names that they are imported by. */
const MODULES: Readonly<Record<string, string>> = {
  '@openfeature/core': join(dirname(resolve('@openfeature/core')), '../esm/index.js'),
  '@openfeature/web-sdk': join(dirname(resolve('@openfeature/web-sdk')), '../esm/index.js'),
  '@openfeature/ofrep-core': join(PROVIDER, 'node_modules/@openfeature/ofrep-core/index.esm.js'),
  '@openfeature/ofrep-web-provider': join(PROVIDER, 'index.esm.js'),
};

/** A page that runs a script with the clients at hand. */
export async function pageOf(script: string): Promise<Site> {
  const imports = Object.fromEntries(Object.keys(MODULES).map((name) => [name, `/${name}.js`]));
  const modules = await Promise.all(
    Object.entries(MODULES).map(async ([name, file]) => [`/${name}.js`, await readFile(file)] as const),
  );
  const problem = `fetch('/problem', { method: 'POST', body: String(error.stack ?? error) })`;
  const content = `<!doctype html><script type="importmap">${JSON.stringify({ imports })}</script>
    <script type="module">const failed = (error) => ${problem};
      addEventListener('error', ({ error }) => failed(error));
      try { ${script} } catch (error) { failed(error); }</script>`;
  return {
    '/': { type: 'text/html', content },
    ...Object.fromEntries(modules.map(([path, file]) => [path, { type: 'text/javascript', content: file }])),
  };
}

/** What went by between a page and a service. */
export interface Passed {
  readonly method: string;
  readonly url: string;
  readonly status: number;
}

/** Stands between a page and a service: notes what is answered, and takes the reports of the page. */
export class Witness {
  readonly passed: Passed[] = [];
  readonly reports: unknown[] = [];
  private readonly server = createServer((request, response) => this.hear(request, response));

  private constructor(private readonly target: string) {}

  static async start(target: string): Promise<Witness> {
    const witness = new Witness(target);
    witness.server.listen(0, '127.0.0.1');
    await once(witness.server, 'listening');
    return witness;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many answers of a status there were to requests for an address. */
  count(path: RegExp, status: number): number {
    return this.passed.filter((one) => path.test(one.url) && one.status === status).length;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, 'close');
  }

  private hear(request: IncomingMessage, response: ServerResponse): void {
    if (request.url !== '/report') return this.pass(request, response);
    void request.toArray().then((pieces) => {
      this.reports.push(JSON.parse(Buffer.concat(pieces as Buffer[]).toString()));
      response.writeHead(200, { 'access-control-allow-origin': '*' }).end();
    });
  }

  private pass(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = request;
    const onward = ask(`${this.target}${url}`, { method, headers }, (answer) => {
      const status = answer.statusCode ?? 0;
      this.passed.push({ method, url, status });
      response.writeHead(status, answer.headers);
      answer.pipe(response);
      answer.once('error', () => response.destroy());
    });
    onward.once('error', () => response.destroy());
    response.once('close', () => onward.destroy());
    request.pipe(onward);
  }
}
