/** Forms that the parameters of VPC's actions share. */
import { int, like, type Parameters, pageNumber } from '../kinds.ts'

/** VPC's pages are smaller than ECS'. */
export const pages: Parameters = { PageNumber: pageNumber, PageSize: int(1, 50) }
export const manyPages: Parameters = { PageNumber: pageNumber, PageSize: int(1, 100) }
export const name = like(/^(?!https?:\/\/).{1,128}$/, 'InvalidName')
export const about = like(/^(?!https?:\/\/).{1,256}$/s, 'InvalidDescription')
export const block = like(/^(\d{1,3}\.){3}\d{1,3}\/\d{1,2}$/, 'InvalidCidrBlock.Malformed')
