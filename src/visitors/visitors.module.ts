import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import type { Config } from '../config.js';
import { GuardedIds } from '../doors/guarded-ids.js';
import { HistoryImporter } from './care/history-importer.js';
import { RetentionSweeper } from './care/retention-sweeper.js';
import { SeenSoFar } from './writing/seen-so-far.js';
import { VisitorDocuments } from './care/visitor-documents.js';
import { VisitorEraser } from './care/visitor-eraser.js';
import { VisitorExporter } from './care/visitor-exporter.js';
import { VisitorSplitter } from './care/visitor-splitter.js';
import { ImportController } from './import.controller.js';
import { PeopleSearch } from './search/people-search.js';
import { SearchKeeper } from './search/search-keeper.js';
import { SearchController } from './search.controller.js';
import type { SearchPolicies } from './search-policies.js';
import type { SingleViewPolicies } from './single-view-policies.js';
import { SplitController } from './split.controller.js';
import { RejectedKeeper } from './rejected-keeper.js';
import { LIMITS, RETENTION, VisitorsService } from './visitors.service.js';
import { VisitorTeller } from './visitor-teller.js';
import { VisitorsController } from './visitors.controller.js';

/** The room that remembers people. */
@Module({})
export class VisitorsModule {
  /** `policies` provide {@link SingleViewPolicies} and {@link SearchPolicies}. */
  static register(
    { keepInteractions, keepDays, splitDays, guardedIds, limits }: Config,
    policies: readonly [FactoryProvider<SingleViewPolicies>, FactoryProvider<SearchPolicies>],
  ): DynamicModule {
    return {
      module: VisitorsModule,
      global: true,
      controllers: [SearchController, VisitorsController, SplitController, ImportController],
      providers: [
        ...[VisitorsService, VisitorDocuments, VisitorEraser, VisitorExporter, HistoryImporter, VisitorSplitter],
        ...[RejectedKeeper, RetentionSweeper, SeenSoFar],
        ...[...policies, PeopleSearch, SearchKeeper, VisitorTeller],
        { provide: GuardedIds, useValue: new GuardedIds(guardedIds) },
        { provide: LIMITS, useValue: limits },
        { provide: RETENTION, useValue: { keepInteractions, keepDays, splitDays } },
      ],
      exports: [VisitorsService, HistoryImporter, RejectedKeeper, SeenSoFar],
    };
  }
}
