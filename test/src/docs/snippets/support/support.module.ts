import { Module } from '@nestjs/common';
import { NestfoldModule } from '@nestfold/nestjs';
import { TicketsController } from './api/tickets.controller.js';
import { Ticket } from './domain/ticket.aggregate.js';
import { OpenTicketsDocument } from './read-models/open-tickets/open-tickets.read-model.js';
import { OpenTicketsProjection } from './read-models/open-tickets/open-tickets.projection.js';
import { FindOpenTicketHandler } from './queries/find-open-ticket.query.js';

/** The context of support. */
@Module({
  imports: [NestfoldModule.forFeature({ aggregates: [Ticket], readModels: [OpenTicketsDocument] })],
  controllers: [TicketsController],
  providers: [OpenTicketsProjection, FindOpenTicketHandler],
})
export class SupportModule {}
