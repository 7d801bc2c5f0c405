import { Injectable, type OnModuleInit } from '@nestjs/common';
import { metrics } from '@opentelemetry/api';
import type { Contact } from '../engine/visitor/contacts.js';
import { outcomeOf } from '../engine/visitor/outcome-events.js';
import { TokenMaker } from '../limits/token-maker.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { contactIn, type OutcomeJudge } from '../visitors/intake/outcome-judge.js';
import type { InteractionEvent } from '../visitors/memory/memory-event.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { offersWithGoal } from './counted-offers.js';

/** Says which outcomes count: a server's word does, that of a page with the token of its item, for its person. */
@Injectable()
export class JudgeOutcome implements OutcomeJudge, OnModuleInit {
  private readonly outcomes = metrics
    .getMeter('usher')
    .createCounter('usher_outcomes', { description: 'Outcomes that came in and count' });
  private readonly unattributed = metrics
    .getMeter('usher')
    .createCounter('usher_outcomes_unattributed', { description: 'Outcomes that came in and do not count' });

  constructor(
    private readonly tokens: TokenMaker,
    private readonly rulebooks: RulebookService,
    private readonly visitors: VisitorsService,
  ) {}

  onModuleInit(): void {
    this.visitors.askAboutOutcomes({
      contactOf: (event) => this.contactOf(event),
      isGoal: (event) => this.isGoal(event),
    });
  }

  contactOf(event: InteractionEvent): Contact | undefined {
    const outcome = outcomeOf(event.event);
    if (!outcome) return undefined;
    const contact = contactIn(event);
    if (contact && (event.by !== 'browser' || this.isProven(event, contact))) {
      this.outcomes.add(1, { outcome });
      return contact;
    }
    this.unattributed.add(1, { why: contact ? 'no-token' : 'no-offer' });
    return undefined;
  }

  isGoal(event: string): boolean {
    return this.rulebooks.isServing && offersWithGoal(this.rulebooks.serving(), event).length > 0;
  }

  /** Made for the id that the decision was asked for, which is one of those that the event names. */
  private isProven({ properties, userId, anonymousId }: InteractionEvent, { offer, placement = '' }: Contact): boolean {
    const { token, decisionId } = properties;
    if (typeof decisionId !== 'string') return false;
    return [anonymousId, userId].some(
      (visitorId) => visitorId !== undefined && this.tokens.verify(token, { visitorId, decisionId, placement, offer }),
    );
  }
}
