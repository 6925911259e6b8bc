/** Forms and choices that the parameters of several actions share. */
import { bools, coded, description, group, like, oneOf, sized, text } from '../kinds.ts'

/** 2-128 characters that begin with a letter (of any script) and have nothing but letters, digits and . _ : - in them. */
export const letterName = (code?: string) => like(/^(?!https?:)\p{L}[\p{L}\p{N}._:-]{1,127}$/u, code)
export const instanceName = like(
  /^(?!https?:)[\p{L}\p{N}][\p{L}\p{N}._:,[\]-]{1,127}$/u,
  'InvalidInstanceName.Malformed',
)
export const hostName = like(
  /^(?!.*([.-])[.-])[0-9A-Za-z][0-9A-Za-z.${}_-]{0,62}[0-9A-Za-z}]$/,
  'InvalidHostName.Malformed',
)
/** 8-30 characters, of three kinds at least. */
export const password = like(
  /^(?=.{8,30}$)(?:(?=.*[a-z])(?=.*[A-Z])(?=.*\d)|(?=.*[a-z])(?=.*[A-Z])(?=.*[^\w])|(?=.*[a-z])(?=.*\d)(?=.*[^\w])|(?=.*[A-Z])(?=.*\d)(?=.*[^\w]))[\w()`~!@#$%^&*+=|{}[\]:;\\"<>,.?/-]+$/,
  'InvalidPassword.Malformed',
)
export const userData = coded(
  'InvalidUserData.Base64FormatInvalid',
  like(/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/),
)
export const diskName = letterName('InvalidDiskName.Malformed')
export const diskDescription = coded('InvalidDiskDescription.Malformed', description)
export const systemCategory = coded(
  'InvalidSystemDiskCategory.ValueNotSupported',
  oneOf('cloud_essd', 'cloud_auto', 'cloud_essd_entry', 'cloud_ssd', 'cloud_efficiency', 'cloud'),
)
export const dataCategory = coded(
  'InvalidDataDiskCategory.ValueNotSupported',
  oneOf(
    'cloud_essd',
    'cloud_auto',
    'cloud_essd_entry',
    'cloud_ssd',
    'cloud_efficiency',
    'cloud',
    'cloud_regional_disk_auto',
  ),
)
export const payment = oneOf('PrePaid', 'PostPaid')
export const performanceLevel = oneOf('PL0', 'PL1', 'PL2', 'PL3')
export const chargeType = coded('InvalidInternetChargeType.ValueNotSupported', oneOf('PayByTraffic', 'PayByBandwidth'))
export const stoppedMode = oneOf('StopCharging', 'KeepCharging')
export const ioOptimized = coded('InvalidIoOptimizedValue.ValueNotSupported', oneOf('none', 'optimized'))
export const spotStrategy = coded('InvalidSpotStrategy', oneOf('NoSpot', 'SpotWithPriceLimit', 'SpotAsPriceGo'))
export const switchState = oneOf('enabled', 'disabled')
export const tokens = oneOf('optional', 'required')
export const zoneId = sized(1, 64)
export const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/
export const ipv4 = like(IPV4, 'InvalidPrivateIpAddress.Malformed')
export const privateDns = group({
  ...bools('EnableInstanceIdDnsAAAARecord EnableInstanceIdDnsARecord EnableIpDnsARecord EnableIpDnsPtrRecord'),
  HostnameType: text,
})
