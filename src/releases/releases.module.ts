import { join } from 'node:path';
import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { loadBeside } from '../rulebook/aside/load-rules.js';
import { tryAside } from '../rulebook/aside/try-release.js';
import { ReleaseStore } from '../stores/release-store.js';
import { BeginServing, RULES_DIR } from './begin-serving.js';
import { BuiltReleases } from './built-releases.js';
import { ReleasesAtHand } from '../serving/releases-at-hand.js';
import { RulebookService } from '../serving/rulebook.service.js';
import { ReleaseCopies } from '../serving/release-copies.js';
import { ReleasesService } from './releases.service.js';
import { RolloutFollower } from '../serving/rollout-follower.js';
import { RulesFolder } from './rules-folder.js';

type ReleasesConfig = Pick<Config, 'approvals' | 'check' | 'dataDir' | 'rulesDir'>;

/** The room that makes releases of rule files, and has those serve that are to. */
@Module({})
export class ReleasesModule {
  static register({ approvals, check, dataDir, rulesDir }: ReleasesConfig): DynamicModule {
    const service = {
      provide: ReleasesService,
      inject: [ReleaseStore, ReleasesAtHand],
      useFactory: (store: ReleaseStore, atHand: ReleasesAtHand) =>
        new ReleasesService(store, atHand, approvals, tryAside(check)),
    };
    const built = {
      provide: BuiltReleases,
      inject: [ReleaseStore, ReleasesAtHand],
      useFactory: (store: ReleaseStore, atHand: ReleasesAtHand) =>
        new BuiltReleases(store, atHand, { load: loadBeside, tryRelease: tryAside(check) }),
    };
    const copies = { provide: ReleaseCopies, useFactory: () => new ReleaseCopies(join(dataDir, 'releases')) };
    const follower = {
      provide: RolloutFollower,
      inject: [ReleaseStore, RulebookService, ReleaseCopies, ReleasesAtHand],
      useFactory: (store: ReleaseStore, rulebooks: RulebookService, at: ReleaseCopies, atHand: ReleasesAtHand) =>
        new RolloutFollower(store, rulebooks, at, { atHand, loadBeside }),
    };
    const providers = [
      service,
      built,
      copies,
      { provide: ReleasesAtHand, useFactory: () => new ReleasesAtHand() },
      { provide: RULES_DIR, useValue: rulesDir },
      follower,
      RulesFolder,
      BeginServing,
    ];
    return { module: ReleasesModule, global: true, providers, exports: [BuiltReleases, ReleasesService, RulesFolder] };
  }
}
