import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { HistoryImporter } from './history-importer.js';
import { RetentionSweeper } from './retention-sweeper.js';
import { VisitorEraser } from './visitor-eraser.js';
import { VisitorExporter } from './visitor-exporter.js';
import { RETENTION, VisitorsService } from './visitors.service.js';
import { VisitorsController } from './visitors.controller.js';

/** The room that remembers people. */
@Module({})
export class VisitorsModule {
  static register({ keepInteractions, keepDays }: Config): DynamicModule {
    return {
      module: VisitorsModule,
      global: true,
      controllers: [VisitorsController],
      providers: [VisitorsService, VisitorEraser, VisitorExporter, HistoryImporter, RetentionSweeper, { provide: RETENTION, useValue: { keepInteractions, keepDays } }],
      exports: [VisitorsService, VisitorEraser],
    };
  }
}
