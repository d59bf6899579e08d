// Run by lock.spec.ts as a process of its own: takes the lock when told to, many files at the same moment as others, and says which it got.
import { takeLock } from '../lock';

const [at = '0', ...files] = process.argv.slice(2);
while (Date.now() < Number(at)) {
  // on time to the millisecond, which a timer is not
}
const got = files.filter((file) => takeLock(file) !== undefined);
process.stdout.write(JSON.stringify(got));
process.stdin.resume(); // a lock whose holder is gone is anybody's
