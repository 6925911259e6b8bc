/** What a run of the engine's stand-in tells. */
export type Json = Record<string, unknown>

export interface Resource {
  readonly urn: string
  readonly id: string
  readonly inputs: Json
  readonly outputs: Json
  /** Its making failed half-way. */
  readonly failed?: boolean
}

export interface Step {
  readonly urn: string
  readonly op: 'create' | 'update' | 'replace' | 'delete' | 'read' | 'gone'
  readonly because?: string[]
  readonly deletedFirst?: boolean
}

export interface Report {
  readonly steps: Step[]
  readonly failures: string[]
  /** As the program registered them: with what of their outputs is secret, and secrets in their wire form. */
  readonly registered: { urn: string; secret: string[]; inputs: Json }[]
  /** Lines of Pulumi's log. */
  readonly lines: { severity: number; message: string; urn: string; ephemeral: boolean }[]
  readonly resources: Resource[]
}
