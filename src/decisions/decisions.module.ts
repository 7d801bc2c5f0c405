import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { Admission } from '../http/admission.js';
import { LoopClock } from '../http/loop-clock.js';
import { LearningModule } from '../learning/learning.module.js';
import { LimitsModule } from '../limits/limits.module.js';
import { BatchController } from './batch/batch.controller.js';
import { BatchPace } from './batch/batch-pace.js';
import { DecisionDoor, DESK_CHANNELS } from './decision-door.js';
import { DecisionRecorder } from './decision-recorder.js';
import { DecisionsController } from './decisions.controller.js';
import { BoundDecider, DEADLINE_MS, KnownOffers } from './bound-decider.js';
import { DecisionsService } from './decisions.service.js';
import { FallbackAnswers } from './fallback-answers.js';
import { InputRecorder, RECORD_SHARE } from './input-recorder.js';
import { RecordedController } from './recorded/recorded.controller.js';
import { ShadowComparer } from './shadow-comparer.js';
import { WarmUp } from './warm-up.js';

/** The room that decides. */
@Module({})
export class DecisionsModule {
  static register(config: Config): DynamicModule {
    return {
      module: DecisionsModule,
      global: true,
      imports: [LimitsModule, LearningModule],
      controllers: [DecisionsController, BatchController, RecordedController],
      providers: [
        ...[DecisionsService, BoundDecider, KnownOffers, DecisionRecorder, InputRecorder, ShadowComparer],
        ...[FallbackAnswers, LoopClock, BatchPace, DecisionDoor, WarmUp],
        {
          provide: Admission,
          useFactory: (clock: LoopClock) =>
            new Admission(clock, { most: config.maxInFlight, deadlineMs: config.deadlineMs }),
          inject: [LoopClock],
        },
        { provide: DEADLINE_MS, useValue: config.deadlineMs },
        { provide: DESK_CHANNELS, useValue: config.deskChannels },
        { provide: RECORD_SHARE, useValue: config.recordShare },
      ],
      exports: [BatchPace, DecisionDoor, DecisionsService, LimitsModule, LoopClock],
    };
  }
}
