/** Values of requests and answers, under the names the API's documentation gives them. */
export type Value = string | number | boolean | Data | Value[]
export interface Data {
  [name: string]: Value
}

export const isData = (value: unknown): value is Data =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
