/** A command to be run in a container. Whether the container itself is privileged cannot be seen here. */
import { any, fields, type Judge, unset } from '../judge.ts'

export const exec: Judge = fields({
  User: any,
  Privileged: unset('run privileged commands'),
  Tty: any,
  ConsoleSize: any,
  AttachStdin: any,
  AttachStdout: any,
  AttachStderr: any,
  Detach: any,
  DetachKeys: any,
  Env: any,
  WorkingDir: any,
  Cmd: any,
  Container: any,
})
