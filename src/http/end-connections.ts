import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Socket } from 'node:net';

/**
 * How long requests under way may take to end once the service is told to stop; `docker stop` kills after ten seconds.
 */
const GRACE_MS = 5_000;
const SWEEP_MS = 20;

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
