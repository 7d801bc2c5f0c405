import { once } from 'node:events';
import { connect } from 'node:net';

/** How long nothing more comes after the first words of an answer that leaves the connection open. */
const QUIET_MS = 300;

/** Writes bytes as they are and gives all that came back: nothing where the other side hung up without a word. */
export function sendRaw(url: string, bytes: string | Buffer): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(placeOf(url));
    let reply = '';
    const finish = () => {
      socket.destroy();
      resolve(reply);
    };
    socket.on('data', (chunk: Buffer) => {
      reply += chunk.toString('latin1');
      socket.setTimeout(QUIET_MS, finish);
    });
    socket.on('end', finish);
    // Being hung up on is an answer too.
    socket.on('error', finish);
    socket.write(bytes);
  });
}

/** Writes bytes as they are, and is gone once they are on their way. */
export async function sendAndLeave(url: string, bytes: string): Promise<void> {
  const socket = connect(placeOf(url));
  await once(socket, 'connect');
  await new Promise((resolve) => socket.write(bytes, resolve));
  socket.destroy();
}

function placeOf(url: string): { readonly host: string; readonly port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
