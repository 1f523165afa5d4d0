import { ValidateBy, buildMessage } from 'class-validator';
import { isMoney } from '../money/money.js';

/** Money above nothing: what something costs. */
export function IsPrice(): PropertyDecorator {
  return ValidateBy({
    name: 'isPrice',
    validator: {
      validate: (value) => isMoney(value) && value.amount.compare(0) > 0,
      defaultMessage: buildMessage((each) => `${each}$property must be money above 0, with at most two places`),
    },
  });
}
