import { describe, expect, it } from 'vitest';
import { DevelopmentIssuer } from './development.issuer.js';
import { InvalidToken, WrongCredentials } from './identity.errors.js';

describe('the development issuer', () => {
  it('believes the tokens that it issued, for the user they name', async () => {
    const issuer = new DevelopmentIssuer();
    const token = await issuer.issue('Customer@shop.test', 'customer');
    expect(await issuer.verify(token)).toEqual({ id: 'customer', roles: ['customer'], customerId: 'customer' });
    expect(await issuer.verify(await issuer.issue('admin@shop.test', 'admin'))).toMatchObject({ roles: ['admin'] });
  });

  it('does not tell a wrong password from an unknown user', async () => {
    const issuer = new DevelopmentIssuer();
    const messages = await Promise.all(
      [issuer.issue('customer@shop.test', 'wrong'), issuer.issue('nobody@shop.test', ''), issuer.issue('', '')].map(
        (attempt) => attempt.catch((error: unknown) => (error instanceof WrongCredentials ? error.message : error)),
      ),
    );
    expect(new Set(messages).size).toBe(1);
    expect(messages[0]).toBe('The e-mail address or the password is wrong.');
  });

  it('believes no token of another key, and none that was changed', async () => {
    const token = await new DevelopmentIssuer().issue('customer@shop.test', 'customer');
    await expect(new DevelopmentIssuer().verify(token)).rejects.toBeInstanceOf(InvalidToken);
    const issuer = new DevelopmentIssuer();
    const [header, , signature] = (await issuer.issue('customer@shop.test', 'customer')).split('.');
    const [, admin] = (await issuer.issue('admin@shop.test', 'admin')).split('.');
    await expect(issuer.verify([header, admin, signature].join('.'))).rejects.toBeInstanceOf(InvalidToken);
  });
});
