import { fullDisk, told } from './disk-space';

const MIB = 2 ** 20;

test('a full disk is named in words', () => {
  expect(fullDisk('/data', () => 5.5 * MIB)).toBe(
    'The disk is full: 5 MB are free at /data. Make room there; nothing that was acknowledged is lost.',
  );
});

test('a disk with room, and one that cannot be asked, is none', () => {
  expect(fullDisk('/data', () => 32 * MIB)).toBeUndefined();
  expect(
    fullDisk('/data', () => {
      throw new Error('no such folder');
    }),
  ).toBeUndefined();
});

test.each(['ENOSPC', 'EDQUOT'])('%s says what to do', (code) => {
  const error = Object.assign(new Error(`${code}: write`), { code });
  expect(told(error)).toBe(`The disk is full (${code}: write). Make room, and start again.`);
  expect(told(new Error('another'))).toBe('another');
});
