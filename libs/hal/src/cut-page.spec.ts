import { cutAfter } from './cut-page';

describe('a page that is cut', () => {
  it.each([
    [{ page: 0, size: 400 }, 17, { returned: 17, next: { page: 1, size: 17 } }],
    [{ page: 1, size: 17 }, 16, { returned: 16, next: { page: 3, size: 11 } }],
    [{ page: 0, size: 20 }, 1, { returned: 1, next: { page: 1, size: 1 } }],
    [{ page: 7, size: 1 }, 1, { returned: 1, next: { page: 8, size: 1 } }],
    [{ page: 1, size: 1000 }, 9, { returned: 8, next: { page: 112, size: 9 } }],
  ])('%j after %i elements', (request, fitting, expected) => {
    expect(cutAfter(request, fitting)).toEqual(expected);
  });

  it('is followed by a page that begins where it ends, and keeps more than half of what fits', () => {
    for (const size of [2, 3, 20, 97, 1000]) {
      for (const page of [0, 1, 2, 5, 1009]) {
        for (let fitting = 1; fitting < size; fitting++) {
          const { returned, next } = cutAfter({ page, size }, fitting);
          expect(next.page * next.size).toBe(page * size + returned);
          expect(returned).toBeGreaterThan(0);
          expect(returned).toBeGreaterThanOrEqual(fitting / 2);
          expect(next.size).toBeLessThanOrEqual(fitting);
          expect(next.size).toBeGreaterThanOrEqual(fitting / 2);
        }
      }
    }
  });
});
