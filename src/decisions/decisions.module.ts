import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { DecisionRecorder } from './decision-recorder.js';
import { DecisionsController } from './decisions.controller.js';
import { DEADLINE_MS, DecisionsService } from './decisions.service.js';

/** The room that decides. */
@Module({})
export class DecisionsModule {
  static register(config: Config): DynamicModule {
    return {
      module: DecisionsModule,
      controllers: [DecisionsController],
      providers: [DecisionsService, DecisionRecorder, { provide: DEADLINE_MS, useValue: config.deadlineMs }],
    };
  }
}
