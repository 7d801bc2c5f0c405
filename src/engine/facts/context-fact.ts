import { pathOfNames } from '../match/path.js';
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
  compilePart: (names) => {
    // What stands beside what the request says comes before it.
    if (names[0] === undefined || names[0] === 'channel' || names[0] === 'placement') return undefined;
    const follow = pathOfNames(names);
    return ({ context }) => follow(context);
  },
  takesIn: ['channel', 'device', 'language', 'locale', 'page', 'query', 'referrer', 'url', 'userAgent'],
});

function channelEntry(channel: string | undefined): { channel?: string } {
  return channel === undefined ? {} : { channel };
}
