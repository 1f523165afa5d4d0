import { IsText } from '../validation/text.decorators.js';
import { Matches } from 'class-validator';

/** A postal address. Plain data: it stands in events as it is. */
export class Address {
  @IsText({ max: 200 })
  street!: string;

  @IsText({ max: 100 })
  city!: string;

  /** State or region; empty where a country has none. */
  @IsText({ max: 100, min: 0 })
  state!: string;

  @IsText({ max: 20 })
  zipCode!: string;

  /** ISO 3166-1, two letters. */
  @Matches(/^[A-Z]{2}$/, { message: '$property must be a country code of two capital letters' })
  country!: string;
}
