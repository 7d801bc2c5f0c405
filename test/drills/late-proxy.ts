import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Stands before a Redis as a long way does: each answer takes so long more. Whoever starts it stops it. */
export class LateProxy {
  /** From now on. */
  lateMs = 0;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(socketPath: string) {
    this.server = createServer((near) => {
      const far = connect(socketPath);
      for (const socket of [near, far]) {
        this.sockets.add(socket.on('error', () => undefined));
        socket.once('close', () => [near, far].forEach((one) => one.destroy()));
      }
      near.setNoDelay(true).pipe(far);
      let before: Promise<unknown> = Promise.resolve();
      far.on('data', (piece: Buffer) => {
        const late = sleep(this.lateMs);
        // None overtakes another, however late each is.
        before = before.then(() => late).then(() => near.writable && near.write(piece));
      });
    });
  }

  /** `redisUrl` is that of a unix socket. */
  static async start(redisUrl: string): Promise<LateProxy> {
    const proxy = new LateProxy(redisUrl.replace('unix://', ''));
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `redis://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }
}
