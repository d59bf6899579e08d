const mostLinks = 400;

/** What became of a link: `GET http://… as application/json: 406`. */
export type Followed = ReadonlyMap<string, number>;

/**
 * Follows every link of every document, from `root` on, with this `Accept`; returns the status of each. Of a template only what is
 * there without its parameters is followed, and links to other servers are not.
 */
export async function crawl(root: string, accept: string): Promise<Followed> {
  const { origin } = new URL(root);
  const followed = new Map<string, number>();
  const left = [root];
  for (let url = left.pop(); url !== undefined && followed.size < mostLinks; url = left.pop()) {
    if (followed.has(url)) continue;
    const answer = await fetch(url, { headers: { accept } });
    followed.set(url, answer.status);
    const text = await answer.text();
    if (/\bjson\b/.test(answer.headers.get('content-type') ?? '')) left.push(...linksIn(JSON.parse(text), origin));
  }
  return followed;
}

function linksIn(value: unknown, origin: string): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name !== 'href' || typeof member !== 'string') return linksIn(member, origin);
    const url = member.replace(/\{[?&].*\}$/, '');
    return url.startsWith(origin) && !url.includes('{') ? [url] : [];
  });
}
