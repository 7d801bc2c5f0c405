import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { RulebookService } from './rulebook.service.js';

/** The room that turns rule files into the live rulebook. */
@Module({})
export class RulebookModule {
  /**
   * Loads the rules of `config.rulesDir` at once, before Nest makes anything: a broken rulebook stops the start with no
   * connection or file open that nobody could close.
   */
  static register({ rulesDir }: Pick<Config, 'rulesDir'>): DynamicModule {
    const rulebooks = new RulebookService();
    rulebooks.start(rulesDir);
    const service = { provide: RulebookService, useFactory: () => rulebooks };
    return { module: RulebookModule, global: true, providers: [service], exports: [RulebookService] };
  }
}
