import { Module, type DynamicModule } from '@nestjs/common';
import { AssistantsModule } from './assistants/assistants.module.js';
import { AuthoringModule } from './authoring/authoring.module.js';
import type { Config } from './config.js';
import { DecisionsModule } from './decisions/decisions.module.js';
import { StopListening } from './http/end-connections.js';
import { OfrepModule } from './ofrep/ofrep.module.js';
import { OutcomesModule } from './outcomes/outcomes.module.js';
import { ReleasesModule } from './releases/releases.module.js';
import { SdkModule } from './sdk/sdk.module.js';
import { RulebookModule } from './serving/rulebook.module.js';
import { RulebookService } from './serving/rulebook.service.js';
import { StoresModule } from './stores/stores.module.js';
import type { Telemetry } from './telemetry/start-telemetry.js';
import { TelemetryModule } from './telemetry/telemetry.module.js';
import { TrackingModule } from './tracking/tracking.module.js';
import { SearchPolicies } from './visitors/search-policies.js';
import { SingleViewPolicies } from './visitors/single-view-policies.js';
import { VisitorsModule } from './visitors/visitors.module.js';

/** The whole service, put together: the only file that knows every room. */
@Module({})
export class AppModule {
  static register(config: Config, telemetry: Telemetry): DynamicModule {
    const decisions = DecisionsModule.register(config);
    return {
      module: AppModule,
      imports: [
        StoresModule.register(config),
        VisitorsModule.register(config, [
          {
            provide: SingleViewPolicies,
            useFactory: (rulebooks: RulebookService) => ({ for: (id: string) => rulebooks.singleViewFor(id) }),
            inject: [RulebookService],
          },
          { provide: SearchPolicies, useFactory: searchPolicies, inject: [RulebookService] },
        ]),
        RulebookModule,
        ReleasesModule.register(config),
        decisions,
        OfrepModule.register(config, decisions),
        TrackingModule,
        OutcomesModule,
        AuthoringModule.register(config),
        SdkModule,
        AssistantsModule.register(config),
        TelemetryModule.register(telemetry),
      ],
      providers: [StopListening],
    };
  }
}

function searchPolicies(rulebooks: RulebookService): SearchPolicies {
  return {
    now: () => rulebooks.search(),
    get areServing() {
      return rulebooks.isServing;
    },
  };
}
