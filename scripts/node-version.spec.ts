import { nodeTooOld } from './node-version';

test.each(['20.20.2', '22.22.3', '24.8.0'])('%s cannot run the services', (version) => {
  expect(nodeTooOld(version)).toContain(`this is ${version}`);
});

test.each(['24.9.0', '24.21.0', '26.0.0'])('%s can', (version) => {
  expect(nodeTooOld(version)).toBeUndefined();
});
