import { Injectable, type OnModuleInit } from '@nestjs/common';
import { VisitorsService } from '../visitors/visitors.service.js';
import { FirstOffers } from './first-offers.js';
import { OutcomeCounters } from './outcome-counters.js';

/** Has outcomes that come in by any door completed before they are read, and heard of when they are stored. */
@Injectable()
export class OutcomeDoor implements OnModuleInit {
  constructor(
    private readonly visitors: VisitorsService,
    private readonly firstOffers: FirstOffers,
    private readonly counters: OutcomeCounters,
  ) {}

  onModuleInit(): void {
    this.visitors.listenToOutcomes({
      complete: (events, visitorId) => this.firstOffers.complete(events, visitorId),
      hear: (events) => this.counters.hear(events),
    });
  }
}
