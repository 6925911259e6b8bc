import { openStore } from '../store/store.ts'

/** Names of the machines in the store at `path`, in natural order; nothing else is read. */
export const machineNames = (path: string): Promise<string[]> => openStore(path).list()
