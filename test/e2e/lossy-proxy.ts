import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

const LOST_EVERY = 3;

/**
 * Stands between a client and a service as a bad network does: what is sent arrives, is answered, and every third
 * answer is lost on the way back.
 */
export class LossyProxy {
  /** How many answers to a POST got through, and how many did not. */
  readonly answers = { delivered: 0, lost: 0 };
  private count = 0;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {
    server.on('request', (incoming, outgoing) => {
      this.forward(incoming)
        .then(({ head, body }) => {
          if (this.isLost(incoming)) return incoming.socket.destroy();
          return outgoing.writeHead(head.statusCode ?? 502, head.headers).end(body);
        })
        .catch(() => incoming.socket.destroy());
    });
  }

  static async start(target: string): Promise<LossyProxy> {
    const server = createServer();
    const proxy = new LossyProxy(server, new URL(target));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
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

  private async forward(incoming: IncomingMessage): Promise<{ head: IncomingMessage; body: Buffer }> {
    const { hostname, port } = this.target;
    const { method, url, headers } = incoming;
    const outgoing = request({ hostname, port, method, path: url, headers });
    incoming.pipe(outgoing);
    const [head] = (await once(outgoing, 'response')) as [IncomingMessage];
    return { head, body: Buffer.concat(await head.toArray()) };
  }

  /** A client that can't read its settings gives up at once; they get through. */
  private isLost({ method }: IncomingMessage): boolean {
    if (method === 'GET') return false;
    const isLost = ++this.count % LOST_EVERY === 0;
    if (method === 'POST') this.answers[isLost ? 'lost' : 'delivered']++;
    return isLost;
  }
}
