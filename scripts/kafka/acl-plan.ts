import { consumedBy, customerChanges, fulfillmentRequests, orderStatusChanges } from '@storefront/contracts';
import {
  type Admin,
  AclOperationTypes,
  AclPermissionTypes,
  AclResourceTypes,
  type AclEntry,
  ResourcePatternTypes,
} from 'kafkajs';
import { groupOf, onCluster } from '../../libs/messaging/src/kafka/cluster-names';

export const services = ['accounts', 'orders', 'fulfillment'] as const;
export type Service = (typeof services)[number];

const owned = { accounts: customerChanges, orders: fulfillmentRequests, fulfillment: orderStatusChanges } as const;

/** One right of a service's user. Read and Write include Describe, not DescribeConfigs. */
export interface Rule {
  readonly user: string;
  readonly operation: 'READ' | 'WRITE' | 'CREATE' | 'DESCRIBE_CONFIGS';
  readonly on: 'TOPIC' | 'GROUP';
  readonly name: string;
}

export interface RuleOptions {
  /** Whether the service may create its topic itself; false by default. */
  readonly create?: boolean;
  readonly topicPrefix?: string;
  readonly groupPrefix?: string;
}

/** The least a service needs: to write its own topic, to read those of others as its group, and to know for how long they keep their records. */
export function rulesFor(service: Service, user: string, { create = false, ...names }: RuleOptions = {}): Rule[] {
  const { name: topic } = onCluster<{ readonly name: string }>(owned[service], names);
  const consumed = consumedBy[service].flatMap((each): Rule[] => {
    const { name } = onCluster<{ readonly name: string }>(each, names);
    return [
      { user, operation: 'READ', on: 'TOPIC', name },
      { user, operation: 'DESCRIBE_CONFIGS', on: 'TOPIC', name },
    ];
  });
  return [
    { user, operation: 'WRITE', on: 'TOPIC', name: topic },
    ...(create ? [{ user, operation: 'CREATE', on: 'TOPIC', name: topic } as const] : []),
    ...consumed,
    ...(consumed.length > 0 ? [{ user, operation: 'READ', on: 'GROUP', name: groupOf(service, names) } as const] : []),
  ];
}

export interface AclPlan {
  readonly missing: readonly Rule[];
  readonly present: readonly Rule[];
  /** What these users may do beside it, in words: left alone. */
  readonly others: readonly string[];
}

export async function planAcls(admin: Admin, rules: readonly Rule[]): Promise<AclPlan> {
  const { resources } = await admin.describeAcls({
    resourceType: AclResourceTypes.ANY,
    resourcePatternType: ResourcePatternTypes.ANY,
    operation: AclOperationTypes.ANY,
    permissionType: AclPermissionTypes.ANY,
  });
  const entries = resources.flatMap(({ acls, ...resource }) => acls.map((acl) => ({ ...resource, ...acl })));
  return compareAcls(rules, entries);
}

export function compareAcls(rules: readonly Rule[], entries: readonly AclEntry[]): AclPlan {
  const wanted = new Map(rules.map((rule) => [keyOf(entryOf(rule)), rule]));
  const there = new Set(entries.map(keyOf));
  const users = new Set(rules.map(({ user }) => `User:${user}`));
  return {
    missing: rules.filter((rule) => !there.has(keyOf(entryOf(rule)))),
    present: rules.filter((rule) => there.has(keyOf(entryOf(rule)))),
    others: entries.filter((entry) => users.has(entry.principal) && !wanted.has(keyOf(entry))).map(describeEntry),
  };
}

export async function createAcls(admin: Admin, rules: readonly Rule[]): Promise<void> {
  if (rules.length > 0) await admin.createAcls({ acl: rules.map(entryOf) });
}

function entryOf({ user, operation, on, name }: Rule): AclEntry {
  return {
    principal: `User:${user}`,
    host: '*',
    operation: AclOperationTypes[operation],
    permissionType: AclPermissionTypes.ALLOW,
    resourceType: AclResourceTypes[on],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
  };
}

function keyOf(entry: AclEntry): string {
  const { principal, host, operation, permissionType, resourceType, resourceName, resourcePatternType } = entry;
  return JSON.stringify([principal, host, operation, permissionType, resourceType, resourceName, resourcePatternType]);
}

function describeEntry(entry: AclEntry): string {
  const permission = nameOf(AclPermissionTypes, entry.permissionType);
  const operation = nameOf(AclOperationTypes, entry.operation);
  const pattern = nameOf(ResourcePatternTypes, entry.resourcePatternType);
  const resource = `${nameOf(AclResourceTypes, entry.resourceType)} ${entry.resourceName} (${pattern})`;
  return `${entry.principal} ${permission} ${operation} ${resource} from ${entry.host}`;
}

/** kafkajs' enums are enums for the compiler only: they do not know their names. */
function nameOf(values: object, value: number): string {
  return Object.entries(values).find(([, each]) => each === value)?.[0] ?? String(value);
}
