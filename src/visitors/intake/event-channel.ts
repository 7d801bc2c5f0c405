import { nameIn } from '../../doors/read-name.js';
import type { JsonObject } from '../../engine/language/json.js';
import type { InteractionEvent } from '../memory/memory-event.js';
import type { RequestChannel } from './request-channel.js';

/**
 * The channel where the request has a word in it. Not before the message id is made: an event that is sent again at
 * another door, or with another key, is the same one.
 */
export function channelOfRequest(
  { channel, properties }: Pick<InteractionEvent, 'channel' | 'properties'>,
  context: JsonObject,
  request: RequestChannel | undefined,
): { readonly channel?: string } {
  if (!request || channelSaid(properties, context) !== undefined) return {};
  if (request.said !== undefined) return { channel: request.said };
  return channel === UNTOLD ? { channel: request.otherwise } : {};
}

const UNTOLD = 'server';

function channelSaid(properties: JsonObject, context: JsonObject): string | undefined {
  return nameIn(properties['channel']) ?? nameIn(context['channel']);
}

/** As the event says, or else by the kind of library that sent it. */
export function channelOf(type: string, properties: JsonObject, context: JsonObject): string {
  const said = channelSaid(properties, context);
  if (said !== undefined) return said;
  if (context['page'] !== undefined || typeof context['userAgent'] === 'string') return 'web';
  if (type === 'screen' || context['app'] !== undefined || context['device'] !== undefined) return 'app';
  return type === 'page' ? 'web' : UNTOLD;
}
