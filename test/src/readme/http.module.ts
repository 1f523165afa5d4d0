import { Body, Controller, Get, HttpCode, Injectable, Module, Param, Post } from '@nestjs/common';
import type { CanActivate, ExecutionContext } from '@nestjs/common';
import { AdminModule } from '@nestfold/admin';
import {
  CommandBus,
  InjectReadModel,
  NestfoldHttpModule,
  NotFound,
  type Actor,
  type ReadModel,
} from '@nestfold/nestjs';
import { AccountsModule, AccountView, Deposit, OpenAccount } from './accounts.module.js';

@Controller('accounts')
export class AccountsController {
  constructor(
    private readonly bus: CommandBus,
    @InjectReadModel(AccountView) private readonly accounts: ReadModel<AccountView>,
  ) {}

  @Post()
  @HttpCode(202)
  open(@Body() body: OpenAccount) {
    return this.bus.execute(OpenAccount.of(body)); // under the request's Idempotency-Key, for its principal
  }

  @Post('deposits')
  @HttpCode(202)
  deposit(@Body() body: Deposit) {
    return this.bus.execute(Deposit.of(body)); // only at the version in If-Match, where there is one
  }

  @Get(':id')
  async find(@Param('id') id: string) {
    const account = await this.accounts.findById(id);
    if (account === undefined) throw new NotFound('account', id);
    return account;
  }
}

/** What your authentication has put there. */
interface Identified {
  readonly user?: Actor;
}

@Injectable()
export class AdminsOnly implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const { user } = context.switchToHttp().getRequest<Identified>();
    return user?.roles?.includes('admin') === true;
  }
}

@Module({
  imports: [
    AccountsModule,
    NestfoldHttpModule.forRoot({ principal: ({ user }: Identified) => user }),
    AdminModule.forRoot({ guard: AdminsOnly }),
  ],
  controllers: [AccountsController],
})
export class HttpModule {}
