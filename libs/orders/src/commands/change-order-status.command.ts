import { Command } from '@nestfold/core';
import { IsId, IsText } from '@shop/contracts';
import { IsIn } from 'class-validator';
import { STAFF_STATUSES, type StaffStatus } from '../domain/staff-status.js';

/** Move an order to its next stage, for the shop's staff. */
export class ChangeOrderStatus extends Command {
  @IsId()
  orderId!: string;

  @IsIn(STAFF_STATUSES)
  status!: StaffStatus;

  /** Why, where it is cancelled. */
  @IsText({ max: 500, min: 0, lines: true })
  reason!: string;
}
