import { Module, type DynamicModule } from '@nestjs/common';
import { AuthorRates } from '../access/author-rates.js';
import type { Config } from '../config.js';
import { DraftsModule } from '../drafts/drafts.module.js';
import { DraftsController } from './drafts.controller.js';
import { ReleasesController } from './releases.controller.js';
import { RolloutController } from './rollout.controller.js';

/** The room that takes rule files in over HTTP, for the command line and the studio. */
@Module({})
export class AuthoringModule {
  static register({ authorsPerMinute }: Pick<Config, 'authorsPerMinute'>): DynamicModule {
    return {
      module: AuthoringModule,
      global: true,
      imports: [DraftsModule],
      controllers: [ReleasesController, RolloutController, DraftsController],
      providers: [{ provide: AuthorRates, useFactory: () => new AuthorRates(authorsPerMinute) }],
      exports: [AuthorRates],
    };
  }
}
