import type { Data } from '@nestfold/core';
import type { Address } from '@shop/contracts';
import type { RegisterCustomer } from '@shop/customers';
import { developmentUsers } from '@shop/platform';
import type { SeededRandom } from './seeded-random.js';

const COUNT = 50;

const FIRST = [
  'Ada',
  'Bela',
  'Carla',
  'Dario',
  'Edda',
  'Femi',
  'Greta',
  'Hugo',
  'Ines',
  'Jonas',
  'Kaya',
  'Lior',
  'Mona',
  'Nils',
  'Olga',
  'Pavel',
] as const;
const LAST = [
  'Abel',
  'Bright',
  'Castillo',
  'Dorn',
  'Eklund',
  'Farkas',
  'Grau',
  'Hale',
  'Ivers',
  'Janda',
  'Keller',
  'Lund',
  'Moreau',
  'Novak',
] as const;
const STREETS = ['Main Street', 'Mill Lane', 'Harbour Road', 'Oak Avenue', 'Station Road', 'Church Hill'] as const;
const TOWNS: readonly Omit<Address, 'street'>[] = [
  { city: 'Springfield', state: 'IL', zipCode: '62701', country: 'US' },
  { city: 'Portland', state: 'OR', zipCode: '97201', country: 'US' },
  { city: 'Leeds', state: '', zipCode: 'LS1 4AP', country: 'GB' },
  { city: 'Utrecht', state: '', zipCode: '3511 AB', country: 'NL' },
  { city: 'Freiburg', state: '', zipCode: '79098', country: 'DE' },
];

/** The customers of the samples. The first ones are the development issuer's users, so that they find orders of their own. */
export function sampleCustomers(random: SeededRandom): readonly Data<RegisterCustomer>[] {
  const users = developmentUsers.filter(({ roles }) => roles.includes('customer'));
  return Array.from({ length: COUNT }, (_, index) => {
    const name = `${random.pick(FIRST)} ${random.pick(LAST)}`;
    const user = users[index];
    const shippingAddress = addressOf(random);
    return {
      customerId: user?.id ?? `customer-${index + 1}`,
      name,
      email: user?.email ?? `${name.toLowerCase().replace(' ', '.')}.${index + 1}@example.com`,
      phone: `+1 555 ${String(random.integer(0, 9999)).padStart(4, '0')}`,
      vipStatus: random.pick(['regular', 'regular', 'regular', 'silver', 'gold', 'platinum'] as const),
      shippingAddress,
      billingAddress: random.next() < 0.2 ? addressOf(random) : shippingAddress,
    };
  });
}

function addressOf(random: SeededRandom): Address {
  return { street: `${random.integer(1, 240)} ${random.pick(STREETS)}`, ...random.pick(TOWNS) };
}
