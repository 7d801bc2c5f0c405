import { sendFile, type Destination, type SendOptions } from './rows/send-file.js';

const VISITORS: Destination = {
  kind: 'visitors',
  countsFrom: 1,
  // A line may be the history of a whole life, and the service reads line by line.
  limits: { maxItems: 1000, maxBytes: 8 * 1024 * 1024 },
  post: (client, { texts }) =>
    client.post({
      path: '/v1/visitors/import',
      body: `${texts.join('\n')}\n`,
      type: 'application/x-ndjson',
      repeatable: true,
    }),
};

/** `usher import FILE`: visitors from another system, with their traits, consents and histories. */
export function importVisitors(file: string, options: SendOptions, print: (text: string) => void): Promise<number> {
  return sendFile(file, VISITORS, options, print);
}
