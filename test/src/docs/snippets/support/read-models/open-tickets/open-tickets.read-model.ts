import { ReadModelDocument } from '@nestfold/projections';

/** A document of open tickets. */
@ReadModelDocument('open_tickets')
export class OpenTicketsDocument {
  _id!: string;
  since!: Date;
}
