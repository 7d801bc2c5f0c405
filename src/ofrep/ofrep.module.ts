import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { Evaluator } from './evaluator.js';
import { OfrepController } from './ofrep.controller.js';
import { MOST_STREAMS, ReleaseStreams } from './release-streams.js';
import { StreamsController } from './streams.controller.js';

/** The room that faces clients of OpenFeature. */
@Module({})
export class OfrepModule {
  /** `decisions` is the module that decides, as it was registered. */
  static register({ mostStreams, keys }: Config, decisions: DynamicModule): DynamicModule {
    const ofOneKey = keys.length > 1 ? Math.ceil(mostStreams / 2) : mostStreams;
    return {
      module: OfrepModule,
      imports: [decisions],
      controllers: [OfrepController, StreamsController],
      providers: [Evaluator, ReleaseStreams, { provide: MOST_STREAMS, useValue: { inAll: mostStreams, ofOneKey } }],
    };
  }
}
