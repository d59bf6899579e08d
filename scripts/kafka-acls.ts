import { parseArgs } from 'node:util';
import type { Admin } from 'kafkajs';
import type { KafkaSettings } from '../libs/messaging/src/kafka/kafka-settings';
import { messageOf, say } from './command-line';
import { createAcls, planAcls, type Rule, rulesFor, type Service, services } from './kafka/acl-plan';
import { clusterSettings, clusterUsage, isManagedByStrimzi, withAdmin } from './kafka/cluster';
import { environmentNames, namesUsage } from './kafka/environment-names';
import { PasswordFiles } from './kafka/password-files';
import { type ScramMechanism, scramMechanisms, ScramUsers } from './kafka/scram-users';

const usage = `
usage: npm run kafka:acls -- [--apply] [--user orders=<user>]… [--passwords <folder>] [--rotate <user>]… [--create-topics]

Gives each service's user the least rights it needs: to write the service's own topic, to read those it consumes, as its group.
Shows what is missing; with --apply, does it. What is there stays as it is. Docs: docs/security.md.

  --apply           do it
  --user            who a service is on this cluster; accounts, orders and fulfillment by default (Confluent: sa-…)
  --passwords       makes SCRAM users too; the folder has a file with the password a user, made with a random one where there is none
  --mechanism       ${scramMechanisms.join(' or ')} (the default is the latter)
  --rotate          gives this user a new password, in its file and on the cluster: restart the service with it
  --create-topics   also the right to create their own topics; else npm run kafka:topics creates them
  --force           also on a cluster of Strimzi's, whose User Operator deletes what it did not make: use KafkaUser there
${clusterUsage}${namesUsage}
`;

const flag = { type: 'boolean', default: false } as const;
const texts = { type: 'string', multiple: true, default: [] as string[] } as const;

function read() {
  return parseArgs({
    options: {
      apply: flag,
      user: texts,
      passwords: { type: 'string' },
      mechanism: { type: 'string', default: 'SCRAM-SHA-512' },
      rotate: texts,
      'create-topics': flag,
      force: flag,
      help: { ...flag, short: 'h' },
    },
  }).values;
}
type Options = ReturnType<typeof read>;

async function main(): Promise<void> {
  const options = read();
  if (options.help) return say(usage.trim());
  const users = usersFrom(options.user);
  const names = environmentNames();
  const rules = services.flatMap((service) =>
    rulesFor(service, users[service], { create: options['create-topics'], ...names }),
  );
  const settings = clusterSettings();
  await withAdmin(settings, async (admin) => {
    await refuseStrimzi(admin, options);
    const makeUsers = await planUsers(settings, Object.values(users), options);
    const makeRules = await planRules(admin, rules);
    if (!options.apply) return say('\nNothing was changed: --apply does it.');
    await makeUsers();
    await makeRules();
    say('\nDone.');
  });
}

function usersFrom(given: readonly string[]): Record<Service, string> {
  const users: Record<Service, string> = { accounts: 'accounts', orders: 'orders', fulfillment: 'fulfillment' };
  for (const pair of given) {
    const [service = '', ...user] = pair.split('=');
    if (!isService(service) || user.join('=') === '') throw new Error(`--user ${pair}: orders=<user> is expected.`);
    users[service] = user.join('=');
  }
  return users;
}

function isService(text: string): text is Service {
  return services.some((service) => service === text);
}

async function refuseStrimzi(admin: Admin, { apply, force }: Options): Promise<void> {
  if (force || !(await isManagedByStrimzi(admin))) return;
  const reason = "This cluster is Strimzi's: its User Operator deletes users and ACLs that have no KafkaUser.";
  if (apply) throw new Error(`${reason} Nothing was changed: write KafkaUsers (k8s/), or give --force.`);
  say(`${reason} --apply will want --force.\n`);
}

/** Says what is to be done to users; what it returns does it. */
async function planUsers(
  settings: KafkaSettings,
  users: readonly string[],
  { passwords, mechanism, rotate }: Options,
): Promise<() => Promise<void>> {
  if (passwords === undefined) {
    if (rotate.length > 0) throw new Error('--rotate needs --passwords.');
    return async () => undefined;
  }
  const unknown = rotate.filter((user) => !users.includes(user));
  if (unknown.length > 0) throw new Error(`--rotate ${unknown.join(', ')}: one of ${users.join(', ')} is expected.`);
  if (!isMechanism(mechanism)) throw new Error(`--mechanism is ${scramMechanisms.join(' or ')}.`);
  const scram = new ScramUsers(settings, mechanism);
  const files = new PasswordFiles(passwords);
  const known = await scram.names();
  const missing = users.filter((user) => !known.has(user) && !rotate.includes(user));
  for (const user of users) {
    const file = files.fileOf(user);
    const [sign, change] = rotate.includes(user)
      ? ['~', `, a new password in ${file}`]
      : missing.includes(user)
        ? ['+', `, password in ${file}`]
        : ['=', files.has(user) ? '' : `, whose password is not in ${file}: --rotate ${user} makes one`];
    say(`${sign} user  ${user}  ${mechanism}${change}`);
  }
  return async () => {
    const kept = missing.map((user) => [user, files.passwordOf(user)] as const);
    const replaced = rotate.map((user) => [user, files.replace(user)] as const);
    await scram.set(new Map([...kept, ...replaced]));
  };
}

function isMechanism(text: string): text is ScramMechanism {
  return scramMechanisms.some((mechanism) => mechanism === text);
}

async function planRules(admin: Admin, rules: readonly Rule[]): Promise<() => Promise<void>> {
  const { missing, present, others } = await planAcls(admin, rules);
  const line = ({ user, operation, on, name }: Rule) => `acl   ${user}  ${operation} on ${on} ${name}`;
  for (const rule of rules) say(`${present.includes(rule) ? '=' : '+'} ${line(rule)}`);
  for (const other of others) say(`? acl   ${other}: not of ours, left`);
  return () => createAcls(admin, missing);
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
