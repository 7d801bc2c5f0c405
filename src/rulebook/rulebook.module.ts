import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { RulebookService } from './rulebook.service.js';

/** The room that turns rule files into the live rulebook. */
@Module({})
export class RulebookModule {
  /** Loads the rules of `config.rulesDir` while the application is being made; a broken rulebook stops the start. */
  static register({ rulesDir }: Pick<Config, 'rulesDir'>): DynamicModule {
    const service = {
      provide: RulebookService,
      useFactory: () => {
        const made = new RulebookService();
        made.start(rulesDir);
        return made;
      },
    };
    return { module: RulebookModule, global: true, providers: [service], exports: [RulebookService] };
  }
}
