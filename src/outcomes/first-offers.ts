import { Injectable } from '@nestjs/common';
import { readId } from '../doors/read-id.js';
import { isObject } from '../engine/language/is-object.js';
import type { Json, JsonObject } from '../engine/language/json.js';
import { outcomeOf } from '../engine/visitor/outcome-events.js';
import { DecisionLog } from '../stores/decision-log.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { namedIn } from './named-in.js';

/** So many decisions of a person are looked through for one. */
const MOST_LOOKED_AT = 1_000;

/** Finds which offer an outcome is of that names only the decision and the placement: the first one there. */
@Injectable()
export class FirstOffers {
  constructor(
    private readonly log: DecisionLog,
    private readonly visitors: VisitorsService,
  ) {}

  /** The events as they came, each outcome with its offer where the log of decisions has it. */
  complete(events: readonly Json[], visitorId?: string): readonly Json[] | Promise<readonly Json[]> {
    if (!events.some(lacksOffer)) return events;
    return Promise.all(
      events.map((event) => (lacksOffer(event) ? this.completed(event, visitorId) : Promise.resolve(event))),
    );
  }

  private async completed(event: JsonObject, visitorId: string | undefined): Promise<Json> {
    const properties = event['properties'] as JsonObject;
    const offer = await this.find(properties, [event['userId'], event['anonymousId'], visitorId]);
    return offer === undefined ? event : { ...event, properties: { ...properties, offer } };
  }

  private async find({ decisionId, placement }: JsonObject, ids: readonly unknown[]): Promise<string | undefined> {
    const own = ids.flatMap((id) => idOf(id));
    const known = await Promise.all(own.map(async (id) => (await this.visitors.view(id)).view.ids));
    let looked = 0;
    for await (const page of this.log.about([...new Set([...own, ...known.flat()])])) {
      const found = page.find((one) => one.decisionId === decisionId);
      if (found) return found.placements.find((one) => one.placement === placement)?.items[0]?.offer;
      if ((looked += page.length) >= MOST_LOOKED_AT) return undefined;
    }
    return undefined;
  }
}

function lacksOffer(event: Json): event is JsonObject {
  if (!isObject(event) || typeof event['event'] !== 'string' || !outcomeOf(event['event'])) return false;
  const { properties } = event;
  if (!isObject(properties)) return false;
  const [offer, decisionId, placement] = ['offer', 'decisionId', 'placement'].map((name) => namedIn(properties, name));
  return offer === undefined && decisionId !== undefined && placement !== undefined;
}

function idOf(given: unknown): readonly string[] {
  const read = readId(given);
  return read && 'id' in read ? [read.id] : [];
}
