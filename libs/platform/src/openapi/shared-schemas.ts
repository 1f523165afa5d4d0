import { Address, CURRENCIES, MoneyValue } from '@shop/contracts';
import { describe } from './describe.js';

describe(MoneyValue, {
  amount: { type: 'string', pattern: '^\\d{1,12}(\\.\\d{1,2})?$', example: '12.50' },
  currency: { type: 'string', enum: [...CURRENCIES] },
});

describe(Address, {
  street: { type: 'string', maxLength: 200, example: '1 Main Street' },
  city: { type: 'string', maxLength: 100, example: 'Springfield' },
  state: { type: 'string', maxLength: 100, example: 'IL', description: 'Empty where a country has none.' },
  zipCode: { type: 'string', maxLength: 20, example: '62701' },
  country: { type: 'string', pattern: '^[A-Z]{2}$', example: 'US', description: 'ISO 3166-1, two letters.' },
});

/** `MoneyValue` and `Address` as they stand in the OpenAPI document. */
export { Address, MoneyValue };
