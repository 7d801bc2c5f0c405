import { sendFile, type Destination, type SendOptions } from './rows/send-file.js';

const EVENTS: Destination = {
  kind: 'events',
  countsFrom: 0,
  // The Segment API takes 500 KB; this leaves room for what goes around the events.
  limits: { maxItems: 500, maxBytes: 450 * 1024 },
  post: (client, { texts }) =>
    client.post({ path: '/v1/batch', body: `{"batch":[${texts.join(',')}]}`, repeatable: true }),
};

/** `usher track FILE`: the events of a file. */
export function trackEvents(file: string, options: SendOptions, print: (text: string) => void): Promise<number> {
  return sendFile(file, EVENTS, options, print);
}
