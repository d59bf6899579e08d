import type { Admin } from 'kafkajs';
import type { KafkaSettings } from '../libs/messaging/src/kafka/kafka-settings';
import { Access, applyOption, brokersEnvironment, brokersOption, jsonOption } from './access';
import { runCommand } from './command';
import { say } from './command-line';
import { createAcls, planAcls, type Rule, rulesFor, type Service, services } from './kafka/acl-plan';
import { clusterSettings, isManagedByStrimzi, withAdmin } from './kafka/cluster';
import { environmentNames } from './kafka/environment-names';
import { PasswordFiles } from './kafka/password-files';
import { type ScramMechanism, scramMechanisms, ScramUsers } from './kafka/scram-users';
import { terminalWidth, wrapped } from './terminal';
import { WrongCall } from './wrong-call';

interface Work {
  readonly apply: boolean;
  readonly force: boolean;
  readonly passwords?: string | undefined;
  readonly mechanism: string;
  readonly rotate?: readonly string[] | undefined;
}

/** What there is to do, and what does it. */
interface Plan {
  readonly lines: readonly string[];
  readonly apply: () => Promise<void>;
}

runCommand({
  name: 'kafka:acls',
  calls: ['[--apply] [--user orders=<user>]… [--passwords <folder>] [--rotate <user>]… [--create-topics]'],
  about: `
Gives each service's user the least rights it needs: to write the service's own topic, to read those it consumes, as its group. What is there stays
as it is. Without --apply it shows what is missing. Docs: docs/security.md.`,
  options: {
    ...applyOption,
    user: {
      type: 'string',
      multiple: true,
      takes: '<service>=<user>',
      says: 'who a service is on this cluster; accounts, orders and fulfillment by default (Confluent: sa-…)',
    },
    passwords: {
      type: 'string',
      takes: '<folder>',
      says: 'makes SCRAM users too; the folder has a file with the password a user, made with a random one where there is none',
    },
    mechanism: {
      type: 'string',
      takes: '<name>',
      default: 'SCRAM-SHA-512',
      says: scramMechanisms.join(' or '),
    },
    rotate: {
      type: 'string',
      multiple: true,
      takes: '<user>',
      says: 'gives this user a new password, in its file and on the cluster: restart the service with it',
    },
    'create-topics': {
      type: 'boolean',
      default: false,
      says: 'also the right to create their own topics; else npm run kafka:topics creates them',
    },
    force: {
      type: 'boolean',
      default: false,
      says: "also on a cluster of Strimzi's, whose User Operator deletes what it did not make: use KafkaUser there",
    },
    ...brokersOption,
    ...jsonOption,
  },
  environment: brokersEnvironment,
  run: async ({ json, ...options }) => {
    const { brokers } = options;
    const users = usersFrom(options.user ?? []);
    const create = options['create-topics'];
    const names = environmentNames();
    const rules = services.flatMap((service) => rulesFor(service, users[service], { create, ...names }));
    const settings = clusterSettings(new Access({ brokers }).neededBrokers);
    await withAdmin(settings, async (admin) => {
      const notice = await strimziNotice(admin, options);
      const plans = [await planUsers(settings, Object.values(users), options), await planRules(admin, rules)];
      const lines = plans.flatMap((plan) => plan.lines);
      if (!json) say(wrapped([...notice, ...lines].join('\n'), terminalWidth()));
      if (options.apply) for (const plan of plans) await plan.apply();
      if (json) say(JSON.stringify({ applied: options.apply, notice, plan: lines }, null, 2));
      else say(options.apply ? '\nDone.' : '\nNothing was changed: --apply does it.');
    });
    return 0;
  },
});

function usersFrom(given: readonly string[]): Record<Service, string> {
  const users: Record<Service, string> = { accounts: 'accounts', orders: 'orders', fulfillment: 'fulfillment' };
  for (const pair of given) {
    const [service = '', ...user] = pair.split('=');
    if (!isService(service) || user.join('=') === '') throw new WrongCall(`--user ${pair}: orders=<user> is expected.`);
    users[service] = user.join('=');
  }
  return users;
}

function isService(text: string): text is Service {
  return services.some((service) => service === text);
}

/** Throws where --apply would do what is undone at once. */
async function strimziNotice(admin: Admin, { apply, force }: Work): Promise<string[]> {
  if (force || !(await isManagedByStrimzi(admin))) return [];
  const reason = "This cluster is Strimzi's: its User Operator deletes users and ACLs that have no KafkaUser.";
  if (apply) throw new Error(`${reason} Nothing was changed: write KafkaUsers (k8s/), or give --force.`);
  return [`${reason} --apply will want --force.`, ''];
}

async function planUsers(
  settings: KafkaSettings,
  users: readonly string[],
  { passwords, mechanism, rotate = [] }: Work,
): Promise<Plan> {
  if (passwords === undefined) {
    if (rotate.length > 0) throw new WrongCall('--rotate needs --passwords.');
    return { lines: [], apply: async () => undefined };
  }
  const unknown = rotate.filter((user) => !users.includes(user));
  if (unknown.length > 0)
    throw new WrongCall(`--rotate ${unknown.join(', ')}: one of ${users.join(', ')} is expected.`);
  if (!isMechanism(mechanism)) throw new WrongCall(`--mechanism is ${scramMechanisms.join(' or ')}.`);
  const scram = new ScramUsers(settings, mechanism);
  const files = new PasswordFiles(passwords);
  const known = await scram.names();
  const missing = users.filter((user) => !known.has(user) && !rotate.includes(user));
  const lines = users.map((user) => {
    const file = files.fileOf(user);
    const [sign, change] = rotate.includes(user)
      ? ['~', `, a new password in ${file}`]
      : missing.includes(user)
        ? ['+', `, password in ${file}`]
        : ['=', files.has(user) ? '' : `, whose password is not in ${file}: --rotate ${user} makes one`];
    return `${sign} user  ${user}  ${mechanism}${change}`;
  });
  const apply = async () => {
    const kept = missing.map((user) => [user, files.passwordOf(user)] as const);
    const replaced = rotate.map((user) => [user, files.replace(user)] as const);
    await scram.set(new Map([...kept, ...replaced]));
  };
  return { lines, apply };
}

function isMechanism(text: string): text is ScramMechanism {
  return scramMechanisms.some((mechanism) => mechanism === text);
}

async function planRules(admin: Admin, rules: readonly Rule[]): Promise<Plan> {
  const { missing, present, others } = await planAcls(admin, rules);
  const line = ({ user, operation, on, name }: Rule) => `acl   ${user}  ${operation} on ${on} ${name}`;
  return {
    lines: [
      ...rules.map((rule) => `${present.includes(rule) ? '=' : '+'} ${line(rule)}`),
      ...others.map((other) => `? acl   ${other}: not of ours, left`),
    ],
    apply: () => createAcls(admin, missing),
  };
}
