import { catchUp } from './catch-up';
import { change } from './change';
import { growth } from './growth';
import { journey } from './journey';
import { longRun } from './long-run';
import type { Measure } from './measure';
import { getItem, patchCustomer, postCustomer, postOrder } from './requests';
import { start } from './start';
import { visible } from './visible';
import { whereTimeGoes } from './where-time-goes';

export const measures: readonly Measure[] = [
  change,
  postCustomer,
  patchCustomer,
  getItem,
  postOrder,
  visible,
  whereTimeGoes,
  start,
  growth,
  catchUp,
  journey,
  longRun,
];

export function measureNamed(name: string): Measure {
  const found = measures.find((measure) => measure.name === name);
  if (!found) throw new Error(`There is no measure ${name}: ${measures.map((each) => each.name).join(', ')}.`);
  return found;
}
