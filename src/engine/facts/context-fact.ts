import { plainFact } from './fact-declaration.js';

/** `context`: what the request says, with the channel and the placement that it is decided for. */
export const contextFact = plainFact({
  name: 'context',
  hint: 'what the request says, with `channel` and `placement`; reach inside with "path"',
  source: 'request',
  readsVisitor: false,
  scoped: true,
  cost: 2,
  shape: {
    kind: 'object',
    examples: ['.device', '.channel', '.placement', '.locale', '.url'],
    parts: {
      channel: { kind: 'anything', settledBy: 'channel', examples: [] },
      placement: { kind: 'anything', settledBy: 'placement', examples: [] },
    },
  },
  compile:
    () =>
    ({ context, channel: asked, placement }) => ({
      ...context,
      ...channelEntry(asked ?? placement?.channel),
      ...(placement && { placement: placement.id }),
    }),
  takesIn: ['channel', 'device', 'language', 'locale', 'page', 'query', 'referrer', 'url', 'userAgent'],
});

function channelEntry(channel: string | undefined): { channel?: string } {
  return channel === undefined ? {} : { channel };
}
