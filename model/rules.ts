import { consumingRules } from './consuming-rules';
import { parkingRules } from './parking-rules';
import { publishingRules } from './publishing-rules';
import type { Rule } from './rule';

/** By name. */
export const rules: Readonly<Record<string, Rule>> = { ...publishingRules, ...consumingRules, ...parkingRules };
