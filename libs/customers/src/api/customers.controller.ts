import { Body, Controller, Get, Param, Post, Put, Res } from '@nestjs/common';
import { CommandBus, NotFound, QueryBus } from '@nestfold/core';
import { ApiTags } from '@nestjs/swagger';
import {
  accepted,
  ApiCommand,
  ApiRead,
  Caller,
  Forbidden,
  IdParams,
  isAdmin,
  Roles,
  versioned,
  type Principal,
  type ReceiptView,
} from '@shop/platform';
import type { Response } from 'express';
import { ChangeCustomer } from '../commands/change-customer.command.js';
import { RegisterCustomer } from '../commands/register-customer.command.js';
import { FindCustomer } from '../queries/find-customer.query.js';
import { ChangeCustomerBody, RegisterCustomerBody } from './customer.bodies.js';
import { CustomerView, customerView } from './customer.view.js';

/** The customers' accounts: each customer's own, and all of them to the shop's staff. */
@ApiTags('customers')
@Roles('admin', 'customer')
@Controller('customers')
export class CustomersController {
  constructor(
    private readonly commands: CommandBus,
    private readonly queries: QueryBus,
  ) {}

  @Post()
  @ApiCommand({
    summary: 'Register a customer',
    operationId: 'registerCustomer',
    description: "A customer registers their own account, under the token's customer id; the shop's staff anybody's.",
    creates: true,
  })
  async register(
    @Body() body: RegisterCustomerBody,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    refuseOwnPromotion(caller, body);
    const { name, email, phone, vipStatus, shippingAddress, billingAddress } = body;
    const customerId = isAdmin(caller) ? undefined : caller.customerId;
    const fields = { customerId, name, email, phone, vipStatus, shippingAddress, billingAddress };
    return accepted(response, await this.commands.execute(RegisterCustomer.of(fields)), (id) => `/customers/${id}`);
  }

  @Get(':id')
  @ApiRead({ summary: 'One customer', operationId: 'findCustomer', type: CustomerView, one: true })
  async find(
    @Param() { id }: IdParams,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<CustomerView> {
    refuseOthers(caller, id);
    return versioned(response, customerView(await this.queries.execute(FindCustomer.of({ customerId: id }))));
  }

  @Put(':id')
  @ApiCommand({ summary: "Change a customer's name, contact, standing or addresses", operationId: 'changeCustomer' })
  async change(
    @Param() { id }: IdParams,
    @Body() body: ChangeCustomerBody,
    @Caller() caller: Principal,
    @Res({ passthrough: true }) response: Response,
  ): Promise<ReceiptView> {
    refuseOthers(caller, id);
    refuseOwnPromotion(caller, body);
    const { name, email, phone, vipStatus, shippingAddress, billingAddress } = body;
    const fields = { customerId: id, name, email, phone, vipStatus, shippingAddress, billingAddress };
    return accepted(response, await this.commands.execute(ChangeCustomer.of(fields)));
  }
}

/** To a customer, no other customer exists. */
function refuseOthers(caller: Principal, customerId: string): void {
  if (!isAdmin(caller) && caller.customerId !== customerId) throw new NotFound('customer', customerId);
}

function refuseOwnPromotion(caller: Principal, { vipStatus }: ChangeCustomerBody): void {
  if (!isAdmin(caller) && vipStatus !== undefined)
    throw new Forbidden('The standing of a customer is for the shop to say.');
}
