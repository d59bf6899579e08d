import { type CanActivate, Inject, Injectable, NotFoundException, UseGuards } from '@nestjs/common';

/** A controller that is there only where a setting says so: with false under this token, as if its routes did not exist. */
export function OnlyIf(token: symbol): ClassDecorator {
  @Injectable()
  class OnlyIfGuard implements CanActivate {
    constructor(@Inject(token) private readonly isOpen: boolean) {}

    canActivate(): boolean {
      if (!this.isOpen) throw new NotFoundException();
      return true;
    }
  }
  return UseGuards(OnlyIfGuard);
}
