/** boto3 as the independent client: what the driver asked for is asked back by somebody else. */
import { run } from '../cli.ts'
import type { Key } from './keys.ts'
import { motoPython } from './venv.ts'

/**
 * `ec2` is a client, `client(service)` another; `show(x)` is what comes back; `code(f)` and `message(f)` call f and tell of its
 * error; `launch`, `image`, `instance`, `state` say the usual; `raw` signs and sends any form. Errors of the script are thrown
 * with their traceback.
 */
const PRELUDE = `
import boto3, botocore, datetime, json, os, sys, time
from botocore.config import Config
from botocore.exceptions import ClientError
region = os.environ["AWS_DEFAULT_REGION"]
url = os.environ["AWS_ENDPOINT"]
def client(service, region=region, **more):
    return boto3.client(service, endpoint_url=url, region_name=region,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=int(os.environ.get("BOTO_TIMEOUT", "30")), parameter_validation=False), **more)
ec2 = client("ec2")
shown = []
def show(value):
    shown.append(value)
def code(f):
    try:
        f()
        return "OK"
    except ClientError as e:
        return e.response["Error"]["Code"]
def message(f):
    try:
        f()
        return ""
    except ClientError as e:
        return e.response["Error"]["Message"]
def until(f, seconds=20):
    end = time.time() + seconds
    while not f():
        if time.time() > end:
            raise Exception("never came true")
        time.sleep(0.05)
NOBLE = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-*"
def image(name=NOBLE, owner="099720109477"):
    found = ec2.describe_images(Owners=[owner], Filters=[{"Name": "name", "Values": [name]}])["Images"]
    return sorted(found, key=lambda i: i["CreationDate"])[-1]
def launch(**more):
    asked = dict(MinCount=1, MaxCount=1, InstanceType="t3.micro")
    if not {"LaunchTemplate", "ImageId"} & set(more): asked["ImageId"] = image()["ImageId"]
    return ec2.run_instances(**{**asked, **more})["Instances"][0]
def instance(id):
    return ec2.describe_instances(InstanceIds=[id])["Reservations"][0]["Instances"][0]
def state(id):
    return instance(id)["State"]["Name"]
def raw(action, key=None, service="ec2", **parameters):
    from botocore.auth import SigV4Auth
    from botocore.awsrequest import AWSRequest
    from botocore.httpsession import URLLib3Session
    from urllib.parse import urlencode
    import re
    body = urlencode({"Action": action, "Version": "2016-11-15", **parameters})
    request = AWSRequest("POST", url, data=body, headers={"content-type": "application/x-www-form-urlencoded"})
    SigV4Auth(key or boto3.Session().get_credentials(), service, region).add_auth(request)
    response = URLLib3Session().send(request.prepare())
    found = re.search("<Code>(.*?)</Code>", response.text)
    return [response.status_code, found.group(1) if found else "OK", response.text]
def plain(value):
    if isinstance(value, bytes): return value.decode("latin1")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
`

const END = `
print("\\n" + json.dumps(shown[-1] if shown else None, default=plain))
`

interface BotoOptions {
  readonly key: Key
  readonly url: string
  readonly region: string
  readonly env?: Record<string, string | undefined>
}

export async function runBoto<T>(script: string, { key, url, region, env = {} }: BotoOptions): Promise<T> {
  const own = {
    HOME: '/nonexistent', // no files of this computer's user
    AWS_ACCESS_KEY_ID: key.accessKeyId,
    AWS_SECRET_ACCESS_KEY: key.secretAccessKey,
    AWS_SESSION_TOKEN: key.sessionToken,
    AWS_DEFAULT_REGION: region,
    AWS_ENDPOINT: url,
    AWS_PROFILE: undefined,
    AWS_EC2_METADATA_DISABLED: 'true',
    ...env,
  }
  const done = await run(motoPython() ?? 'python3', ['-B', '-'], { env: own, input: PRELUDE + script + END })
  if (done.code !== 0) throw new Error(`boto3: ${done.stderr.trim()}\n${done.stdout}`)
  return JSON.parse(done.stdout.trimEnd().split('\n').at(-1) ?? 'null')
}
