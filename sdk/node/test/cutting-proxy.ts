import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** Stands before a service and passes bytes on, until it cuts all connections. Whoever starts it stops it. */
export class CuttingProxy {
  /** How many connections came. */
  connections = 0;
  /** Of the next connection nothing is passed on. */
  isFrozen = false;
  target: string;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();

  private constructor(target: string) {
    this.target = target;
    this.server = createServer((near) => {
      this.connections++;
      this.keep(near);
      if (this.isFrozen) {
        this.isFrozen = false;
        return;
      }
      const { hostname, port } = new URL(this.target);
      const far = connect(Number(port), hostname);
      this.keep(far);
      near.pipe(far).pipe(near);
      for (const socket of [near, far]) socket.once('close', () => [near, far].forEach((one) => one.destroy()));
    });
  }

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** In the middle of whatever was under way. */
  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
  }

  async stop(): Promise<void> {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    await once(this.server, 'close');
  }

  private keep(socket: Socket): void {
    this.sockets.add(socket.on('error', () => undefined));
    socket.once('close', () => this.sockets.delete(socket));
  }
}
