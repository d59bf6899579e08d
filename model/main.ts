import { parseArgs } from 'node:util';
import type { Checked } from './checker';
import { configurations } from './configurations';
import type { Breach, Rule } from './rule';
import { rules } from './rules';

const usage = `
usage: npm run model [-- --show <rule>]

Visits every state that publisher, consumer and lane can reach within the bounds of model/README.md. With all rules each
configuration must hold; with a rule not followed its model must find what goes wrong. Exit code 1 where that is not so.

  --show R3   the shortest way to what goes wrong without rule R3, step by step
`;

const NAME_WIDTH = 100;

function main(): void {
  const shown = options();
  if (shown === undefined) checkEverything();
  else if (rules[shown]) show(shown, rules[shown]);
  else leave(2, `there is no rule ${shown} here: ${Object.keys(rules).join(' ')}`);
}

function options(): string | undefined {
  try {
    const { values } = parseArgs({ options: { show: { type: 'string' }, help: { type: 'boolean', short: 'h' } } });
    return values.help ? leave(0) : values.show?.toUpperCase();
  } catch (error) {
    return leave(2, error instanceof Error ? error.message : String(error));
  }
}

function leave(code: number, message?: string): never {
  if (message !== undefined) console.error(message);
  console.log(usage.trim());
  process.exit(code);
}

function checkEverything(): void {
  const started = performance.now();
  const failures = [...followed(), ...notFollowed()];
  console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s`);
  for (const failure of failures) console.error(failure);
  process.exitCode = failures.length > 0 ? 1 : 0;
}

function followed(): string[] {
  printRow('every rule followed', 'states', 'seconds', 'result');
  return configurations.flatMap(({ name, run }) => {
    const checked = run();
    printChecked(name, checked);
    if (checked.outcome === 'broken') printTrace(checked);
    return checked.outcome === 'holds' ? [] : [`does not hold: ${name}`];
  });
}

function notFollowed(): string[] {
  console.log();
  printRow('a rule not followed', 'states', 'seconds', 'counter-example');
  return Object.entries(rules).flatMap(([rule, { breaches }]) =>
    breaches.flatMap((breach) => {
      const checked = breach.run();
      printChecked(`${rule.padEnd(4)}${breach.instead}`, checked);
      return isFound(breach, checked) ? [] : [`not found: without ${rule}, ${breach.instead} → ${breach.leadsTo}`];
    }),
  );
}

function show(name: string, { says, breaches }: Rule): void {
  console.log(`${name}: ${says}.`);
  for (const breach of breaches) {
    const checked = breach.run();
    console.log(`\nInstead, ${breach.instead}:`);
    printTrace(checked);
    if (!isFound(breach, checked)) process.exitCode = 1;
  }
}

function isFound({ leadsTo }: Breach, { outcome, problem }: Checked): boolean {
  return outcome === 'broken' && problem.startsWith(`${leadsTo}: `);
}

function printTrace({ problem, trace }: Checked): void {
  for (const [index, label] of trace.entries()) console.log(`  ${String(index + 1).padStart(2)}  ${label}`);
  console.log(`      ${problem || 'nothing goes wrong'}`);
}

function printChecked(name: string, { outcome, problem, trace, states, seconds }: Checked): void {
  const found = `${problem.slice(0, problem.indexOf(':'))}, ${trace.length} steps`;
  const result = { holds: 'holds', broken: found, 'too large': `too large: ${problem}` }[outcome];
  printRow(name, states.toLocaleString('en'), seconds.toFixed(1), result);
}

function printRow(name: string, states: string, seconds: string, result: string): void {
  console.log(`${name.padEnd(NAME_WIDTH)}${states.padStart(10)}${seconds.padStart(9)}  ${result}`);
}

main();
