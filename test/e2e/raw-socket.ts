import { connect } from 'node:net';

/**
 * Writes bytes as they are and gives all that came back until the other side hung up, or said nothing more for a while.
 */
export function sendRaw(url: string, bytes: string | Buffer, quietMs = 300): Promise<string> {
  return new Promise((resolve) => {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    let reply = '';
    const finish = () => {
      socket.destroy();
      resolve(reply);
    };
    socket.setTimeout(quietMs, finish);
    socket.on('data', (chunk: Buffer) => (reply += chunk.toString('latin1')));
    socket.on('end', finish);
    // Being hung up on is an answer too.
    socket.on('error', finish);
    socket.write(bytes);
  });
}
