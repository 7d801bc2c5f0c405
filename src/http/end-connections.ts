import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/**
 * How long requests under way may take to end once the service is told to stop; `docker stop` kills after ten seconds.
 */
const GRACE_MS = 5_000;
const SWEEP_MS = 20;

/**
 * Takes no new connections from the moment the service is told to stop: what is under way may take a while to end, and
 * whoever comes meanwhile belongs to another process.
 */
@Injectable()
export class StopListening implements OnModuleDestroy {
  constructor(private readonly host: HttpAdapterHost) {}

  onModuleDestroy(): void {
    // A context without a server, such as a command has, has none to close.
    const { httpAdapter } = this.host as { readonly httpAdapter: HttpAdapterHost['httpAdapter'] | null };
    (httpAdapter?.getHttpServer() as Server | undefined)?.close();
  }
}

/**
 * Lets the service stop soon: from then on a connection ends as soon as nothing is under way on it. Otherwise clients
 * that keep theirs, or opened one ahead of need as browsers do, would hold the process for more than a minute.
 */
export function endConnectionsOnClose(app: NestFastifyApplication): void {
  const fastify = app.getHttpAdapter().getInstance();
  const { server } = fastify;
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  const sweep = (): void => {
    server.closeIdleConnections();
    // Those that never said anything are not idle to Node.
    for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy();
  };
  fastify.addHook('preClose', (done) => {
    const sweeping = setInterval(sweep, SWEEP_MS);
    const grace = setTimeout(() => server.closeAllConnections(), GRACE_MS);
    server.once('close', () => {
      clearInterval(sweeping);
      clearTimeout(grace);
    });
    done();
  });
}
