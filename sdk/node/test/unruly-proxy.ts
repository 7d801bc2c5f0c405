import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** What becomes of a request on its way. */
export type Fate =
  | 'passes'
  /** It never arrives. */
  | 'lost'
  /** It arrives, and the connection is reset before its answer. */
  | 'unanswered'
  /** Nothing more happens. */
  | 'silent'
  | { readonly lateMs: number }
  | { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly body: string;
  readonly headers: IncomingMessage['headers'];
}

/** Stands before a service as networks and busy services are. Whoever starts it stops it. */
export class UnrulyProxy {
  /** All that came, in order. */
  readonly seen: Seen[] = [];
  /** How many connections came. */
  connections = 0;
  /** Of the next requests; when it is empty, they pass. */
  fates: Fate[] = [];
  target: string;
  private readonly server: Server;

  private constructor(target: string) {
    this.target = target;
    this.server = createServer((incoming, outgoing) => {
      this.take(incoming, outgoing).catch(() => incoming.socket.destroy());
    });
    this.server.on('connection', () => this.connections++);
  }

  static async start(target: string): Promise<UnrulyProxy> {
    const proxy = new UnrulyProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    this.server.closeAllConnections();
    await once(this.server, 'close');
  }

  private async take(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const fate = this.fates.shift() ?? 'passes';
    const body = Buffer.concat(await incoming.toArray());
    const { method = '', url: path = '', headers } = incoming;
    this.seen.push({ method, path, body: body.toString(), headers });
    if (fate === 'silent') return;
    if (fate === 'lost') return void incoming.socket.resetAndDestroy();
    if (typeof fate === 'object' && 'status' in fate) {
      outgoing.writeHead(fate.status, fate.headers).end(fate.body ?? '');
      return;
    }
    const answer = await this.forward({ method, path, headers }, body);
    if (fate === 'unanswered') return void incoming.socket.resetAndDestroy();
    if (typeof fate === 'object') await sleep(fate.lateMs);
    outgoing.writeHead(answer.head.statusCode ?? 502, answer.head.headers).end(answer.body);
  }

  private async forward(
    { method, path, headers }: Omit<Seen, 'body'>,
    body: Buffer,
  ): Promise<{ readonly head: IncomingMessage; readonly body: Buffer }> {
    const { hostname, port } = new URL(this.target);
    const onward = request({ hostname, port, method, path, headers, agent: false });
    onward.end(body);
    const [head] = (await once(onward, 'response')) as [IncomingMessage];
    return { head, body: Buffer.concat(await head.toArray()) };
  }
}
