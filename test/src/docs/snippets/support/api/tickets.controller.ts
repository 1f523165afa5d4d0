import { Body, Controller, Get, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CommandBus, QueryBus } from '@nestfold/nestjs';
import { ApiCommand, ApiRead } from '@shop/platform';
import { CloseTicket } from '../commands/close-ticket.command.js';
import { CreateTicket } from '../commands/create-ticket.command.js';
import { FindOpenTicket } from '../queries/find-open-ticket.query.js';
import { OpenTicketView } from './open-ticket.view.js';

/** A route that says nothing about its callers is for administrators alone; `@Roles` opens it to others. */
@ApiTags('tickets')
@Controller('tickets')
export class TicketsController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiCommand({ summary: 'Open a ticket', operationId: 'createTicket' })
  create(@Body() body: CreateTicket) {
    return this.commands.execute(CreateTicket.of(body));
  }

  @Post(':ticketId/close')
  @ApiCommand({ summary: 'Close a ticket', operationId: 'closeTicket' })
  close(@Param() params: CloseTicket) {
    return this.commands.execute(CloseTicket.of(params));
  }

  @Get(':id')
  @ApiRead({ summary: 'One open ticket', operationId: 'findOpenTicket', type: OpenTicketView, one: true })
  find(@Param() params: FindOpenTicket) {
    return this.queries.execute(FindOpenTicket.of(params));
  }
}
