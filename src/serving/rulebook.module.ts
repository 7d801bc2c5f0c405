import { Global, Module } from '@nestjs/common';
import { RulebookService } from './rulebook.service.js';

/** The room that turns rule files into rulebooks, and has those at hand that serve. */
@Global()
@Module({ providers: [RulebookService], exports: [RulebookService] })
export class RulebookModule {}
