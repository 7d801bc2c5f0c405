import { Module } from '@nestjs/common';
import { OffersController } from './offers.controller.js';
import { OffersService } from './offers.service.js';
import { Reserver } from './reserver.js';
import { TokenMaker } from './token-maker.js';

/** The room of limits: what is taken of them by a decision, and what is left. */
@Module({
  controllers: [OffersController],
  providers: [OffersService, Reserver, TokenMaker],
  exports: [OffersService, Reserver, TokenMaker],
})
export class LimitsModule {}
