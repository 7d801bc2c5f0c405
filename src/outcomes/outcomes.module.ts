import { Module } from '@nestjs/common';
import { LimitsModule } from '../limits/limits.module.js';
import { TrackingModule } from '../tracking/tracking.module.js';
import { FirstOffers } from './first-offers.js';
import { JudgeOutcome } from './judge-outcome.js';
import { OutcomeCounters } from './outcome-counters.js';
import { OutcomeDoor } from './outcome-door.js';
import { OutcomesController } from './outcomes.controller.js';

/** The room of what becomes of decisions. */
@Module({
  imports: [LimitsModule, TrackingModule],
  controllers: [OutcomesController],
  providers: [FirstOffers, JudgeOutcome, OutcomeCounters, OutcomeDoor],
})
export class OutcomesModule {}
