import { inMemory } from '@nestfold/core';
import { Nestfold, NestfoldHttpModule, NestfoldModule } from '@nestfold/nestjs';
import { projection, specification } from '@nestfold/testing';
import { NestFactory } from '@nestjs/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { INestApplication } from '@nestjs/common';
import { CloseTicket } from './commands/close-ticket.command.js';
import { TicketClosed } from './domain/ticket-closed.event.js';
import { Ticket } from './domain/ticket.aggregate.js';
import { TicketCreated } from './domain/ticket.events.js';
import { OpenTicketsProjection } from './read-models/open-tickets/open-tickets.projection.js';
import { OpenTicketsDocument } from './read-models/open-tickets/open-tickets.read-model.js';
import { SupportModule } from './support.module.js';

const ticketId = 'ticket-1';
const occurredAt = new Date('2026-01-31T12:00:00.000Z');

describe('a ticket', () => {
  it('is closed once', () =>
    specification(Ticket)
      .given(TicketCreated, { ticketId })
      .given(TicketClosed, { ticketId })
      .when(CloseTicket.of({ ticketId }))
      .refused('ticket.closed-already'));
});

describe('open tickets', () => {
  it('are those that nobody has closed', async () => {
    await projection(OpenTicketsProjection)
      .given(TicketCreated, { ticketId }, { occurredAt })
      .then(OpenTicketsDocument, ticketId, { since: occurredAt });
    await projection(OpenTicketsProjection)
      .given(TicketCreated, { ticketId })
      .given(TicketClosed, { ticketId })
      .absent(OpenTicketsDocument, ticketId);
  });
});

describe('the context of the guides', () => {
  let app: INestApplication;
  let url: string;

  beforeAll(async () => {
    const nestfold = NestfoldModule.forRoot({ store: inMemory() });
    const http = NestfoldHttpModule.forRoot({ principal: () => ({ id: 'ada' }) });
    const root = { module: class Root {}, imports: [nestfold, http, SupportModule] };
    app = await NestFactory.create(root, { logger: false });
    await app.listen(0, '127.0.0.1');
    url = await app.getUrl();
  });
  afterAll(() => app.close());

  it('serves what the guides ask of it', async () => {
    const post = async (path: string, body: object = {}) => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
    };
    const found = async () => (await fetch(`${url}/tickets/t1`)).status;
    expect(await post('/tickets', { ticketId: 't1' })).toBe(202);
    await app.get(Nestfold).settled();
    expect(await found()).toBe(200);
    expect([await post('/tickets/t1/close'), await post('/tickets/t1/close')]).toEqual([202, 422]);
    await app.get(Nestfold).settled();
    expect(await found()).toBe(404);
  });
});
