import { sendFile, type Destination, type SendOptions } from './send-file.js';

const VISITORS: Destination = {
  kind: 'visitors',
  limits: { maxItems: 1000, maxBytes: 450 * 1024 },
  post: (client, { texts }) =>
    client.post({ path: '/v1/visitors/import', body: `${texts.join('\n')}\n`, type: 'application/x-ndjson', repeatable: true }),
};

/** `usher import FILE`: visitors and their traits from another system. */
export function importVisitors(file: string, options: SendOptions, print: (text: string) => void): Promise<number> {
  return sendFile(file, VISITORS, options, print);
}
