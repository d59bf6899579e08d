import type { Scenario } from '../scenario';
import { clocksApart } from './clocks-apart';
import { everyEventTwice } from './every-event-twice';
import { fiftyWriters } from './fifty-writers';
import { groupsForgotten, groupsToEarliest, groupsToLatest } from './groups-to-earliest';
import { lanesRedriven } from './lanes-redriven';
import { lostAnswers } from './lost-answers';
import { morePartitions } from './more-partitions';
import { oldVersionLast } from './old-version-last';
import { oversized } from './oversized';
import { poison } from './poison';
import { shuffledWithinAKey } from './shuffled-within-a-key';

/** What is delivered, and what is in it. */
export const dataScenarios: readonly Scenario[] = [
  everyEventTwice,
  groupsToEarliest,
  groupsForgotten,
  groupsToLatest,
  shuffledWithinAKey,
  oldVersionLast,
  fiftyWriters,
  oversized,
  lostAnswers,
  morePartitions,
  clocksApart,
  poison,
  lanesRedriven,
];
