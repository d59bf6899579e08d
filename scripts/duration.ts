import { WrongCall } from './wrong-call';

const UNITS_SECONDS: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3_600, d: 86_400 };

/** The seconds of `90`, `90s`, `15m`, `2h`, `1d`, as the services' endpoints understand them. Throws WrongCall, which names the option. */
export function secondsOf(name: string, text: string): number {
  const [, number, unit = ''] = /^(\d{1,9})([smhd]?)$/.exec(text) ?? [];
  if (number === undefined)
    throw new WrongCall(`${name} ${text} is not a number of seconds, or like 90s, 15m, 2h, 1d.`);
  return Number(number) * (UNITS_SECONDS[unit] ?? 1);
}
