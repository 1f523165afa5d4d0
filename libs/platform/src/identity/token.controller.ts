import { Body, Controller, HttpCode, Post, UnauthorizedException } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { IsEmail, IsString, MaxLength, MinLength } from 'class-validator';
import { Public } from './access.decorators.js';
import { DevelopmentIssuer } from './development-issuer.js';

/** Who asks for a token. */
export class Credentials {
  @ApiProperty({ example: 'customer@shop.test', maxLength: 200 })
  @IsEmail()
  @MaxLength(200)
  email!: string;

  @ApiProperty({ minLength: 1, maxLength: 200 })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  password!: string;
}

/** A bearer token. */
export class IssuedToken {
  @ApiProperty()
  token!: string;
}

/** Tokens for seeded users; not there in production. */
@ApiTags('identity')
@Controller('auth')
export class TokenController {
  constructor(private readonly issuer: DevelopmentIssuer) {}

  @Public()
  @Post('token')
  @HttpCode(200)
  async token(@Body() { email, password }: Credentials): Promise<IssuedToken> {
    const token = await this.issuer.token(email, password);
    if (token === undefined) throw new UnauthorizedException('The e-mail address or the password is wrong.');
    return { token };
  }
}
