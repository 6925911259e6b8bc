/** How EC2 is reached, and as whom; all that `sweep` takes as well. */
export const accessFlags = {
  accessKey: { type: 'string', help: 'access key id', env: 'AWS_ACCESS_KEY_ID', secret: true },
  secretKey: { type: 'string', help: 'secret access key', env: 'AWS_SECRET_ACCESS_KEY', secret: true },
  sessionToken: { type: 'string', help: 'session token of temporary keys', env: 'AWS_SESSION_TOKEN', secret: true },
  profile: {
    type: 'string',
    help: 'profile of ~/.aws/config to come as; AWS_PROFILE, else `default`',
    env: 'MACHINE_AMAZONEC2_PROFILE',
  },
  region: {
    type: 'string',
    help: "region; without one the profile's, else us-east-1",
    env: 'AWS_DEFAULT_REGION',
    envAliases: ['AWS_REGION'],
  },
  endpoint: { type: 'string', help: 'URL of the API, where it is not AWS itself', env: 'AWS_ENDPOINT' },
  insecureTransport: {
    type: 'bool',
    help: 'speak http to --amazonec2-endpoint',
    env: 'AWS_INSECURE_TRANSPORT',
  },
  retries: {
    type: 'int',
    help: 'how often a throttled or failed request is repeated (5); -1: never',
    env: 'MACHINE_AMAZONEC2_RETRIES',
  },
} as const
