import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '../config.js';
import { DraftsModule } from '../drafts/drafts.module.js';
import { ASSISTANT_HOSTS, AssistantDoor, TOOLS } from './assistant-door.js';
import { AssistantsController } from './assistants.controller.js';
import { CallLog } from './call-log.js';
import type { ToolShelf } from './tool.js';
import { CheckTools } from './tools/check-tools.js';
import { DecisionTools } from './tools/decision-tools.js';
import { DraftTools } from './tools/draft-tools.js';
import { ReplayTool } from './tools/replay-tool.js';
import { RuleTools } from './tools/rule-tools.js';
import { RulesAsked } from './tools/rules-asked.js';

const SHELVES = [DecisionTools, RuleTools, CheckTools, ReplayTool, DraftTools];

/** The room of assistants: what programs that speak the Model Context Protocol may ask and write. */
@Module({})
export class AssistantsModule {
  static register({ host, assistantHosts }: Pick<Config, 'host' | 'assistantHosts'>): DynamicModule {
    return {
      module: AssistantsModule,
      imports: [DraftsModule],
      controllers: [AssistantsController],
      providers: [
        ...SHELVES,
        ...[AssistantDoor, CallLog, RulesAsked],
        { provide: ASSISTANT_HOSTS, useValue: { host, more: assistantHosts } },
        {
          provide: TOOLS,
          inject: SHELVES,
          useFactory: (...shelves: ToolShelf[]) => shelves.flatMap((shelf) => shelf.tools()),
        },
      ],
    };
  }
}
