/** Parameters of ModifyInstanceSpec: the page of the API's documentation stands in the entry. */
import { bools, clientToken, group, id, int, list, need, table, text, texts } from '../kinds.ts'

export const resize = table('Ecs', '2014-05-26', {
  ModifyInstanceSpec: {
    InstanceId: need(id('i')),
    ...bools('AllowMigrateAcrossZone Async DryRun'),
    ClientToken: clientToken,
    Disk: list(16, group(texts('Category DiskId PerformanceLevel'))),
    InstanceType: text,
    InternetMaxBandwidthIn: int(1, 100),
    InternetMaxBandwidthOut: int(0, 100),
    ModifyMode: text,
    SystemDisk: group(texts('Category')),
    Temporary: group({ ...texts('StartTime EndTime'), InternetMaxBandwidthOut: int(1, 100) }),
  },
})
