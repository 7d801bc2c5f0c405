import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { slotStyle } from '../../sdk/browser/src/slot-style.js';
import type { VisitorProfile } from '../../src/visitors/profile/visitor-profile.js';
import { BuiltCli, type StartedService } from './built-cli.js';

/** The keys of the service that pages here ask. */
const KEYS = { browser: 'browser-key-0123456789', server: 'server-key-0123456789', desk: 'desk-key-0123456789' };

/** Longer than any machine takes: a page that is to have its answer in time is not hurried. */
export const PATIENT_MS = 60_000;

/** A page: what it is, and with which headers it is answered. */
export interface SitePage {
  readonly html: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const offer = (title: string, more: object = {}) => ({
  name: title,
  treatments: {
    '*': {
      content: { title, image: '/camera.png' },
      actions: [{ type: 'link', label: 'Look', url: '/next?from=offer' }],
    },
  },
  ...more,
});
const rule = (id: string, placements: readonly string[], priority: number) => ({
  ...{ name: `Puts ${id} forward`, placements, priority, conditions: { all: [] } },
  event: { type: 'offer', params: { offer: id } },
});

const RULES: Readonly<Record<string, object>> = {
  'placements/hero': { name: 'Hero', channel: 'web', count: 1, fallback: 'welcome' },
  'placements/aside': { name: 'Aside', channel: 'web', count: 1 },
  'placements/cards': { name: 'Cards', channel: 'web', count: 2 },
  'placements/nasty': { name: 'Nasty', channel: 'web', count: 1 },
  'placements/capped': { name: 'Capped', channel: 'web', count: 1, fallback: 'welcome' },
  'placements/desk.next-best': { name: 'What to say next', channel: 'call-centre', count: 1 },
  'offers/welcome': offer('Welcome', { transactional: true }),
  'offers/camera': offer('Camera', { group: 'cameras' }),
  'offers/camera-plus': offer('Camera with a battery', { group: 'cameras' }),
  'offers/bike': offer('Bike'),
  'offers/rare': offer('Rare', { caps: [{ event: 'shown', limit: 3, per: 'visitor', within: '7d' }] }),
  'offers/nasty': {
    name: 'Nasty',
    treatments: {
      '*': {
        content: {
          title: '<img src=x onerror="window.ran=1"><script>window.ran=2</script>',
          data: 'data:text/html,<script>parent.ran=3</script>',
          odd: { toString: 'x' },
        },
        actions: [{ type: 'link', label: 'x', url: ' java\nscript:window.ran=4' }],
      },
    },
  },
  'proactive/camera': rule('camera', ['hero', 'cards'], 10),
  'proactive/camera-plus': rule('camera-plus', ['desk.next-best'], 10),
  'policies/contact': { name: 'Left alone', suppression: [{ after: 'accepted', for: '30d', group: '30d' }] },
  'proactive/bike': rule('bike', ['cards'], 5),
  'proactive/rare': rule('rare', ['capped'], 10),
  'proactive/nasty': rule('nasty', ['nasty'], 10),
};

/** A service with the key of pages, in a process of its own, and a site on another origin whose pages ask it. */
export class KitSite {
  readonly pages = new Map<string, SitePage>();

  private constructor(
    private readonly cli: BuiltCli,
    readonly service: StartedService,
    private readonly server: Server,
  ) {}

  /** With the rules of a folder, or a few of its own. */
  static async start({ rules: given }: { readonly rules?: string } = {}): Promise<KitSite> {
    const cli = await BuiltCli.open();
    const rules = given ?? join(cli.folder, 'kit-rules');
    for (const [path, definition] of Object.entries(given === undefined ? RULES : {})) {
      await mkdir(dirname(join(rules, path)), { recursive: true });
      await writeFile(join(rules, `${path}.json`), JSON.stringify(definition));
    }
    const service = await cli.start({
      USHER_KEYS: `browser:${KEYS.browser},server:${KEYS.server},desk:${KEYS.desk}`,
      ...{ USHER_RULES: rules, USHER_DATA: join(cli.folder, 'data'), USHER_DEADLINE_MS: '10000' },
    });
    const server = createServer((request, response) => {
      const { html, headers = {} } = site.pages.get(request.url?.split('?')[0] ?? '') ?? { html: 'nothing' };
      const type = request.url?.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
      response.writeHead(200, { 'content-type': type, ...headers }).end(html);
    });
    const site = new KitSite(cli, service, server);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return site;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await this.service.stop();
    await this.cli.remove();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The two lines that a page has in its head, with whatever else is said of the kit. */
  head(attributes = '', { timeoutMs = PATIENT_MS, nonce = '' } = {}): string {
    return (
      `<!doctype html><title>Shop</title><style${nonce && ` nonce="${nonce}"`}>${slotStyle(timeoutMs)}</style>` +
      `<script async src="${this.service.url}/sdk/usher.js" data-key="${KEYS.browser}" ` +
      `data-timeout="${timeoutMs}" ${attributes}></script>`
    );
  }

  get browserKey(): string {
    return KEYS.browser;
  }

  get serverKey(): string {
    return KEYS.server;
  }

  /** Decides as a server does that renders pages. */
  async decide(visitorId: string, ...placements: readonly string[]): Promise<unknown> {
    const response = await fetch(`${this.service.url}/v1/decisions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${KEYS.server}`, 'content-type': 'application/json' },
      body: JSON.stringify({ visitorId, placements, channel: 'web' }),
    });
    if (response.status !== 200) throw new Error(await response.text());
    return response.json();
  }

  /** What the program of a desk is answered. */
  async atDesk(path: string, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${this.service.url}${path}`, {
      ...(body && { method: 'POST', body: JSON.stringify(body) }),
      headers: { authorization: `Bearer ${KEYS.desk}`, ...(body && { 'content-type': 'application/json' }) },
    });
    if (response.status !== 200) throw new Error(await response.text());
    return (await response.json()) as Record<string, unknown>;
  }

  /** What is known of a person; nothing of a stranger. */
  async visitor(id: string): Promise<Partial<VisitorProfile>> {
    const headers = { authorization: `Bearer ${KEYS.server}` };
    const response = await fetch(`${this.service.url}/v1/visitors/${encodeURIComponent(id)}`, { headers });
    return response.status === 404 ? {} : ((await response.json()) as VisitorProfile);
  }

  /** How often a person did what, as the service has heard and counted it. */
  async heard(id: string): Promise<Record<string, number>> {
    const { counters = {} } = await this.visitor(id);
    return Object.fromEntries(Object.entries(counters).map(([event, { count }]) => [event, count]));
  }
}
