import { Injectable } from '@nestjs/common';
import { RulebookService } from '../serving/rulebook.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { newId } from '../visitors/writing/new-id.js';
import { decisionsText } from './answer-text.js';
import { withDeadline } from './deadline.js';
import { decideSafely } from './decide-safely.js';
import { MAX_PLACEMENTS, readDecisionRequest } from './decision-request.js';

/** So long at most for a store that does not answer: the service starts all the same. */
const STORE_MS = 1_000;

/** Nothing of it is told: whoever asks first will hear it. */
const DEAF = { corrupt: () => undefined, overBudget: () => undefined, unexpected: () => undefined };

/**
 * Makes one decision before anybody asks, about a made-up person, and keeps, writes and counts nothing of it. What is
 * done for the first time takes some 100 ms, more than the deadline: the first caller would be met as a stranger.
 */
@Injectable()
export class WarmUp {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly rulebooks: RulebookService,
  ) {}

  /** Never rejects. */
  async run(): Promise<void> {
    await withDeadline(this.decideOnce(), STORE_MS);
  }

  private async decideOnce(): Promise<void> {
    const rulebook = this.rulebooks.serving().live;
    const visitorId = `warm-up-${newId()}`;
    const request = readDecisionRequest({
      visitorId,
      placements: [...rulebook.placements.keys()].slice(0, MAX_PLACEMENTS),
      events: [{ type: 'track', event: 'Warm Up', messageId: visitorId }],
    });
    const read = this.visitors.normalise(request.events, visitorId);
    const events = read.flatMap((one) => ('event' in one ? [one.event] : []));
    const { view } = await this.visitors.viewAfter(visitorId, events);
    decisionsText(decideSafely({ request, visitor: view, rulebook, now: Date.now() }, DEAF).decisions);
  }
}
