import { type Manifest, specOf } from './manifests';

/** A secret that infra/ makes: what is behind one property of it, or behind all of it. */
interface Kept {
  readonly key: RegExp;
  readonly store: 'SecretsManager' | 'ParameterStore';
  readonly property: string | undefined;
  /** Something of its shape; `$1` is what the key names. */
  readonly value: string;
}

const cluster = '1.storefront.abc.c1.kafka.us-east-1.amazonaws.com';
const kept: readonly Kept[] = [
  {
    key: /^storefront\/(accounts|orders|fulfillment)\/mongodb$/,
    store: 'SecretsManager',
    property: 'uri',
    value: 'mongodb+srv://$1:password@storefront.example.mongodb.net/$1?retryWrites=true',
  },
  {
    key: /^AmazonMSK_storefront_(accounts|orders|fulfillment|toolbox)$/,
    store: 'SecretsManager',
    property: 'password',
    value: '$1-password',
  },
  { key: /^storefront\/management$/, store: 'SecretsManager', property: 'password', value: 'password' },
  {
    key: /^\/msk\/scram\/brokers$/,
    store: 'ParameterStore',
    property: undefined,
    value: `b-${cluster}:9096,b-${cluster}:9096`,
  },
  {
    key: /^\/msk\/iam\/brokers$/,
    store: 'ParameterStore',
    property: undefined,
    value: `b-${cluster}:9098,b-${cluster}:9098`,
  },
];

export interface ExternalSecret {
  readonly secretStoreRef: { readonly name: string };
  readonly data: readonly {
    readonly secretKey: string;
    readonly remoteRef: { readonly key: string; readonly property?: string };
  }[];
}

/** What External Secrets would put into a Secret. */
export function fetched(manifest: Manifest, secretKey: string): string | undefined {
  const { data = [] } = specOf<Partial<ExternalSecret>>(manifest);
  const wanted = data.find((each) => each.secretKey === secretKey)?.remoteRef.key ?? '';
  const found = kept.find(({ key }) => key.test(wanted));
  return found && wanted.replace(found.key, found.value);
}

/** A property that is not there, or a store that does not have it. */
export function fetchFaults(manifest: Manifest, service: string | undefined): string[] {
  const { data = [] } = specOf<Partial<ExternalSecret>>(manifest);
  return data.flatMap(({ remoteRef: { key, property } }) => {
    const found = kept.find((each) => each.key.test(key));
    if (!found) return [`nobody knows what ${key} holds`];
    return [
      ...(property === found.property
        ? []
        : [`${key} has ${found.property ?? 'no property'}, not ${property ?? 'none'}`]),
      ...(service === undefined || service === found.store ? [] : [`${key} is in ${found.store}, not in ${service}`]),
    ];
  });
}
