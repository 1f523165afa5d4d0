import { NotFound, Query } from '@nestfold/core';
import { InjectReadModel, QueryHandler } from '@nestfold/nestjs';
import type { ReadModel } from '@nestfold/projections';
import { IsId } from '@shop/contracts';
import { OpenTicketsDocument } from '../read-models/open-tickets/open-tickets.read-model.js';

/** Find open ticket. Throws `NotFound`. */
export class FindOpenTicket extends Query<OpenTicketsDocument> {
  @IsId()
  id!: string;
}

/** Looks into the read model, which follows what was written within moments. */
@QueryHandler(FindOpenTicket)
export class FindOpenTicketHandler {
  constructor(@InjectReadModel(OpenTicketsDocument) private readonly documents: ReadModel<OpenTicketsDocument>) {}

  async execute({ id }: FindOpenTicket): Promise<OpenTicketsDocument> {
    const document = await this.documents.findById(id);
    if (document === undefined) throw new NotFound('document', id);
    return document;
  }
}
