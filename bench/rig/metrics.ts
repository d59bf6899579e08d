/** What a service tells Prometheus now: a metric without labels by its name, undefined if there is none. */
export async function metricsOf(url: string): Promise<(name: string) => number | undefined> {
  const response = await fetch(`${url}/actuator/prometheus`);
  const text = await response.text();
  if (!response.ok) throw new Error(`${url} answered ${response.status} instead of its metrics: ${text.slice(0, 300)}`);
  return (name) => {
    const value = new RegExp(`^${name}(?:{[^}]*})? (\\S+)$`, 'm').exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
}
