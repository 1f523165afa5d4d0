import { Body, Controller, HttpCode, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags, ApiUnauthorizedResponse } from '@nestjs/swagger';
import { IsText } from '@shop/contracts';
import { Public } from './access.decorators.js';
import { DevelopmentIssuer } from './development.issuer.js';

/** Who wants a token. */
export class CredentialsBody {
  @ApiProperty({ example: 'customer@shop.test', maxLength: 254 })
  @IsText({ max: 254 })
  email!: string;

  @ApiProperty({ example: 'customer', maxLength: 200, format: 'password' })
  @IsText({ max: 200 })
  password!: string;
}

/** A token for the `Authorization: Bearer` header. */
export class TokenView {
  @ApiProperty()
  token!: string;
}

/** The development issuer's door. The module leaves it out where another issuer is believed. */
@ApiTags('auth')
@Controller('auth')
export class TokenController {
  constructor(private readonly issuer: DevelopmentIssuer) {}

  @Post('token')
  @Public()
  @HttpCode(200)
  @ApiOperation({ summary: 'Log in as a user of the development issuer', operationId: 'issueToken' })
  @ApiOkResponse({ type: TokenView })
  @ApiUnauthorizedResponse({ description: 'The e-mail address or the password is wrong.' })
  async token(@Body() { email, password }: CredentialsBody): Promise<TokenView> {
    return { token: await this.issuer.issue(email, password) };
  }
}
